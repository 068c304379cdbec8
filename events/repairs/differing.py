"""What a repair changes, person by person, and whether it can still be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circo.calendar import queries as calendar
from circo.models import Person
from events.brigade.rules import ON_MISSION
from events.cover.comparing import difference
from events.cover.problem import Plan
from events.models import CoverAssignment, CoverNeed, CoverPlan, CoverRepair
from events.plans import problems
from events.repairs.rules import RepairState


@dataclass(frozen=True)
class MovedPerson:
    person: Person
    lost: Sequence[CoverNeed]
    gained: Sequence[CoverNeed]


@dataclass(frozen=True)
class LeftAlone:
    """A class that nobody takes any more, and why."""

    need: CoverNeed
    reasons: Sequence[str]


@dataclass(frozen=True)
class Changed:
    """What a repair changes: who was missing is told apart from who is moved by it."""

    missing: Sequence[MovedPerson]
    moved: Sequence[MovedPerson]
    uncovered: Sequence[LeftAlone]
    covered: Sequence[CoverNeed]


def _rows(plan: CoverPlan) -> list[CoverAssignment]:
    return list(plan.assignments.select_related("substitute", "need__day", "need__school").order_by("pk"))


def changed(repair: CoverRepair) -> Changed:
    """Compare the plan with its repair, by people. The same number of queries whatever their size."""
    made = repair.made
    assert made is not None  # noqa: S101 (asked once there is one)
    before, after = _rows(repair.plan), _rows(made)
    needs = {str(one.need_id): one.need for one in (*before, *after)}
    people = {str(one.substitute_id): one.substitute for one in (*before, *after)}
    found = difference(*(Plan(tuple(sorted(problems.links_of(plan)))) for plan in (repair.plan, made)))
    missing = {str(fact.substitute_id) for fact in repair.facts.all() if fact.substitute_id}
    moved = [
        MovedPerson(people[one.substitute], [needs[key] for key in one.lost], [needs[key] for key in one.gained])
        for one in found.moved
    ]
    stays = {str(fact.need_id) for fact in repair.facts.all() if fact.need_id}
    return Changed(
        [one for one in moved if str(one.person.pk) in missing],
        [one for one in moved if str(one.person.pk) not in missing],
        [LeftAlone(needs[key], made.reasons.get(key, ())) for key in found.uncovered if key not in stays],
        [needs[key] for key in found.covered],
    )


def may_undo(repair: CoverRepair) -> bool:
    """Tell whether an accepted repair can be taken back: it is in force, and nobody has confirmed a new mission."""
    made = repair.made
    if repair.state != RepairState.ACCEPTED or made is None or not made.plan_days.filter(is_in_force=True).exists():
        return False
    return not any(one.confirmed_at for one in new_missions(repair.plan, made))


def away(former: CoverPlan, made: CoverPlan) -> list[Person]:
    """Those to whom the former plan would give missions back, and who are taken by something else by now."""
    back = [one for one in new_missions(made, former) if one.need.stays_at is None]
    wanted = {(one.substitute_id, each) for one in back for each in one.need.half_days}
    if not wanted:
        return []
    days = sorted(each.day for _, each in wanted)
    busy = calendar.busy({pk for pk, _ in wanted}, days[0], days[-1])
    held = {pk for pk, at in wanted for one in busy[pk] if one.half_day == at and one.reason != ON_MISSION}
    return sorted({one.substitute for one in back if one.substitute_id in held}, key=str)


def new_missions(former: CoverPlan, plan: CoverPlan) -> list[CoverAssignment]:
    """The missions of a plan that the former one did not give to the same person."""
    known = problems.links_of(former)
    rows = plan.assignments.select_related("substitute", "need__day").order_by("pk")
    return [one for one in rows if (str(one.need_id), str(one.substitute_id)) not in known]
