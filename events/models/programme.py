"""The programme of a sharing day: its moments, its workshops, and where each person sits.

Source: docs/decisions/0028-sharing-days.md
"""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.calendar.rules import Half
from circo.documents.rules import hour
from circo.models import Person
from circo.rules import worded
from events.models.convocations import Convocation
from events.models.days import SharingDay
from events.programme import rules
from events.programme.rules import Moment, SlotKind


class Slot(models.Model):
    """A moment of a day: all together, at workshops of one's choice, or at table."""

    day = models.ForeignKey(SharingDay, models.CASCADE, related_name="programme", verbose_name="journée")
    starts = models.TimeField("de")
    ends = models.TimeField("à")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    kind = models.CharField("sorte", max_length=9, choices=worded(rules.KIND_LABELS), default=SlotKind.TOGETHER.value)
    where = models.CharField("salle", max_length=rules.ROOM_MAX, blank=True)

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "starts"], name="programme_slot_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="programme_slot_in_order"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def moment(self) -> Moment:
        return Moment(self.starts, self.ends, self.title)

    @property
    def half(self) -> Half:
        return rules.half_of(self.starts, self.day.hours)

    @property
    def mark(self) -> str:
        return rules.mark_of(self.starts, self.ends, self.title, self.kind, self.where)

    @property
    def in_words(self) -> str:
        """All that it says, for who was writing something else."""
        said = (self.title, f"de {hour(self.starts)} à {hour(self.ends)}", self.get_kind_display(), self.where)
        return ", ".join(one for one in said if one)


class Workshop(models.Model):
    """What some people propose to others during a day."""

    day = models.ForeignKey(SharingDay, models.CASCADE, related_name="workshops", verbose_name="journée")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    words = models.TextField("présentation", max_length=rules.TEXT_MAX, blank=True)
    facilitators = models.ManyToManyField(Person, blank=True, related_name="workshops", verbose_name="animé par")
    others = models.CharField("et aussi", max_length=rules.NAMES_MAX, blank=True)
    materials = models.CharField("matériel", max_length=rules.MATERIALS_MAX, blank=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["day", "title"], condition=Q(removed_at=None), name="workshop_title_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def mark(self) -> str:
        """Reads who leads it."""
        people = sorted(self.facilitators.values_list("pk", flat=True))
        return rules.mark_of(self.title, self.words, people, self.others, self.materials)

    @property
    def in_words(self) -> str:
        """All that it says, for who was writing something else. Reads who leads it."""
        return " · ".join(one for one in (self.title, self.words, self.led_by, self.materials) if one)

    @property
    def led_by(self) -> str:
        """Who animates it, in words."""
        names = [str(person) for person in self.facilitators.all()]
        return ", ".join([*names, self.others] if self.others else names)


class WorkshopSessionQuerySet(models.QuerySet["WorkshopSession"]):
    def standing(self) -> Self:
        """All but the cancelled ones."""
        return self.filter(cancelled_at=None)


class WorkshopSession(models.Model):
    """A workshop at one moment, in one room, for so many people."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="sessions", verbose_name="moment")
    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="sessions", verbose_name="atelier")
    room = models.CharField("salle", max_length=rules.ROOM_MAX, blank=True)
    capacity = models.PositiveSmallIntegerField(
        "places",
        validators=[
            MinValueValidator(1, "Un atelier a au moins une place."),
            MaxValueValidator(rules.CAPACITY_MAX, f"Un atelier a au plus {rules.CAPACITY_MAX}\u00a0places."),
        ],
    )
    opens_from = models.PositiveSmallIntegerField("ouvre à partir de", null=True, blank=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, editable=False)
    had_seats = models.JSONField("qui y avait une place", default=list, editable=False)  # convocations, once cancelled

    objects = WorkshopSessionQuerySet.as_manager()

    class Meta:
        ordering = ["slot__starts", "workshop__title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot", "workshop"], condition=Q(cancelled_at=None), name="workshop_once_a_slot"
            ),
            models.UniqueConstraint(
                fields=["slot", "room"], condition=~Q(room="") & Q(cancelled_at=None), name="workshop_room_once_a_slot"
            ),
            models.CheckConstraint(condition=Q(capacity__range=(1, rules.CAPACITY_MAX)), name="workshop_capacity"),
            models.CheckConstraint(
                condition=Q(opens_from=None) | Q(opens_from__gte=1, opens_from__lte=F("capacity")),
                name="workshop_opens_from",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workshop}, {self.slot}"

    @property
    def mark(self) -> str:
        return rules.mark_of(self.room, self.capacity, self.opens_from)

    @property
    def in_words(self) -> str:
        """All that it says, for who was writing something else."""
        opens = f"à partir de {self.opens_from}" if self.opens_from else ""
        return ", ".join(one for one in (self.room, f"{self.capacity}\u00a0places", opens) if one)


class WorkshopWish(models.Model):
    """One of the sessions that somebody would like at a moment, in order."""

    convocation = models.ForeignKey(Convocation, models.CASCADE, related_name="wishes", verbose_name="convocation")
    session = models.ForeignKey(WorkshopSession, models.CASCADE, related_name="wishes", verbose_name="séance")
    slot = models.ForeignKey(Slot, models.CASCADE, related_name="wishes", verbose_name="moment")
    rank = models.PositiveSmallIntegerField("rang")

    class Meta:
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["convocation", "slot", "rank"], name="workshop_wish_ranked"),
            models.UniqueConstraint(fields=["convocation", "session"], name="workshop_wish_once"),
            models.CheckConstraint(condition=Q(rank__range=(1, rules.WISHES)), name="workshop_wish_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.rank}. {self.session_id}"


class _OfSlot(models.Model):
    """One person, one session, at most one a moment."""

    convocation = models.ForeignKey(Convocation, models.CASCADE, verbose_name="convocation")
    session = models.ForeignKey(WorkshopSession, models.CASCADE, verbose_name="séance")
    slot = models.ForeignKey(Slot, models.CASCADE, verbose_name="moment")
    since = models.DateTimeField("depuis le", default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["since", "pk"]
        default_related_name = "%(class)ss"
        constraints = [models.UniqueConstraint(fields=["convocation", "slot"], name="%(class)s_once_a_slot")]

    def __str__(self) -> str:
        return f"{self.convocation_id}: {self.session_id}"


class WorkshopSeat(_OfSlot):
    """Where somebody sits."""

    class Meta(_OfSlot.Meta):
        pass


class WorkshopWait(_OfSlot):
    """Where somebody would rather sit, once there is room or somebody exchanges."""

    class Meta(_OfSlot.Meta):
        pass
