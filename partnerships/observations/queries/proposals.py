"""The proposals of a district, and what each adds to what stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Min, QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.dates import planned_in_words
from circo.models import District, Job, Person
from circo.queries import counted
from partnerships.models import CrossingLine, CrossingPlan, PeerObservation
from partnerships.observations import rules
from partnerships.observations.queries.answers import observations
from partnerships.observations.rules import ObservationState
from partnerships.placements.queries import agenda

SOLVE = "crossing_solve"  # the kind of the job


def plans(person: Person) -> QuerySet[CrossingPlan]:
    """The proposals of one's districts, the newest first, with what each holds."""
    rows = CrossingPlan.objects.visible_to(person).select_related("district", "created_by")
    return rows.annotate(
        published=counted(PeerObservation.objects.exclude(plan=None), "plan"),
        proposed=counted(CrossingLine.objects.all(), "plan"),
    )


def districts(person: Person) -> QuerySet[District]:
    """Those for which one asks for a proposal."""
    kept = person.reach().district_ids_for(Permission.MANAGE_GROUPS)
    return District.objects.filter(pk__in=kept).order_by("name", "pk")


def days_to_fill(person: Person) -> tuple[date, date] | None:
    """From when to when students hold classes of one’s districts, as far ahead as one proposal may span."""
    today = timezone.localdate()
    held = agenda.in_charge(today, today + timedelta(days=rules.WINDOW_DAYS))
    found = held.filter(offer__school__district__in=districts(person).order_by()).aggregate(Min("day"), Max("day"))
    return (found["day__min"], found["day__max"]) if found["day__min"] else None


def job_of(plan: CrossingPlan) -> Job | None:
    """The computing that waits or goes on."""
    return Job.objects.going().filter(kind=SOLVE, subject_id=str(plan.pk)).first()


@dataclass(frozen=True)
class Reason:
    """A freed teacher who observes nobody."""

    who: Person
    when: str
    words: str


@dataclass(frozen=True)
class PlanPage:
    """A proposal beside what stands: what it adds, what is kept, what got a no or no answer, who observes nobody."""

    lines: Sequence[CrossingLine]
    standing: Sequence[PeerObservation]
    declined: Sequence[PeerObservation]
    lapsed: Sequence[PeerObservation]
    reasons: Sequence[Reason]


def plan_page(plan: CrossingPlan) -> PlanPage:
    """Read the page of a row of `plans()`."""
    there = observations().between(plan.first_day, plan.last_day).filter(school__district_id=plan.district_id)
    there = there.between_sites(plan.is_between_sites)
    there = there.order_by("day", "half", "observer__last_name", "observer__first_name", "pk")
    people = Person.objects.in_bulk({pk for pk, _, _ in plan.reasons})
    today = timezone.localdate()
    return PlanPage(
        list(plan.lines.select_related("observer", "host", "school", "site")),
        list(there.seated()),
        list(there.filter(state=ObservationState.DECLINED)),
        list(there.filter(state=ObservationState.LAPSED)),
        [
            Reason(people[pk], planned_in_words(HalfDay.from_code(code), today), words)
            for pk, code, words in plan.reasons
            if pk in people
        ],
    )
