"""Repairs of a published plan: who is missing, the version that answers it, and what became of it.

Source: docs/decisions/0031-repairs.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.models import Person
from circo.rules import worded
from events.models.brigade import Unavailability
from events.models.needs import CoverNeed
from events.models.plans import CoverPlan
from events.plans.rules import WORD_MAX
from events.repairs import rules
from events.repairs.rules import RepairState

if TYPE_CHECKING:
    from circo.access import Anyone


class CoverRepairQuerySet(models.QuerySet["CoverRepair"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the plans that one reads and changes: a repair names who is absent."""
        plans = CoverPlan.objects.editable_by(person).order_by().values("pk")
        return self.filter(plan__in=plans)


class CoverRepair(models.Model):
    """One answer to those who are missing from a published plan. A plan has one that is open: all add to it."""

    plan = models.ForeignKey(CoverPlan, models.CASCADE, related_name="repairs", verbose_name="plan")
    made = models.OneToOneField(
        CoverPlan, models.SET_NULL, null=True, related_name="repair", verbose_name="plan réparé"
    )
    state = models.CharField("état", max_length=8, choices=worded(rules.STATE_LABELS), default=RepairState.OPEN.value)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="commencée par")
    at = models.DateTimeField("commencée le", default=timezone.now)
    settled_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="tranchée par")
    settled_at = models.DateTimeField("tranchée le", null=True)

    objects = CoverRepairQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(state=RepairState.OPEN), name="cover_repair_one_open"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in RepairState]), name="cover_repair_state"
            ),
        ]

    def __str__(self) -> str:
        return f"Réparation du {self.plan}"


class RepairFact(models.Model):
    """One thing that happened: a substitute can't come, or a teacher stays with the class."""

    repair = models.ForeignKey(CoverRepair, models.CASCADE, related_name="facts")
    substitute = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    need = models.ForeignKey(CoverNeed, models.CASCADE, null=True, related_name="+")
    unavailability = models.ForeignKey(Unavailability, models.SET_NULL, null=True, related_name="+")  # that it wrote
    words = models.CharField("ce qui arrive", max_length=WORD_MAX)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("noté le", default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(substitute__isnull=True, need__isnull=False)
                | Q(substitute__isnull=False, need__isnull=True),
                name="cover_repair_fact_of_one",
            )
        ]

    def __str__(self) -> str:
        return self.words
