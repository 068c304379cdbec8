"""Cross-observations of three sizes made from a seed, and what first come, first served makes of them.

Run alone, prints one run as JSON, in a process of its own so that its memory is its own:
    python -m tests.bench.crossing departement 3
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from circo.calendar.rules import HALVES, HalfDay
from partnerships.crossing.certifying import as_bytes, certificate_of
from partnerships.crossing.checking import faults_of
from partnerships.crossing.choosing import build
from partnerships.crossing.columns import columns_of, first_plan
from partnerships.crossing.counting import values_of
from partnerships.crossing.explaining import Explainer
from partnerships.crossing.problem import Host, Plan, Problem, Rules, Visitor
from partnerships.crossing.solving import solve
from tests.bench.clock import Clock
from tests.memory import peak_mb

LEVELS = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
PRACTICES = tuple(f"pratique {number}" for number in range(12))
DAYS = [date(2027, 3, 8) + timedelta(days=7 * week + day) for week in range(3) for day in (0, 1, 3, 4)]
SLOTS = [HalfDay(day, half) for day in DAYS for half in HALVES]
ORDERS = 3


@dataclass(frozen=True)
class Size:
    """Sites, each with so many visits to give and so many teachers. Units: kilometres; half-days of each freed one."""

    sites: int
    visits: int
    teachers: int
    side_km: float
    half_days: int = 2
    nearest: int = 40


SIZES = {
    "circonscription": Size(1, 72, 60, 25),
    "departement": Size(1, 1_200, 900, 80),
    "national": Size(100, 18_000, 13_500, 70, nearest=20),
}


def drawn(size: Size, seed: int) -> tuple[list[Visitor], list[Host], dict[tuple[str, str], int]]:
    """Small schools, whose teachers are freed about together; three of five receive; a fifth of those are relays."""
    pick = np.random.default_rng(seed)
    visitors: list[Visitor] = []
    hosts: list[Host] = []
    minutes: dict[tuple[str, str], int] = {}
    for site in range(size.sites):
        visits, teachers = (len(range(site, count, size.sites)) for count in (size.visits, size.teachers))
        spots = pick.random((max(2, teachers // 4), 2)) * size.side_km
        of_school = np.sort(pick.integers(len(spots), size=teachers)).tolist()
        begins = pick.integers(len(SLOTS) - size.half_days, size=len(spots)).tolist()
        schools = [f"{site:03} école {number:04}" for number in range(len(spots))]
        far = 5 + 1.3 * np.sqrt(((spots[:, None] - spots) ** 2).sum(axis=2)) * 60 / 45
        for one, other in zip(*np.nonzero(np.triu(far <= 45, 1)), strict=True):
            minutes[schools[one], schools[other]] = int(far[one, other])
        freed = set(pick.choice(teachers, visits // size.half_days, replace=False).tolist())
        for number in range(teachers):
            key, school = f"{site:03} {number:05}", schools[of_school[number]]
            level = frozenset({LEVELS[pick.integers(len(LEVELS))]})
            shows, wishes = (frozenset(PRACTICES[at] for at in pick.choice(12, 2, replace=False)) for _ in range(2))
            first = begins[of_school[number]] if pick.random() < 0.7 else int(pick.integers(len(SLOTS) - 3))
            free = frozenset(SLOTS[first : first + size.half_days])
            if number in freed:
                visitors.append(Visitor(key, school, free, level, wishes))
            past = int(pick.choice([0, 0, 1, 2]))
            is_relay = bool(pick.random() < 0.2)
            if pick.random() < 0.6:
                hosts.append(Host(key, school, frozenset(SLOTS), level, shows, is_relay, past=past))
    return visitors, hosts, minutes


def measure(name: str, seed: int) -> dict[str, Any]:
    """One run: the visits and their proof, the reasons, and first come, first served."""
    clock, size = Clock(), SIZES[name]
    visitors, hosts, minutes = drawn(size, seed)
    problem, build_s = clock.of(lambda: build(visitors, hosts, minutes, rules=Rules(nearest=size.nearest)))
    solution, solve_s = clock.of(lambda: solve(problem))
    inside_s = clock.inside_s
    (plan, certificate), prove_s = clock.of(lambda: (solution.plan(problem), certificate_of(problem, solution)))
    most_mb = peak_mb()
    faults, check_s = clock.of(lambda: faults_of(problem, plan, certificate))
    found, write_s = clock.of(lambda: as_bytes(plan, certificate))
    reasons, reasons_s = clock.of(lambda: Explainer(problem, plan).all())
    return {
        "asked": sum(len(one.free) for one in visitors),
        "choices": len(problem.choices.visitor),
        "faults": sorted(faults),
        "proved": not certificate.is_stopped,
        "priced": [proof.name for proof in certificate.proofs if proof.prices],
        "seconds": {"build": build_s, "solve": solve_s, "prove": prove_s, "check": check_s, "write": write_s},
        "inside_s": inside_s,
        "peak_mb": most_mb,
        "bytes": len(found),
        "reasons": len(reasons),
        "reasons_s": reasons_s,
        "plan": worth(problem, plan),
        "arrival": _mean([worth(problem, _arrival(problem, order)) for order in range(ORDERS)]),
    }


def _arrival(problem: Problem, seed: int) -> Plan:
    columns = columns_of(problem)
    turns = len(np.unique(problem.choices.visitor * len(problem.half_days) + problem.choices.slot))
    order = np.random.default_rng(seed).permutation(turns).tolist()
    chosen = columns.choices[np.flatnonzero(first_plan(problem, columns, order))]
    return Plan(tuple(sorted(problem.visit(number) for number in chosen.tolist())))


def worth(problem: Problem, plan: Plan) -> dict[str, float]:
    """What a reader compares."""
    values = values_of(problem, plan)
    hosts = [problem.hosts[problem.host_at[one.host]] for one in plan.visits]
    pairs = {(one.visitor, one.host) for one in plan.visits}
    return {
        "visits": values["visits"],
        "school": values["school"],
        "relays": sum(one.is_relay for one in hosts),
        "returned": sum((other, one) in pairs and one < other for one, other in pairs),
        "worth": values["worth"],
        "load": -values["load"],
    }


def _mean(found: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(float(np.mean([one[name] for one in found])), 1) for name in found[0]}


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))  # noqa: T201
