"""Sharing days, who moved one from a state to another, and what a district decides of its days.

Source: docs/decisions/0028-sharing-days.md
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.calendar.rules import HALVES, Half
from circo.documents.rules import Slot, weekday
from circo.hours.rules import Counting
from circo.models import CountingMixin, District, Person, SchoolYear
from circo.models.folding import folded_column
from circo.rules import worded
from events.convening.rules import CALLED
from events.days import rules
from events.days.rules import DayState
from events.models.state_moves import StateMove
from networks.models import Booking, ThirdPlace

if TYPE_CHECKING:
    from circo.access import Anyone


class DayRulesQuerySet(models.QuerySet["DayRules"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.PREPARE_DAYS))


class DayRules(models.Model):
    """What a district decides of its days; no row means the defaults of the fields."""

    district = models.OneToOneField(
        District,
        models.CASCADE,
        related_name="day_rules",
        verbose_name="circonscription",
        error_messages={"unique": "Les réglages de cette circonscription existent déjà : modifiez-les."},
    )
    days_a_year = models.PositiveSmallIntegerField(
        "journées par an",
        default=rules.DAYS_A_YEAR,
        validators=[
            MinValueValidator(1, "Au moins une."),
            MaxValueValidator(rules.DAYS_A_YEAR_MOST, f"Au plus {rules.DAYS_A_YEAR_MOST}."),
        ],
        help_text="Une de plus est refusée.",
    )
    leaving_percent = models.PositiveSmallIntegerField(
        "part d’une école absente à la fois, en pour cent",
        default=rules.LEAVING_PERCENT,
        validators=[MinValueValidator(1, "Au moins 1."), MaxValueValidator(100, "Au plus 100.")],
        help_text="Au-delà, l’école est signalée, et l’on propose qui garder. Un enseignant peut toujours partir.",
    )
    leaving_most = models.PositiveSmallIntegerField(
        "et au plus",
        null=True,
        blank=True,
        validators=[MinValueValidator(1, "Au moins un."), MaxValueValidator(50, "Au plus 50.")],
        help_text="Enseignants d’une même école. Vide\u00a0: la part suffit.",
    )

    is_leaving_limited = models.BooleanField(
        "refuser au-delà",
        default=False,
        help_text="Les convocations ne partent plus tant qu’une école en perdrait trop, sauf exception.",
    )

    objects = DayRulesQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réglages des journées"
        verbose_name_plural = "réglages des journées"
        ordering = ["district__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(days_a_year__range=(1, rules.DAYS_A_YEAR_MOST)) & Q(leaving_percent__range=(1, 100)),
                name="day_rules_bounds",
            )
        ]

    def __str__(self) -> str:
        return f"Journées, {self.district}"


class SharingDayQuerySet(models.QuerySet["SharingDay"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those that one prepares; those announced in the districts where one works, or to which one is called, or
        somebody of the district whose team one belongs to.
        """
        if not person.is_authenticated or not person.is_active:
            return self.none()
        reach = person.reach()
        announced = Q(state__in=rules.SHOWN, published_at__isnull=False)
        called = Q(convocations__person_id=person.pk, convocations__sent_at__isnull=False)
        away = Q(
            convocations__guest_of__in=reach.district_ids_for(Permission.VIEW_TEAM), convocations__state__in=CALLED
        )
        mine = self.model.objects.filter(called | away).order_by().values("pk")
        prepared = Q(district_id__in=reach.district_ids_for(Permission.PREPARE_DAYS))
        return self.filter(prepared | announced & (Q(district_id__in=reach.district_ids) | Q(pk__in=mine)))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.PREPARE_DAYS))

    def sendable_by(self, person: Anyone) -> Self:
        """Those whose convocations one sends."""
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.CONVENE))

    def overseen_by(self, person: Anyone) -> Self:
        """Those of the team's districts, prepared ones too."""
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def standing(self) -> Self:
        """All but the cancelled ones."""
        return self.exclude(state=DayState.CANCELLED)


def _published_some_day() -> Q:
    return (
        Q(state=DayState.DRAFT, published_at=None)
        | Q(state__in=(DayState.PUBLISHED, DayState.HELD, DayState.CLOSED), published_at__isnull=False)
        | Q(state=DayState.CANCELLED)
    )


