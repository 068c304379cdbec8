"""Meetings of groups, the polls that date them, who came, and their documents."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.attaching.rules import KIND_LABELS
from circo.hours.rules import Mode
from circo.models import CountingMixin, Person, School
from circo.rules import worded
from networks.meetings import rules
from networks.meetings.rules import MeetingState, Presence, Way
from networks.models.groups import MutualisationGroup
from networks.models.places import Booking
from networks.places.rules import Slot

if TYPE_CHECKING:
    from circo.access import Anyone


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the groups that one sees."""
        return self.filter(group__in=MutualisationGroup.objects.visible_to(person).order_by().values("pk"))

    def read_by(self, person: Anyone) -> Self:
        """Those whose minutes and documents one reads: of one's circles, and what these open to the team."""
        circle = MutualisationGroup.objects.in_circle_of(person).order_by().values("pk")
        return self.visible_to(person).filter(Q(group__in=circle) | Q(is_open_to_team=True))

    def editable_by(self, person: Anyone) -> Self:
        """Those that one organises: of the groups that one manages or animates, or called by oneself as a member."""
        if not person.is_authenticated:
            return self.none()
        managed = MutualisationGroup.objects.editable_by(person).order_by().values("pk")
        led = MutualisationGroup.objects.in_circle_of(person).filter(adviser_id=person.pk).order_by().values("pk")
        own = MutualisationGroup.objects.of_member(person).order_by().values("pk")
        mine = Q(organiser_id=person.pk, group__in=own)
        return self.filter(Q(group__in=managed) | Q(group__in=led) | mine)

    def attended_by(self, person: Anyone) -> Self:
        """Those to which one is called: of one's circles."""
        return self.filter(group__in=MutualisationGroup.objects.in_circle_of(person).order_by().values("pk"))


def _dated() -> Q:
    """A date, or a poll that looks for it; a cancelled meeting keeps what it had."""
    dated = Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at"))
    undated = Q(starts_at=None, ends_at=None)
    return (
        Q(state__in=(MeetingState.PLANNED, MeetingState.HELD)) & dated
        | Q(state=MeetingState.POLLING) & undated
        | Q(state=MeetingState.CANCELLED) & (dated | undated)
    )


class Meeting(CountingMixin):
    """A group meets, or looks for a date to."""

    group = models.ForeignKey(MutualisationGroup, models.CASCADE, related_name="meetings", verbose_name="groupe")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    state = models.CharField(
        "état", max_length=9, choices=worded(rules.STATE_LABELS), default=MeetingState.PLANNED.value
    )
    starts_at = models.DateTimeField("de", null=True, blank=True)
    ends_at = models.DateTimeField("à", null=True, blank=True)
    booking = models.OneToOneField(
        Booking, models.SET_NULL, null=True, blank=True, related_name="meeting", verbose_name="réservation"
    )
    school = models.ForeignKey(School, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="école")
    where = models.CharField("autre lieu", max_length=rules.WHERE_MAX, blank=True)
    link = models.URLField("lien", max_length=500, blank=True, validators=[URLValidator(["https"], code="https")])
    agenda = models.TextField("ordre du jour", max_length=rules.TEXT_MAX, blank=True)
    minutes = models.TextField("compte rendu", max_length=rules.TEXT_MAX, blank=True)
    minutes_revision = models.PositiveIntegerField(default=0, editable=False)
    is_open_to_team = models.BooleanField(
        "ouvert à l’équipe",
        default=False,
        help_text="L’équipe de circonscription lit aussi le compte rendu et les documents.",
    )
    organiser = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="organised_meetings", verbose_name="proposée par"
    )
    answers_until = models.DateField("réponses jusqu’au", null=True, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of iCalendar: one more at each change
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta(CountingMixin.Meta):
        verbose_name = "rencontre"
        ordering = ["-starts_at", "-pk"]
        indexes = [
            models.Index(fields=["group", "state", "starts_at"], name="meeting_of_group"),
            models.Index(fields=["state", "starts_at"], name="meeting_coming"),
        ]
        constraints = [
            *CountingMixin.Meta.constraints,
            models.CheckConstraint(condition=_dated(), name="meeting_dated"),
            models.CheckConstraint(
                condition=Q(state=MeetingState.CANCELLED, cancelled_at__isnull=False)
                | ~Q(state=MeetingState.CANCELLED) & Q(cancelled_at=None),
                name="meeting_cancelled_some_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def slot(self) -> Slot | None:
        """Its hours, local; none as long as its date is looked for."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return Slot(timezone.localtime(self.starts_at), timezone.localtime(self.ends_at))

    @property
    def duration_minutes(self) -> int:
        return int(self.slot.length.total_seconds()) // 60 if self.slot else 0

    @property
    def source(self) -> str:
        """How the account of hours names it."""
        return f"networks.meeting:{self.pk}"

    @property
    def place_words(self) -> str:
        """Where it is, in words."""
        if self.booking is not None and self.booking.cancelled_at is None:
            return self.booking.place.name
        if self.school is not None:
            return str(self.school)
        return self.where or ("En ligne" if self.link else "")

    @property
    def mode(self) -> Mode:
        """How the hours count: at a distance if there is but a link."""
        room = self.booking.place if self.booking is not None and self.booking.cancelled_at is None else None
        is_somewhere = self.school_id is not None or bool(self.where) or (room is not None and not room.is_digital)
        return Mode.IN_PERSON if is_somewhere or not (self.link or room) else Mode.SYNCHRONOUS


class PollOption(models.Model):
    """A moment proposed to a group."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="options")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "starts_at", "ends_at"], name="poll_option_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="poll_option_in_order"),
        ]

    def __str__(self) -> str:
        return str(self.slot)

    @property
    def slot(self) -> Slot:
        return Slot(timezone.localtime(self.starts_at), timezone.localtime(self.ends_at))


class PollAnswer(models.Model):
    """What one person answers to one moment."""

    option = models.ForeignKey(PollOption, models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, models.CASCADE, related_name="poll_answers")
    choice = models.CharField(max_length=9, choices=worded(rules.CHOICE_LABELS))
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["option", "person"], name="poll_answer_once")]

    def __str__(self) -> str:
        return f"{self.option_id} {self.choice}"


