"""Placements of three sizes made from a seed, and what first come, first served makes of them.

Run alone, prints one run as JSON, in a process of its own so that its memory is its own:
    python -m tests.bench.placing departement 3
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from circo.calendar.rules import HALVES, HalfDay
from partnerships.cohorts.rules import DayKind
from partnerships.placing.certifying import as_bytes, certificate_of
from partnerships.placing.checking import faults_of
from partnerships.placing.choosing import build
from partnerships.placing.columns import columns_of, first_plan
from partnerships.placing.counting import values_of
from partnerships.placing.explaining import Explainer
from partnerships.placing.problem import Host, Party, Plan, Problem, Programme, Student
from partnerships.placing.solving import solve
from tests.bench.clock import Clock
from tests.memory import peak_mb
from tests.partnerships.placing_things import moved, rebuilt

LEVELS = ("PS", "MS", "GS", "CP", "CE1", "CE2", "CM1", "CM2")
PRACTICES = tuple(f"pratique {number}" for number in range(12))
FIRST = date(2026, 11, 2)
DATES = [FIRST + timedelta(days=7 * week + day) for week in range(16) for day in (0, 1, 3, 4)]
EARLY, LATE = DATES[:28], DATES[20:]
ORDERS = 3


@dataclass(frozen=True)
class Size:
    """Sites of the university, each with so many pairs and open classes. Units: kilometres."""

    sites: int
    pairs: int
    classes: int
    side_km: float
    nearest: int  # schools that a pair may go to, at most


SIZES = {
    "circonscription": Size(1, 12, 20, 30, 12),
    "departement": Size(1, 200, 240, 80, 15),
    "national": Size(126, 3_829, 4_600, 60, 10),
}


def drawn(size: Size, seed: int) -> tuple[list[Party], list[Host]]:
    """Pairs who observe two days, then take the class for one; two thirds have a car; six classes for five pairs.

    A class is open on some days of the term, half of the days for observation and half for responsibility.
    """
    pick = np.random.default_rng(seed)
    parties: list[Party] = []
    hosts: list[Host] = []
    for site in range(size.sites):
        pairs, classes = (len(range(site, count, size.sites)) for count in (size.pairs, size.classes))
        spots = pick.random((max(3, classes // 2), 2)) * size.side_km
        schools = [f"{site:03} école {number:04}" for number in range(len(spots))]
        for number in range(classes):
            offers = {DayKind.OBSERVATION: _days(pick, EARLY, 6), DayKind.RESPONSIBILITY: _days(pick, LATE, 4)}
            shows = frozenset(PRACTICES[one] for one in pick.choice(len(PRACTICES), 3, replace=False))
            level = frozenset({LEVELS[pick.integers(len(LEVELS))]})
            key, school = f"{site:03} classe {number:04}", schools[number % len(schools)]
            hosts.append(Host(key, school, offers, level, shows, past=int(pick.choice([0, 0, 0, 2]))))
        away = [_days(pick, DATES, 20) for _ in range(2)]
        for number in range(pairs):
            home = pick.random(2) * size.side_km
            near = np.argsort(((spots - home) ** 2).sum(axis=1), kind="stable")[: size.nearest]
            students = tuple(_student(pick, f"{site:03} {number:04} {one}", home, spots, schools, near) for one in "ab")
            key, cohort = f"{site:03} binôme {number:04}", f"{site:03} {number % 2}"
            parties.append(Party(key, students, Programme(4, 0, 2), away[number % 2], cohort))
    return parties, hosts


def _days(pick: np.random.Generator, dates: list[date], count: int) -> frozenset[HalfDay]:
    chosen = pick.choice(len(dates), count, replace=False)
    return frozenset(HalfDay(dates[one], half) for one in chosen for half in HALVES)


def _student(
    pick: np.random.Generator, key: str, home: np.ndarray, spots: np.ndarray, schools: list[str], near: np.ndarray
) -> Student:
    has_car = pick.random() < 2 / 3
    own = home + pick.normal(0, 2, 2)
    km = 1.3 * np.sqrt(((spots[near] - own) ** 2).sum(axis=1))
    minutes = np.rint(5 + km * (60 / 45 if has_car else 60 / 20)).astype(int)
    levels = frozenset(LEVELS[one] for one in pick.choice(len(LEVELS), 3, replace=False))
    practices = frozenset(PRACTICES[one] for one in pick.choice(len(PRACTICES), 2, replace=False))
    of_schools = {schools[at]: int(far) for at, far in zip(near.tolist(), minutes, strict=True)}
    return Student(key, of_schools, 75 if has_car else 60, levels, practices)


def measure(name: str, seed: int) -> dict[str, Any]:
    """One run: the plan and its proof, the reasons, a run after somebody leaves, and first come, first served."""
    clock = Clock()
    parties, hosts = drawn(SIZES[name], seed)
    problem, build_s = clock.of(lambda: build(parties, hosts))
    solution, solve_s = clock.of(lambda: solve(problem))
    inside_s = clock.inside_s
    (plan, certificate), prove_s = clock.of(lambda: (solution.plan(problem), certificate_of(problem, solution)))
    most_mb = peak_mb()
    faults, check_s = clock.of(lambda: faults_of(problem, plan, certificate))
    found, write_s = clock.of(lambda: as_bytes(plan, certificate))
    _, reasons_s = clock.of(lambda: Explainer(problem, plan).all())
    return {
        "pairs": len(parties),
        "choices": len(problem.choices.party),
        "faults": sorted(faults),
        "proved": not certificate.is_stopped,
        "priced": [proof.name for proof in certificate.proofs if proof.prices],
        "seconds": {"build": build_s, "solve": solve_s, "prove": prove_s, "check": check_s, "write": write_s},
        "inside_s": inside_s,
        "peak_mb": most_mb,
        "bytes": len(found),
        "reasons_s": reasons_s,
        "plan": worth(problem, plan),
        "arrival": _mean([worth(problem, _arrival(problem, order)) for order in range(ORDERS)]),
        "nearest": _mean([worth(problem, _arrival(problem, order, nearest=True)) for order in range(ORDERS)]),
        "again": again(problem, plan, clock),
    }


def again(problem: Problem, plan: Plan, clock: Clock) -> dict[str, Any]:
    """A class that closes: the plan sought again with and without care for what people know."""
    if len(problem.parties) > 1000:
        return {}
    closed = plan.lines[len(plan.lines) // 2].host
    hosts = [one for one in problem.hosts if one.key != closed]
    told = frozenset(line.party for line in plan.lines)
    known = rebuilt(problem, hosts=hosts, published=frozenset(plan.lines), told=told)
    calm, calm_s = clock.of(lambda: solve(known).plan(known))
    naive = rebuilt(problem, hosts=hosts)
    other = solve(naive).plan(naive)
    return {"calm_s": calm_s, "moved": len(moved(plan, calm)), "naive": len(moved(plan, other))}


def _arrival(problem: Problem, seed: int, *, nearest: bool = False) -> Plan:
    """Each pair in turn has its best class that has room, by wishes and then by travel; or the nearest."""
    if nearest:
        problem = replace(problem, choices=replace(problem.choices, wishes=0 * problem.choices.wishes))
    columns = columns_of(problem)
    order = np.random.default_rng(seed).permutation(len(problem.parties)).tolist()
    chosen = columns.choices[np.flatnonzero(first_plan(problem, columns, order))]
    return Plan(tuple(sorted(problem.line(number) for number in chosen.tolist())))


def worth(problem: Problem, plan: Plan) -> dict[str, float]:
    """What a reader compares."""
    values = values_of(problem, plan)
    placed = max(values["placed"], 1)
    minutes = [
        one.minutes[problem.hosts[problem.host_at[line.host]].school]
        for line in plan.lines
        for one in problem.parties[problem.party_at[line.party]].students
    ]
    return {
        "placed": values["placed"],
        "wishes": values["wishes"],
        "beyond": -values["beyond"],
        "minutes": -values["minutes"] / placed,
        "worst": max(minutes, default=0),
        "spread": values["spread"],
        "load": -values["load"],
    }


def _mean(found: list[dict[str, float]]) -> dict[str, float]:
    return {name: round(float(np.mean([one[name] for one in found])), 1) for name in found[0]}


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))  # noqa: T201
