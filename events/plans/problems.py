"""From rows to the problem that a plan solves, and back: what is known of needs, substitutes, distances and scales."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import mean
from typing import cast

from circo.calendar.rules import HALVES, Half, HalfDay
from circo.errors import Refusal
from circo.models import School
from circo.rules import school_year_bounds
from events.brigade import queries as brigade
from events.brigade import roads
from events.brigade import rules as brigade_rules
from events.brigade.queries import Member
from events.cover import pairing
from events.cover.pairing import Distances, HardRule
from events.cover.pricing import Scale
from events.cover.problem import Decisions, Link, Need, Problem, Rules, Span, Spot, Substitute
from events.models import AssignedHalfDay, BrigadeRules, CoverLink, CoverNeed, CoverPlan, IssrScale
from events.plans import queries
from events.plans.rules import LinkKind


@dataclass(frozen=True)
class Situation:
    """A problem with what people call its parts: needs and members by key, distances, and the mark of it all."""

    problem: Problem
    needs: Mapping[str, CoverNeed]
    members: Mapping[str, Member]
    distances: Distances
    inputs_hash: str

    def broken_rule(self, need: CoverNeed, person_id: int) -> HardRule | None:
        """Name the hard rule that this pair breaks by itself, if any."""
        return pairing.broken_rule(self.problem, key_of(need), str(person_id), self.distances)

    def cost_of(self, need: CoverNeed, person_id: int) -> tuple[int | None, bool, int]:
        """How far, whether that is an estimate, and what the ISSR of that day would be. Units: metres, cents."""
        found = self.problem.numbers_of([(key_of(need), str(person_id))])
        if not len(found):
            return None, True, 0
        pairs, number = self.problem.pairs, int(found[0])
        return int(pairs.metres[number]), bool(pairs.is_estimate[number]), int(pairs.cents[number])


def key_of(need: CoverNeed) -> str:
    return str(need.pk)


def situation_of(plan: CoverPlan, only: Sequence[CoverNeed] | None = None) -> Situation:
    """Read all that a plan depends on. The same number of queries whatever its size.

    `only` some of its classes, for who gives them by hand: locks, which bind the whole plan, are then left out.

    Raises: Refusal if a lock became impossible, by the names that people know, or the plan has no day any more.
    """
    needs = _read(plan) if only is None else only
    days = sorted({one.day.on for one in plan.plan_days.all()})
    if not days:  # the operator deleted them
        raise Refusal("Ce plan n’a plus aucune journée\u00a0: préparez-en un autre.")
    members = brigade.members(brigade.posts([plan.departement_id], days[0]))
    settings = brigade.rules_of(plan.departement)
    rows, staff = _needs(needs, members), _substitutes(plan, members, days)
    kept_percent = 0 if plan.draws_reserve else settings.reserve_percent
    reserve = brigade_rules.kept(sum(bool(one.free) for one in staff), kept_percent)
    own = Rules(settings.limit_km * 1000, settings.same_face_cents, reserve=reserve)
    homes = {one.school.pk: one.school.uai for one in members}
    table = roads.between(homes, {one.school_id: one.school.uai for one in needs})
    distances = Distances(table, settings.detour_percent / 100)
    scales, decisions = scales_known(), _decisions(plan)
    if only is not None:
        decisions = replace(decisions, locks=frozenset())
    try:
        problem = pairing.build(rows, staff, scales, rules=own, distances=distances, decisions=decisions)
    except pairing.ImpossibleLock as refusal:
        raise _said_of(plan, refusal) from refusal
    return Situation(
        problem,
        {key_of(need): need for need in needs},
        {str(one.person.pk): one for one in members},
        distances,
        _hash(rows, staff, settings, kept_percent, scales, decisions, table),
    )


def _said_of(plan: CoverPlan, lock: pairing.ImpossibleLock) -> Refusal:
    held = plan.assignments.select_related("need__school", "substitute")
    one = held.get(need_id=int(lock.need_key), substitute_id=int(lock.substitute_key))
    return Refusal(
        f"{one.substitute} est verrouillé sur {one.need}, mais {lock.broken}. Levez ce verrou, puis recalculez."
    )


def _read(plan: CoverPlan) -> list[CoverNeed]:
    """The needs of a plan: their days and schools are few, each is made once and not once a need."""
    rows = queries.needs_of(plan).select_related(None).prefetch_related(None)
    return list(rows.prefetch_related("day", "school"))


# --- Needs and substitutes --------------------------------------------------------------------------------------------
def _spots(schools: Iterable[School]) -> dict[int, Spot]:
    """The place of each school; whose position nobody knows stands in the middle of the others."""
    known = [(one.longitude, one.latitude) for one in schools if one.longitude is not None and one.latitude is not None]
    middle = (mean(x for x, _ in known), mean(y for _, y in known)) if known else (0.0, 0.0)
    return {
        one.pk: Spot(one.uai, one.longitude, one.latitude)
        if one.longitude is not None and one.latitude is not None
        else Spot(one.uai, *middle)
        for one in schools
    }


def _needs(needs: Sequence[CoverNeed], members: Sequence[Member]) -> list[Need]:
    spots = _spots([*(need.school for need in needs), *(one.school for one in members)])
    return [
        Need(
            key=key_of(need),
            class_key=need.class_key,
            day=need.day.on,
            span=Span(need.span),
            school=spots[need.school_id],
            levels=frozenset(need.levels),
            priority=int(need.priority),
        )
        for need in needs
    ]


def _substitutes(plan: CoverPlan, members: Sequence[Member], days: Sequence[date]) -> list[Substitute]:
    free = brigade.free(members, days[0], days[-1], but=brigade_rules.ON_MISSION)
    elsewhere, loads = _elsewhere(plan, days), _past_loads(days[0])
    spots = _spots([one.school for one in members])
    wanted = {HalfDay(day, half) for day in days for half in HALVES}
    return [
        Substitute(
            key=str(one.person.pk),
            home=spots[one.school.pk],
            free=frozenset((wanted & free[one.person.pk]) - elsewhere[one.person.pk]),
            preferred=frozenset(one.profile.preferred),
            refused=frozenset(one.profile.refused),
            past_load=loads.get(one.person.pk, 0),
            is_tenured=one.profile.is_tenured,
        )
        for one in members
    ]


def _elsewhere(plan: CoverPlan, days: Sequence[date]) -> Mapping[int, set[HalfDay]]:
    """The missions in force of other days than those of the plan: their plan is not ours to change."""
    own = [one.day_id for one in plan.plan_days.all()]
    rows = AssignedHalfDay.objects.filter(is_in_force=True, day__in=days).exclude(assignment__need__day__in=own)
    found: dict[int, set[HalfDay]] = defaultdict(set)
    for pk, day, half in rows.order_by("pk").values_list("substitute_id", "day", "half"):
        found[pk].add(HalfDay(day, cast(Half, half)))
    return found


def _past_loads(before: date) -> Mapping[int, int]:
    """The half-days that each has taken since September. Units: half-days."""
    since = school_year_bounds(before)[0]
    rows = AssignedHalfDay.objects.filter(is_in_force=True, day__gte=since, day__lt=before)
    loads: dict[int, int] = defaultdict(int)
    for pk in rows.order_by("pk").values_list("substitute_id", flat=True):
        loads[pk] += 1
    return loads


def scales_known() -> list[Scale]:
    """The scales of the ISSR, the oldest first."""
    return [
        Scale(one.since, tuple((km, cents) for km, cents in one.steps), one.last_km, one.further_km, one.further_cents)
        for one in IssrScale.objects.order_by("since")
    ]


# --- What people decided ----------------------------------------------------------------------------------------------
def _decisions(plan: CoverPlan) -> Decisions:
    links = CoverLink.objects.filter(departement_id=plan.departement_id).order_by("pk")
    by_kind: dict[str, set[Link]] = defaultdict(set)
    for key, pk, kind in links.values_list("class_key", "substitute_id", "kind"):
        by_kind[kind].add((key, str(pk)))
    return Decisions(
        locks=frozenset((str(one.need_id), str(one.substitute_id)) for one in plan.assignments.filter(is_locked=True)),
        forbidden=frozenset(by_kind[LinkKind.FORBIDDEN]),
        affinities=frozenset(by_kind[LinkKind.AFFINITY]),
        published=links_of(plan.replaces) if plan.replaces else frozenset(),
        notified=links_of(plan.replaces, told=True) if plan.replaces else frozenset(),
    )


def links_of(plan: CoverPlan, *, told: bool = False) -> frozenset[Link]:
    """Who takes what in a plan, as its proof says it; of it, what was told to the substitute."""
    rows = plan.assignments.filter(told_at__isnull=False) if told else plan.assignments.all()
    return frozenset((str(one), str(other)) for one, other in rows.values_list("need_id", "substitute_id"))


def _words_of(one: Need | Substitute) -> str:
    """All that is known of one, sets in order."""
    values = (getattr(one, name) for name in one.__dataclass_fields__)
    return repr([sorted(value) if isinstance(value, frozenset) else value for value in values])


def _hash(
    needs: Iterable[Need],
    staff: Iterable[Substitute],
    settings: BrigadeRules,
    kept_percent: int,
    scales: Iterable[Scale],
    decisions: Decisions,
    table: Mapping[tuple[str, str], int],
) -> str:
    """The mark of all that a plan depends on: the same for the same data, in any order.

    Locks are left out: to lock what the plan says already changes nothing of it.
    """
    parts = {
        "needs": sorted(_words_of(one) for one in needs),
        "staff": sorted(_words_of(one) for one in staff),
        "rules": [kept_percent, settings.limit_km, settings.detour_percent, settings.same_face_cents],
        "scales": [repr(one) for one in scales],
        "forbidden": sorted(decisions.forbidden),
        "affinities": sorted(decisions.affinities),
        "published": sorted(decisions.published),
        "roads": sorted(table.items()),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