class Attendance(models.Model):
    """Whether one person was at one meeting; unconfirmed as long as the person alone says so."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(Person, models.CASCADE, related_name="attendances")
    presence = models.CharField("présence", max_length=8, choices=worded(rules.PRESENCE_LABELS))
    minutes = models.PositiveSmallIntegerField("minutes de présence", null=True, blank=True)
    way = models.CharField("su par", max_length=4, choices=worded(rules.WAY_LABELS))
    recorded_at = models.DateTimeField("noté le", auto_now=True)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="confirmé par"
    )

    class Meta:
        ordering = ["person__last_name", "person__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once"),
            # Nobody's own word is enough to count hours.
            models.CheckConstraint(
                condition=~Q(way=Way.SELF, presence=Presence.PRESENT, confirmed_by=F("person")),
                name="attendance_not_confirmed_by_oneself",
            ),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(presence=Presence.PRESENT), name="attendance_minutes_of_who_came"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_presence_display()}"

    @property
    def counts(self) -> bool:
        return self.presence == Presence.PRESENT and self.confirmed_at is not None


class MeetingDocumentQuerySet(models.QuerySet["MeetingDocument"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the meetings whose papers one reads."""
        return self.filter(meeting__in=Meeting.objects.read_by(person).order_by().values("pk"), removed_at=None)

    def editable_by(self, person: Anyone) -> Self:
        """Of those that one reads, removed ones too: one's own, and those of the meetings that one organises."""
        if not person.is_authenticated:
            return self.none()
        read = Meeting.objects.read_by(person).order_by().values("pk")
        organised = Meeting.objects.editable_by(person).order_by().values("pk")
        return self.filter(Q(attached_by_id=person.pk) | Q(meeting__in=organised), meeting__in=read)


class MeetingDocument(models.Model):
    """A file attached to a meeting, under a name of ours. It leaves as an attachment, and opens in no page of ours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="documents", verbose_name="rencontre")
    kind = models.CharField("sorte", max_length=4, choices=worded(KIND_LABELS))
    name = models.CharField("nom", max_length=120)
    size_bytes = models.PositiveIntegerField("taille en octets")
    attached_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, related_name="meeting_documents", verbose_name="joint par"
    )
    created_at = models.DateTimeField("joint le", auto_now_add=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = MeetingDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document d’une rencontre"
        verbose_name_plural = "documents des rencontres"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.name
