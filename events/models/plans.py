"""Cover plans: which substitute takes which class, as immutable versions once published.

Source: docs/decisions/0030-brigade.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.models import Departement, Person
from circo.rules import HALF_WORDS, worded
from events.days.rules import DayState
from events.models.days import SharingDay
from events.models.needs import CoverNeed
from events.models.state_moves import StateMove
from events.plans import rules
from events.plans.rules import LinkKind, PlanState

if TYPE_CHECKING:
    from circo.access import Anyone


class CoverPlanQuerySet(models.QuerySet["CoverPlan"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those that concern a district in which one plans, the whole of them: a plan is one answer to all."""
        districts = person.reach().district_ids_for(Permission.PLAN_COVER)
        held = CoverPlanDay.objects.filter(day__district_id__in=districts).order_by().values("plan_id")
        return self.filter(pk__in=held)

    def editable_by(self, person: Anyone) -> Self:
        """Those whose days are all of districts in which one plans."""
        districts = person.reach().district_ids_for(Permission.PLAN_COVER)
        others = CoverPlanDay.objects.exclude(day__district_id__in=districts).order_by().values("plan_id")
        return self.visible_to(person).exclude(pk__in=others)

    def standing(self) -> Self:
        return self.exclude(state=PlanState.DROPPED)


class CoverPlan(models.Model):
    """One version of a plan over some days of a département."""

    departement = models.ForeignKey(Departement, models.PROTECT, related_name="cover_plans", verbose_name="département")
    version = models.PositiveIntegerField("numéro")
    state = models.CharField("état", max_length=9, choices=worded(rules.STATE_LABELS), default=PlanState.DRAFT.value)
    replaces = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="prend la suite de"
    )
    created_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="préparé par"
    )
    created_at = models.DateTimeField("préparé le", default=timezone.now)
    solved_at = models.DateTimeField("calculé le", null=True, blank=True)
    inputs_hash = models.CharField("empreinte des données", max_length=64, blank=True)
    proof = models.JSONField("plan calculé et sa preuve", null=True, blank=True)
    reasons = models.JSONField("pourquoi des classes restent sans personne", default=dict, blank=True)
    failure = models.CharField("pourquoi le calcul s’est arrêté", max_length=300, blank=True)
    stop_asked_at = models.DateTimeField("arrêt demandé le", null=True, blank=True)

    draws_reserve = models.BooleanField("puise dans la réserve", default=False)

    narrowed_to: frozenset[int] | None = None  # the districts that its reader sees of it; None: all of it

    objects = CoverPlanQuerySet.as_manager()

    class Meta:
        verbose_name = "plan de remplacement"
        verbose_name_plural = "plans de remplacement"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["departement", "version"], name="cover_plan_version_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in PlanState]), name="cover_plan_state"
            ),
        ]

    def __str__(self) -> str:
        return f"Plan n°\u00a0{self.version}"

    @property
    def days(self) -> list[SharingDay]:
        """The days that its reader sees. Reads nothing if they were prefetched."""
        return [one.day for one in self.plan_days.all() if self.shows(one.day)]

    def shows(self, day: SharingDay) -> bool:
        return self.narrowed_to is None or day.district_id in self.narrowed_to

    @property
    def is_replaced(self) -> bool:
        """Whether a later plan has taken the place of a published one. Reads nothing if its days were prefetched."""
        return self.state == PlanState.PUBLISHED and not any(one.is_in_force for one in self.plan_days.all())

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT


class CoverPlanDay(models.Model):
    """One day that a plan covers. On any database, a day has one plan in force."""

    plan = models.ForeignKey(CoverPlan, models.CASCADE, related_name="plan_days")
    day = models.ForeignKey(SharingDay, models.CASCADE, related_name="plan_days")
    is_in_force = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "day"], name="cover_plan_day_once"),
            models.UniqueConstraint(fields=["day"], condition=Q(is_in_force=True), name="cover_day_one_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.day_id}"


class CoverPlanMove(StateMove):
    """One step of the life of a plan: who made it, and when. Nobody edits it."""

    plan = models.ForeignKey(CoverPlan, models.CASCADE, related_name="moves")
    state = models.CharField("état", max_length=9, choices=worded(rules.STATE_LABELS))


class CoverAssignmentQuerySet(models.QuerySet["CoverAssignment"]):
    def held(self) -> Self:
        """Those of plans in force, on days that take place: one that is called off asks nobody to come."""
        return self.filter(is_in_force=True).exclude(need__day__state=DayState.CANCELLED)

    def of_substitute(self, person: Anyone) -> Self:
        """One's own missions, in force: nobody sees a draft of theirs."""
        return self.held().filter(substitute_id=person.pk) if person.pk else self.none()

    def visible_to(self, person: Anyone) -> Self:
        """One's own missions, and those of the plans that one reads."""
        plans = CoverPlan.objects.visible_to(person).order_by().values("pk")
        return self.filter(Q(plan__in=plans) | Q(pk__in=self.model.objects.of_substitute(person).values("pk")))


class CoverAssignment(models.Model):
    """Who takes one class in one plan."""

    plan = models.ForeignKey(CoverPlan, models.CASCADE, related_name="assignments")
    need = models.ForeignKey(CoverNeed, models.CASCADE, related_name="assignments", verbose_name="besoin")
    substitute = models.ForeignKey(Person, models.CASCADE, related_name="missions", verbose_name="remplaçant")
    is_locked = models.BooleanField("verrouillé", default=False)
    metres = models.PositiveIntegerField(null=True, blank=True)
    is_estimate = models.BooleanField(default=True)
    cents = models.PositiveIntegerField(default=0)
    is_in_force = models.BooleanField(default=False)
    told_at = models.DateTimeField("prévenu le", null=True, blank=True)
    confirmed_at = models.DateTimeField("confirmé le", null=True, blank=True)

    objects = CoverAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["need__day__on", "need__priority", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "need"], name="cover_class_once_a_plan"),
            models.UniqueConstraint(fields=["need"], condition=Q(is_in_force=True), name="cover_class_one_substitute"),
        ]

    def __str__(self) -> str:
        return f"{self.substitute}, {self.need}"

    def held_half_days(self) -> list[AssignedHalfDay]:
        """The half-days that it takes, to be written: what the database keeps from being taken twice."""
        return [
            AssignedHalfDay(
                assignment=self, plan_id=self.plan_id, substitute_id=self.substitute_id, day=each.day, half=each.half
            )
            for each in self.need.half_days
        ]


