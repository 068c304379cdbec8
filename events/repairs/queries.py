"""Reads of repairs: which are open, who may be missing from a plan, who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.models import Job, Person
from circo.models.folding import words_of
from events.models import CoverAssignment, CoverPlan, CoverRepair
from events.needs.rules import Span
from events.plans import queries as plans
from events.repairs.rules import RepairState


def repairs(person: Person) -> QuerySet[CoverRepair]:
    """The repairs of the plans that one changes."""
    rows = CoverRepair.objects.visible_to(person)
    return rows.select_related("plan__departement", "made__departement", "made__replaces", "settled_by", "by")


def open_of(plan: CoverPlan) -> CoverRepair | None:
    """The repair of a plan that waits for a decision, if any."""
    return CoverRepair.objects.filter(plan=plan, state=RepairState.OPEN).first()


def may_accept(person: Person, plan: CoverPlan) -> bool:
    """Tell whether one may put a repair in force without another's step: whoever validates and publishes."""
    needed = (Permission.VALIDATE_COVER, Permission.PUBLISH_COVER)
    return all(plans.may(person, plan, permission) for permission in needed)


# --- Who is missing ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class OnDuty:
    """One substitute on one day of a plan, with the classes that they take."""

    substitute: Person
    day: date
    missions: Sequence[CoverAssignment]

    @property
    def is_split(self) -> bool:
        """Whether a half-day alone may be missing."""
        return any(one.need.span == Span.DAY for one in self.missions) or len(self.missions) > 1


def coming_missions(plan: CoverPlan, words: str = "") -> QuerySet[CoverAssignment]:
    """The missions of a plan that are not over, whose substitute, teacher or school holds these words."""
    rows = plan.assignments.filter(need__day__on__gte=timezone.localdate(), need__stays_at=None)
    for word in words_of(words):
        people = Q(substitute__folded__contains=word) | Q(need__people__folded__contains=word)
        rows = rows.filter(people | Q(need__school__folded__contains=word))
    rows = rows.select_related("substitute", "need__day", "need__school").prefetch_related("need__people").distinct()
    return rows.order_by("need__day__on", "substitute__last_name", "substitute__first_name", "substitute_id", "pk")


def on_duty(plan: CoverPlan, words: str = "") -> list[OnDuty]:
    """Who takes classes, day by day, the next day first."""
    found: dict[tuple[date, int], OnDuty] = {}
    for one in coming_missions(plan, words):
        key = one.need.day.on, one.substitute_id
        former = found.get(key)
        found[key] = OnDuty(one.substitute, key[0], [*(former.missions if former else ()), one])
    return list(found.values())


# --- One repair -------------------------------------------------------------------------------------------------------
def mark_of(made: CoverPlan | None) -> str:
    """What tells one computed repair from another: whoever accepts says which they read."""
    return f"{made.pk}-{made.solved_at.timestamp()}" if made is not None and made.solved_at else ""


def job_of(repair: CoverRepair) -> Job | None:
    return plans.job_of(repair.made) if repair.made is not None else None