class SharingDay(CountingMixin):
    """One date of one district on which its networks meet, because substitutes take the classes."""

    district = models.ForeignKey(District, models.PROTECT, related_name="sharing_days", verbose_name="circonscription")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="année scolaire")
    rank = models.PositiveSmallIntegerField("numéro dans l’année")
    on = models.DateField("date")
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    theme = models.CharField("thème", max_length=rules.THEME_MAX, blank=True)
    words = models.TextField("présentation", max_length=rules.TEXT_MAX, blank=True)
    place = models.ForeignKey(
        ThirdPlace, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="tiers-lieu"
    )
    booking = models.OneToOneField(
        Booking, models.SET_NULL, null=True, blank=True, related_name="sharing_day", verbose_name="réservation"
    )
    where = models.CharField("autre lieu, et son adresse", max_length=rules.WHERE_MAX, blank=True)
    morning_starts = models.TimeField("matin, de", default=rules.MORNING[0])
    morning_ends = models.TimeField("à", default=rules.MORNING[1])
    afternoon_starts = models.TimeField("après-midi, de", default=rules.AFTERNOON[0])
    afternoon_ends = models.TimeField("à", default=rules.AFTERNOON[1])
    # What the letters say.
    reference = models.CharField("numéro du dispositif", max_length=60, blank=True)
    meal = models.CharField("repas", max_length=rules.SHORT_MAX, blank=True)
    is_mission_order = models.BooleanField("la convocation vaut ordre de mission", default=True)
    costs_borne_by = models.CharField("frais pris en charge par", max_length=rules.SHORT_MAX, blank=True)
    reply_by = models.DateField("réponses jusqu’au", null=True, blank=True)
    state = models.CharField("état", max_length=9, choices=worded(rules.STATE_LABELS), default=DayState.DRAFT.value)
    sequence = models.PositiveIntegerField(default=0, editable=False)  # of iCalendar: one more at each change
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="choisie par")
    created_at = models.DateTimeField("choisie le", default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField("annoncée le", null=True, blank=True)
    programme_at = models.DateTimeField("programme montré le", null=True, blank=True)
    wishes_until = models.DateField("vœux d’ateliers jusqu’au", null=True, blank=True)
    assigned_at = models.DateTimeField("places des ateliers données le", null=True, blank=True)
    given = models.JSONField("ce qu’il en est des places", null=True, blank=True, editable=False)  # giving.Given
    seats_stop_asked_at = models.DateTimeField("arrêt du calcul des places demandé le", null=True, editable=False)
    seats_failure = models.CharField("pourquoi les places n’ont pas été données", max_length=300, blank=True)
    cancelled_at = models.DateTimeField("annulée le", null=True, blank=True)

    folded = folded_column("title", "theme")

    objects = SharingDayQuerySet.as_manager()

    class Meta(CountingMixin.Meta):
        verbose_name = "journée des partages"
        verbose_name_plural = "journées des partages"
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["on", "state"], name="sharing_day_dates")]
        constraints = [
            *CountingMixin.Meta.constraints,
            # With the number of days a year, which bounds the ranks: that no race gives one day too many.
            models.UniqueConstraint(
                fields=["district", "school_year", "rank"],
                condition=~Q(state=DayState.CANCELLED),
                name="sharing_day_rank_once",
            ),
            models.UniqueConstraint(
                fields=["district", "on"], condition=~Q(state=DayState.CANCELLED), name="sharing_day_date_once"
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="sharing_day_ranked"),
            models.CheckConstraint(
                condition=Q(morning_starts__lt=F("morning_ends"), morning_ends__lte=F("afternoon_starts"))
                & Q(afternoon_starts__lt=F("afternoon_ends")),
                name="sharing_day_hours",
            ),
            models.CheckConstraint(condition=_published_some_day(), name="sharing_day_published"),
            models.CheckConstraint(
                condition=Q(state=DayState.CANCELLED, cancelled_at__isnull=False)
                | ~Q(state=DayState.CANCELLED) & Q(cancelled_at=None),
                name="sharing_day_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {weekday(self.on)}"

    @property
    def hours(self) -> rules.Hours:
        return rules.Hours((self.morning_starts, self.morning_ends), (self.afternoon_starts, self.afternoon_ends))

    @property
    def duration_minutes(self) -> int:
        return sum(self.hours.minutes(half) for half in HALVES)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Its hours, as letters print them."""
        return tuple(Slot(self.on, *self.hours.of(half)) for half in HALVES)

    def at(self, half: Half) -> tuple[datetime, datetime]:
        """The instants at which a half-day of it begins and ends."""
        starts, ends = self.hours.of(half)
        return self.instant(starts), self.instant(ends)

    def instant(self, at: time) -> datetime:
        return datetime.combine(self.on, at, timezone.get_current_timezone())

    @property
    def holds_place(self) -> bool:
        """Whether its third place is booked for it."""
        return self.booking is not None and self.booking.cancelled_at is None

    @property
    def place_words(self) -> str:
        """Where it is, in words; without the address of a third place."""
        return self.place.name if self.place is not None else self.where

    @property
    def address(self) -> str:
        return self.place.address if self.place is not None else ""

    @property
    def source(self) -> str:
        """How the account of hours names it."""
        return f"events.sharingday:{self.pk}"

    @property
    def counts(self) -> bool:
        return self.counting != Counting.NOT


class DayMove(StateMove):
    """One move of a day: to which state, who made it, and when. Nobody edits it."""

    day = models.ForeignKey(SharingDay, models.CASCADE, related_name="moves", verbose_name="journée")
    state = models.CharField("état", max_length=9, choices=worded(rules.STATE_LABELS))
