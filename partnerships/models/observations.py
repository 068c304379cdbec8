"""Cross-observations: what is proposed, what was published, and where each stands.

The last word against two in one place is the database's: an observer once a half-day, a seat of a class once.
Source: docs/decisions/0038-peer-observations.md
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.dates import day_in_words
from circo.models import District, Person, School
from circo.rules import worded
from networks.models import ObservationSite, Visit
from partnerships.models.placements import OfHalfDay
from partnerships.observations import rules
from partnerships.observations.rules import CrossingKind, ObservationState

if TYPE_CHECKING:
    from circo.access import Anyone


class ObservationWish(models.Model):
    """What somebody would like to see, how far they go, and when they may come though nobody holds their class."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="observation_wish", verbose_name="personne")
    practices = models.JSONField("pratiques", default=list, blank=True)
    limit_min = models.PositiveSmallIntegerField(
        "minutes de trajet au plus",
        default=rules.LIMIT_MIN,
        validators=[
            MinValueValidator(0, "Zéro, pour rester dans votre école, ou plus."),
            MaxValueValidator(rules.LIMIT_MAX, f"Au plus {rules.LIMIT_MAX}\u00a0minutes."),
        ],
    )
    half_days = models.JSONField("demi-journées où venir", default=list, blank=True)  # of the week: `THU_AM`
    updated_at = models.DateTimeField("modifiés le", auto_now=True)

    class Meta:
        verbose_name = "souhaits d’observation"
        verbose_name_plural = "souhaits d’observation"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"Souhaits {self.pk}"


class CrossingPlanQuerySet(models.QuerySet["CrossingPlan"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts whose groups one manages."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)


class CrossingPlan(models.Model):
    """A proposal of the optimiser for one district, from a day to another. Nobody is told of it before publication."""

    district = models.ForeignKey(
        District, models.CASCADE, related_name="crossing_plans", verbose_name="circonscription"
    )
    kind = models.CharField("pour", max_length=5, choices=worded(rules.KIND_LABELS), default=CrossingKind.FREED.value)
    first_day = models.DateField("du")
    last_day = models.DateField("au")
    created_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    created_at = models.DateTimeField("demandée le", auto_now_add=True)
    solved_at = models.DateTimeField("calculée le", null=True, blank=True)
    reasons = models.JSONField("qui n’observe personne", default=list, blank=True)  # [[person, half-day, words]]
    failure = models.CharField("pourquoi le calcul s’est arrêté", max_length=300, blank=True)
    stop_asked_at = models.DateTimeField("arrêt demandé le", null=True, blank=True)

    objects = CrossingPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition d’observations croisées"
        verbose_name_plural = "propositions d’observations croisées"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="crossing_plan_days"),
            models.CheckConstraint(condition=Q(kind__in=sorted(CrossingKind)), name="crossing_plan_kind"),
        ]

    def __str__(self) -> str:
        today = timezone.localdate()
        return f"Du {day_in_words(self.first_day, today)} au {day_in_words(self.last_day, today)}"

    @property
    def is_between_sites(self) -> bool:
        return self.kind == CrossingKind.SITES

    @property
    def kind_words(self) -> str:
        return rules.KIND_LABELS[CrossingKind(self.kind)]


class CrossingLine(OfHalfDay):
    """One visit that a proposal adds to what stands."""

    plan = models.ForeignKey(CrossingPlan, models.CASCADE, related_name="lines", verbose_name="proposition")
    observer = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="qui observe")
    host = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="chez")
    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name="école")
    site = models.ForeignKey(ObservationSite, models.CASCADE, null=True, related_name="+", verbose_name="lieu")
    minutes = models.PositiveSmallIntegerField("minutes de trajet", default=0)

    class Meta:
        verbose_name = "ligne d’une proposition"
        verbose_name_plural = "lignes d’une proposition"
        ordering = ["day", "half", "observer__last_name", "observer__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "observer", "day", "half"], name="crossing_line_once"),
        ]

    def __str__(self) -> str:
        return f"ligne {self.pk}"