class AssignedHalfDay(models.Model):
    """One half-day of one substitute in one plan: never two of them, in a plan nor among those in force."""

    assignment = models.ForeignKey(CoverAssignment, models.CASCADE, related_name="half_days")
    plan = models.ForeignKey(CoverPlan, models.CASCADE, related_name="+")
    substitute = models.ForeignKey(Person, models.CASCADE, related_name="+")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=list(HALF_WORDS.items()))
    is_in_force = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "substitute", "day", "half"], name="substitute_once_a_plan"),
            models.UniqueConstraint(
                fields=["substitute", "day", "half"], condition=Q(is_in_force=True), name="substitute_in_one_school"
            ),
        ]
        indexes = [models.Index(fields=["day", "substitute"], name="assigned_of_day")]

    def __str__(self) -> str:
        return f"{self.substitute_id} {self.day} {self.half}"


class CoverEdit(models.Model):
    """One change by hand of a draft: what undoes it."""

    plan = models.ForeignKey(CoverPlan, models.CASCADE, related_name="edits")
    need = models.ForeignKey(CoverNeed, models.CASCADE, related_name="+")
    before = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    was_locked = models.BooleanField(default=False)
    gesture = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")  # the change it came with
    words = models.CharField(max_length=rules.WORD_MAX)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.words


class CoverLink(models.Model):
    """A class and a substitute who must not meet, or who know each other: kept from one plan to the next."""

    departement = models.ForeignKey(Departement, models.CASCADE, related_name="+")
    class_key = models.CharField(max_length=20)
    substitute = models.ForeignKey(Person, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=worded(rules.LINK_LABELS), default=LinkKind.FORBIDDEN.value)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["departement", "class_key", "substitute"], name="cover_link_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}\u00a0: {self.substitute_id}, {self.class_key}"


def check_steps(steps: list[list[int]]) -> None:
    """Raise ValidationError for steps that are not pairs of kilometres and cents, rising from 0 km."""
    pairs = isinstance(steps, list) and all(
        isinstance(step, list) and len(step) == 2 and all(type(one) is int and one >= 0 for one in step)
        for step in steps
    )
    starts = [step[0] for step in steps] if pairs else []
    if not starts or starts[0] != 0 or starts != sorted(set(starts)):
        raise ValidationError("Des paires [kilomètres, centimes], à partir de 0\u00a0km, dans l’ordre.", code="steps")


class IssrScaleQuerySet(models.QuerySet["IssrScale"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those who keep the law up to date: plans read it for all."""
        return self if person.reach().everything else self.none()

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)


class IssrScale(models.Model):
    """One scale of the ISSR, in force from a day on. Units: kilometres, cents of euro a day."""

    since = models.DateField("à partir du", unique=True)
    source = models.CharField("texte", max_length=200)
    steps = models.JSONField(
        "tranches",
        validators=[check_steps],
        help_text="Des paires [à partir de tant de kilomètres, centimes], par exemple [[0, 1594], [10, 2104]].",
    )
    last_km = models.PositiveSmallIntegerField("dernière tranche jusqu’à, en kilomètres")
    further_km = models.PositiveSmallIntegerField(
        "puis par tranche de, en kilomètres", validators=[MinValueValidator(1)]
    )
    further_cents = models.PositiveIntegerField("centimes par tranche de plus")

    objects = IssrScaleQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "barème de l’ISSR"
        verbose_name_plural = "barèmes de l’ISSR"
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"ISSR, à partir du {self.since:%d/%m/%Y}"
