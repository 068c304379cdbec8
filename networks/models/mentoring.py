"""Mentoring pairs and what is theirs alone: goals, meetings, messages. No history, no admin, no search.

No scope of this file knows the technical administrator, a team or a district: only the two.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.models import CountingMixin, District, Person
from circo.models.sealed import SealedField
from networks.mentoring import rules
from networks.mentoring.rules import State

if TYPE_CHECKING:
    from circo.access import Anyone

STATES = [(state.value, state.value) for state in State]


class MentoringPairQuerySet(models.QuerySet["MentoringPair"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own: those of which one is one of the two, whatever else one may see."""
        if person.pk is None or not person.is_active:
            return self.none()
        return self.filter(Q(newcomer_id=person.pk) | Q(mentor_id=person.pk))

    def introduced_by(self, person: Anyone) -> Self:
        """Those that one has introduced: their existence, and whether they are on."""
        if person.pk is None:
            return self.none()
        districts = person.reach().district_ids
        return self.filter(introduced_by_id=person.pk, district_id__in=districts)


class MentoringPair(models.Model):
    district = models.ForeignKey(District, models.PROTECT, related_name="+")
    newcomer = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    mentor = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    introduced_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default=State.PROPOSED)
    created_at = models.DateTimeField(default=timezone.now)
    newcomer_accepted_at = models.DateTimeField(null=True)
    mentor_accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    erasure_asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    number = models.PositiveIntegerField(default=0)  # of the last change of the thread
    newcomer_read = models.PositiveIntegerField(default=0)  # the last message that each has read
    mentor_read = models.PositiveIntegerField(default=0)

    objects = MentoringPairQuerySet.as_manager()

    class Meta:
        verbose_name = "binôme de mentorat"
        verbose_name_plural = "binômes de mentorat"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(newcomer=F("mentor")), name="mentoring_pair_of_two"),
            models.UniqueConstraint(
                fields=["newcomer", "mentor"], condition=Q(state__in=rules.OPEN), name="mentoring_pair_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=rules.THREADED)
                | Q(newcomer_accepted_at__isnull=False, mentor_accepted_at__isnull=False),
                name="mentoring_pair_accepted_by_both",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ENDED, ended_at__isnull=False) | (~Q(state=State.ENDED) & Q(ended_at=None)),
                name="mentoring_pair_ended_some_day",
            ),
        ]

    def __str__(self) -> str:
        return "un binôme de mentorat"  # it is listed where a person is deleted: nothing is told of it

    def side_of(self, person: Person) -> str:
        """Which of the two a person is: the beginning of the names of the columns that are that side's."""
        return "newcomer" if self.newcomer_id == person.pk else "mentor"

    def other_of(self, person: Person) -> Person | None:
        return self.mentor if self.side_of(person) == "newcomer" else self.newcomer

    def read_by(self, person: Person) -> int:
        return getattr(self, f"{self.side_of(person)}_read")

    @property
    def drafts_place(self) -> str:
        """Where its drafts are kept (circo.drafts)."""
        return f"mentoring:{self.pk}"

    @property
    def is_on(self) -> bool:
        return self.state == State.ON


class OfPairQuerySet[Row: models.Model](models.QuerySet[Row]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of one's own pairs, once they have begun."""
        pairs = MentoringPair.objects.visible_to(person).filter(state__in=rules.THREADED).order_by()
        return self.filter(pair__in=pairs.values("pk"))


class WrittenQuerySet[Row: models.Model](OfPairQuerySet[Row]):
    """What one of the two writes: removed with a way back."""

    def visible_to(self, person: Anyone) -> Self:
        return super().visible_to(person).filter(removed_at=None)

    def editable_by(self, person: Anyone) -> Self:
        """One's own words."""
        return self.visible_to(person).filter(author_id=person.pk)

    def restorable_by(self, person: Anyone) -> Self:
        """One's own words that one has just removed."""
        since = timezone.now() - rules.UNDO
        return super().visible_to(person).filter(author_id=person.pk, removed_at__gte=since)


class MentoringMessageQuerySet(WrittenQuerySet["MentoringMessage"]):
    def editable_by(self, person: Anyone) -> Self:
        """One's own of the last minutes; an older one can still be removed."""
        return super().editable_by(person).filter(created_at__gte=timezone.now() - rules.EDITABLE_FOR)

    def removable_by(self, person: Anyone) -> Self:
        return self.visible_to(person).filter(author_id=person.pk)


class MentoringMessage(models.Model):
    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    pair = models.ForeignKey(MentoringPair, models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, models.CASCADE, related_name="+")
    text = SealedField()
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = MentoringMessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message de mentorat"
        verbose_name_plural = "messages de mentorat"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["pair", "number"], name="mentoring_message_number_once")]

    def __str__(self) -> str:
        return "un message"

    @property
    def editable_until(self) -> datetime:
        return self.created_at + rules.EDITABLE_FOR

    @property
    def can_be_edited(self) -> bool:
        return timezone.now() < self.editable_until


class MentoringGoal(models.Model):
    """What the newcomer wishes, in one's own words."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    pair = models.ForeignKey(MentoringPair, models.CASCADE, related_name="goals")
    author = models.ForeignKey(Person, models.CASCADE, related_name="+")
    text = SealedField()
    created_at = models.DateTimeField(default=timezone.now)
    reached_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    objects = WrittenQuerySet["MentoringGoal"].as_manager()

    class Meta:
        verbose_name = "objectif de mentorat"
        verbose_name_plural = "objectifs de mentorat"
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return "un objectif"


class MentoringMeeting(models.Model):
    """When the two meet, where, and whether each says that it took place."""

    pair = models.ForeignKey(MentoringPair, models.CASCADE, related_name="meetings")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    place = SealedField()  # a place, or a link
    cancelled_at = models.DateTimeField(null=True)
    newcomer_held_at = models.DateTimeField(null=True)
    mentor_held_at = models.DateTimeField(null=True)
    newcomer_counts = models.BooleanField(default=False)  # asks that the hours be counted
    mentor_counts = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = OfPairQuerySet["MentoringMeeting"].as_manager()

    class Meta:
        verbose_name = "rencontre de mentorat"
        verbose_name_plural = "rencontres de mentorat"
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(newcomer_held_at=None, mentor_held_at=None),
                name="mentoring_meeting_held_or_cancelled",
            )
        ]

    def __str__(self) -> str:
        return "une rencontre"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_held(self) -> bool:
        return self.newcomer_held_at is not None and self.mentor_held_at is not None

    @property
    def link(self) -> str:
        """The place, if it is an address to follow."""
        try:
            URLValidator(schemes=["https", "http"])(self.place)
        except ValidationError:
            return ""
        return self.place


class MentoringSettingsQuerySet(models.QuerySet["MentoringSettings"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))


class MentoringSettings(CountingMixin):
    """What a district counts of mentoring in the 18 hours; no row: nothing."""

    district = models.OneToOneField(
        District,
        models.CASCADE,
        related_name="mentoring_settings",
        verbose_name="circonscription",
        error_messages={"unique": "Les réglages de cette circonscription existent déjà\u00a0: modifiez-les."},
    )

    objects = MentoringSettingsQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta(CountingMixin.Meta):
        abstract = False
        verbose_name = "réglage du mentorat"
        verbose_name_plural = "réglages du mentorat"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Mentorat, {self.district}"
