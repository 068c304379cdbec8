"""Cover plans of three sizes made from a seed, and what other ways of doing make of them.

Run alone, prints one run as JSON, in a process of its own so that its memory is its own:
    python -m tests.bench.cover departement 3
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from circo.calendar.rules import HALVES, HalfDay
from events.cover.certifying import certificate_of
from events.cover.changing import Change, Changes
from events.cover.checking import faults_of
from events.cover.comparing import difference
from events.cover.counting import cents_of, values_of
from events.cover.exchanges import Exchanges
from events.cover.explaining import Explainer
from events.cover.pairing import Distances, build
from events.cover.pricing import Scale
from events.cover.problem import Need, Plan, Problem, Rules, Span, Spot, Substitute
from events.cover.proofs import as_bytes
from events.cover.repairing import Repairs
from events.cover.solving import solve
from tests.bench.clock import Clock
from tests.memory import peak_mb

DAYS = (date(2026, 11, 26), date(2027, 3, 18))
LEVELS = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
STEPS = ((0, 1594), (10, 2104), (20, 2616), (30, 3087), (40, 3686), (50, 4289), (60, 4924))
SCALES = (Scale(date(2022, 1, 1), STEPS, last_km=80, further_km=20, further_cents=734),)
ABSENCES, ORDERS = 20, 3
ASKED_ALL = 5_000  # needs: above, what would cover a class is asked for one alone


@dataclass(frozen=True)
class Size:
    """Units: kilometres. `nearest`: how many substitutes a class may have at most."""

    classes: int
    substitutes: int
    side_km: float
    limit_km: int
    nearest: int = 0
    half_days: float = 0.0


SIZES = {
    "circonscription": Size(60, 40, 30, 60),
    "departement": Size(1_500, 400, 95, 45),
    "national": Size(20_000, 6_000, 900, 40, nearest=40),
    "half-days": Size(1_500, 400, 95, 45, half_days=0.02),
}


def drawn(size: Size, seed: int) -> tuple[list[Need], list[Substitute]]:
    """Classes of a fifth of first priority, half of the second; three substitutes of four free on a day."""
    pick = np.random.default_rng(seed)
    side = size.side_km / 111.2
    spots = [
        Spot(f"école {number:05}", 1 + float(x) * side / 0.656, 49 + float(y) * side)
        for number, (x, y) in enumerate(pick.random((max(4, size.classes // 6), 2)))
    ]
    needs, substitutes = [], []
    for number in range(size.classes):
        spot, level = spots[pick.integers(len(spots))], LEVELS[pick.integers(len(LEVELS))]
        for day in DAYS:
            span = Span.DAY if pick.random() >= size.half_days else (Span.AM, Span.PM)[pick.integers(2)]
            priority = int(pick.choice([1, 2, 3], p=[0.2, 0.5, 0.3]))
            needs.append(Need(f"{number:05} {day}", f"{number:05}", day, span, spot, frozenset({level}), priority))
    for number in range(size.substitutes):
        free = frozenset(HalfDay(day, half) for day in DAYS if pick.random() < 0.75 for half in HALVES)
        first, spot = pick.integers(len(LEVELS)), spots[pick.integers(len(spots))]
        liked = frozenset(LEVELS[first : first + 3]) if pick.random() < 0.8 else frozenset()
        substitutes.append(Substitute(f"{number:05}", spot, free, liked, past_load=int(pick.integers(20))))
    return needs, substitutes


def built(size: Size, needs: list[Need], substitutes: list[Substitute]) -> Problem:
    problem = build(needs, substitutes, SCALES, rules=Rules(limit_m=size.limit_km * 1000))
    if not size.nearest:
        return problem
    order = np.lexsort((problem.pairs.substitute, problem.pairs.metres, problem.pairs.need))
    need = problem.pairs.need[order]
    kept = order[np.arange(len(order)) - np.searchsorted(need, need) < size.nearest]
    return replace(problem, pairs=problem.pairs.taken(np.sort(kept)))


def measure(name: str, seed: int) -> dict[str, Any]:
    """One run: the plan and its proof, the reasons, repairs, and the other ways."""
    size, clock = SIZES[name], Clock()
    needs, substitutes = drawn(size, seed)
    problem, build_s = clock.of(lambda: built(size, needs, substitutes))
    solution, solve_s = clock.of(lambda: solve(problem))
    inside_s = clock.inside_s
    (plan, certificate), prove_s = clock.of(lambda: (solution.plan(problem), certificate_of(problem, solution)))
    faults, check_s = clock.of(lambda: faults_of(problem, plan, certificate))
    _, write_s = clock.of(lambda: as_bytes(plan, certificate))
    most_mb = peak_mb()
    solved = {
        "pairs": len(problem.pairs.need),
        "covered": len(plan.links),
        "faults": sorted(faults),
        "proved": not certificate.is_stopped,
        "priced": [proof.name for proof in certificate.proofs if proof.prices],
        "seconds": {"build": build_s, "solve": solve_s, "prove": prove_s, "check": check_s, "write": write_s},
        "inside_s": inside_s,
        "peak_mb": most_mb,
        "plan": worth(problem, plan),
    }
    return solved | {"after": after(problem, plan, clock), "others": others(problem, seed)}


def worth(problem: Problem, plan: Plan) -> dict[str, float]:
    """What a reader compares: first priority, all covered, misfit, euros, faces seen on both days."""
    values = values_of(problem, plan)
    faces = {(problem.classes[problem.need_at[need]], one) for need, one in plan.links}
    return {
        "first": values["cover:1"],
        "covered": len(plan.links),
        "misfit": -values["misfit"],
        "euros": sum(cents_of(problem, plan).values()) / 100,
        "both_days": len(plan.links) - len(faces),
    }


def after(problem: Problem, plan: Plan, clock: Clock) -> dict[str, Any]:
    """Reasons of all uncovered classes; absences drawn from the plan, repaired, and sought again from nothing."""
    exchanges, graph_s = clock.of(lambda: Exchanges(problem, plan))
    explainer, knots_s = clock.of(lambda: Explainer(exchanges))
    reasons, reasons_s = clock.of(lambda: [explainer.reason(number) for number in explainer.uncovered().tolist()])
    known = replace(problem, published=frozenset(plan.links), notified=frozenset(plan.links))
    exchanges = Exchanges(known, plan)
    repairs, ready_s = clock.of(lambda: Repairs(exchanges))
    pick = np.random.default_rng(0)
    seconds, moved = [], []
    for number in pick.choice(len(plan.links), ABSENCES, replace=False).tolist():
        need, one = plan.links[number]
        half_days = known.needs[known.need_at[need]].half_days
        repair, spent = clock.of(lambda one=one, half_days=half_days: repairs.after_absence(one, half_days))
        seconds.append(spent)
        moved.append(len(repair.moved))
    away = (problem.pairs.substitute == problem.substitute_at[one]) & (problem.pairs.need == problem.need_at[need])
    changed = problem.without(away, locks=frozenset(), published=frozenset())
    naive = {found.substitute for found in difference(plan, solve(changed).plan(changed)).moved} - {one}
    uncovered = explainer.uncovered().tolist()
    asked = uncovered if len(problem.needs) < ASKED_ALL else uncovered[:1]
    _, change_s = clock.of(lambda: _changes(Changes(exchanges, Distances()), asked))
    return {
        "uncovered": len(reasons),
        "reasons_s": graph_s + knots_s + reasons_s,
        "ready_s": graph_s + ready_s,
        "repair_s": [float(np.median(seconds)), max(seconds)],
        "moved": max(moved),
        "naive_moved": len(naive),
        "change_s": change_s,
        "asked": len(asked),
    }


def _changes(changes: Changes, needs: list[int]) -> list[list[Change]]:
    return [changes.of(number) for number in needs]


def others(problem: Problem, seed: int) -> dict[str, dict[str, float]]:
    """What is done elsewhere, on the same problem."""
    pick = np.random.default_rng(seed)
    arrivals = [
        worth(problem, _one_by_one(problem, pick.permutation(len(problem.needs)), problem.pairs.metres))
        for _ in range(ORDERS)
    ]
    order = np.argsort(problem.priorities, kind="stable")
    greedy = _one_by_one(problem, order, problem.pairs.misfit * 10**6 + problem.pairs.metres)
    mean = {name: round(float(np.mean([one[name] for one in arrivals])), 1) for name in arrivals[0]}
    return {"arrival": mean, "greedy": worth(problem, greedy)}


def _one_by_one(problem: Problem, order: Iterable[int], wanted: np.ndarray) -> Plan:
    """Give each class in turn the free substitute for whom `wanted` is the least."""
    need, substitute = problem.pairs.need, problem.pairs.substitute
    starts = np.searchsorted(need, np.arange(len(problem.needs) + 1))
    busy = np.zeros((len(problem.substitutes), len(problem.half_days)), bool)
    links = []
    for number in order:
        pairs = slice(starts[number], starts[number + 1])
        slots = problem.slots[number]
        who = substitute[pairs]
        free = np.flatnonzero(~busy[np.ix_(who, slots)].any(axis=1))
        if len(free):
            one = who[free[np.argmin(wanted[pairs][free])]]
            busy[one, slots] = True
            links.append((problem.needs[number].key, problem.substitutes[one].key))
    return Plan(tuple(sorted(links)))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))  # noqa: T201
