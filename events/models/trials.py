"""Trials beside a plan: what one asked, and what it would come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from circo.models import Person
from circo.rules import worded
from events.models.needs import CoverNeed
from events.models.plans import CoverPlan
from events.trials import rules

if TYPE_CHECKING:
    from circo.access import Anyone


class CoverTrialQuerySet(models.QuerySet["CoverTrial"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(plan__in=CoverPlan.objects.editable_by(person).order_by().values("pk"))


class CoverTrial(models.Model):
    """One question asked of a plan. Nothing of the plan changes."""

    plan = models.ForeignKey(CoverPlan, models.CASCADE, related_name="trials")
    kind = models.CharField("essai", max_length=7, choices=worded(rules.KIND_LABELS))
    number = models.PositiveSmallIntegerField(null=True)
    on = models.DateField(null=True)
    need = models.ForeignKey(CoverNeed, models.CASCADE, null=True, related_name="+")
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=200)
    result = models.JSONField(null=True)  # {"now": …, "then": …}, as `rules.MEASURES`
    failure = models.CharField(max_length=300, blank=True)

    objects = CoverTrialQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.words