class PeerObservationQuerySet(models.QuerySet["PeerObservation"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, made or received; those in the schools of one's team's district."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        overseen = Q(school__district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))
        return self.filter(Q(observer_id=person.pk) | Q(host_id=person.pk) | overseen)

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)

    def of(self, person: Person) -> Self:
        """One's own, made or received."""
        return self.filter(Q(observer_id=person.pk) | Q(host_id=person.pk))

    def between_sites(self, is_so: bool = True) -> Self:
        """The visits to an observation site; else those of whom students free."""
        return self.filter(site__isnull=not is_so)

    def seated(self) -> Self:
        return self.filter(state__in=sorted(rules.SEATED))

    def coming(self) -> Self:
        """Those that stand, and are not over."""
        return self.filter(state__in=sorted(rules.COMING), day__gte=timezone.localdate())

    def on(self, half_day: HalfDay) -> Self:
        return self.filter(day=half_day.day, half=half_day.half)

    def between(self, first: date, last: date) -> Self:
        return self.filter(day__range=(first, last))


class PeerObservation(OfHalfDay):
    """A teacher in the class of a colleague who teaches then. `visit` stands once it is accepted.

    Without a `site`, students hold the class of who observes; with one, who observes said when to come.
    """

    observer = models.ForeignKey(Person, models.CASCADE, related_name="observations_made", verbose_name="qui observe")
    host = models.ForeignKey(Person, models.CASCADE, related_name="observations_received", verbose_name="chez")
    school = models.ForeignKey(School, models.CASCADE, related_name="peer_observations", verbose_name="école")
    site = models.ForeignKey(
        ObservationSite, models.CASCADE, null=True, blank=True, related_name="peer_observations", verbose_name="lieu"
    )
    seat = models.PositiveSmallIntegerField("place", null=True, blank=True)
    state = models.CharField(
        "état", max_length=9, choices=worded(rules.STATE_LABELS), default=ObservationState.PROPOSED.value
    )
    plan = models.ForeignKey(
        CrossingPlan, models.SET_NULL, null=True, related_name="observations", verbose_name="proposition"
    )
    visit = models.OneToOneField(Visit, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="visite")
    word = models.CharField("mot", max_length=rules.WORD_MAX, blank=True)  # for the team alone
    ended_by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="par")
    swap_with = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="swaps_asked", verbose_name="échange demandé avec"
    )
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by", verbose_name="à la place de"
    )
    published_at = models.DateTimeField("publiée le", default=timezone.now)
    sequence = models.PositiveSmallIntegerField("version", default=0)  # of what is told

    objects = PeerObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "observation croisée"
        verbose_name_plural = "observations croisées"
        ordering = ["day", "half", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["observer", "day", "half"],
                condition=Q(state__in=sorted(rules.SEATED)),
                name="peer_observer_once",
            ),
            models.UniqueConstraint(fields=["host", "day", "half", "seat"], name="peer_seat_once"),
            models.CheckConstraint(
                condition=Q(seat__isnull=False, state__in=sorted(rules.SEATED))
                | Q(seat__isnull=True, state__in=sorted(set(ObservationState) - rules.SEATED)),
                name="peer_seated_or_not",
            ),
            models.CheckConstraint(
                condition=Q(seat__isnull=True) | Q(seat__range=(1, rules.SEATS_MAX)), name="peer_seat_number"
            ),
            models.CheckConstraint(condition=~Q(observer=F("host")), name="peer_not_oneself"),
            models.CheckConstraint(condition=Q(state__in=sorted(ObservationState)), name="peer_state"),
        ]
        indexes = [models.Index(fields=["day", "half", "state"], name="peer_on_half_day")]

    def __str__(self) -> str:
        return f"Observation {self.pk}"

    @property
    def state_words(self) -> str:
        return rules.STATE_LABELS[ObservationState(self.state)]
