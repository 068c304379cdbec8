"""Small placement problems drawn from a seed: students alone and in pairs, locks, a plan that people know."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from circo.calendar.rules import HALVES, HalfDay
from circo.errors import Refusal
from partnerships.cohorts.rules import DayKind
from partnerships.placing.choosing import build
from partnerships.placing.explaining import Change, Farther, FullerSchool, LiftedLock, MoreRoom, OtherDays
from partnerships.placing.problem import (
    KINDS,
    Decisions,
    Host,
    Party,
    Plan,
    Problem,
    Programme,
    Rules,
    Student,
)
from partnerships.placing.solving import solve

DATES = [date(2026, 11, 9) + timedelta(days=days) for days in (0, 3, 7, 10, 14, 17, 21, 24)]
LEVELS = ("PS", "GS", "CP", "CE2", "CM1")
PRACTICES = ("tri", "plan", "ateliers", "débat")
PROGRAMMES = (Programme(2, 0, 2), Programme(2, 1, 1), Programme(2), Programme(1, 2, 0))


@dataclass(frozen=True)
class Shape:
    parties: int = 5
    hosts: int = 4
    open_days: int = 3  # of each kind
    alone: float = 0.0  # share of students without a mate
    locks: int = 0
    has_published: bool = False
    has_others: bool = False  # who have seats already
    school_most: int = 4
    most: tuple[int, ...] = (2, 4)  # students in a class a year
    programmes: tuple[Programme, ...] = PROGRAMMES


SHAPES = {
    "pairs": Shape(),
    "alone": Shape(parties=7, alone=0.6),
    "locks": Shape(alone=0.3, locks=2),
    "published": Shape(parties=6, alone=0.3, has_published=True),
    "others": Shape(parties=6, alone=0.4, open_days=3, has_others=True),
    "crowded": Shape(parties=8, hosts=3, alone=0.4, school_most=3),
}


def drawn(seed: int, shape: Shape, *, shuffled: int | None = None) -> Problem:
    """A problem of that shape; `shuffled` changes the order in which its parts are given, and nothing else."""
    pick = random.Random(seed)
    schools = [f"école {number}" for number in range((shape.hosts + 1) // 2)]
    hosts = [_host(pick, number, schools, shape) for number in range(shape.hosts)]
    parties = [_party(pick, number, schools, shape) for number in range(shape.parties)]
    past = tuple((school, pick.randrange(2), 1) for school in schools) if shape.has_others else ()
    rules = Rules(comfort_min=40, school_most=shape.school_most, school_past=past, periods=(date(2026, 11, 20),))
    apart = frozenset({(parties[0].key, hosts[-1].key)})
    decisions = Decisions(forbidden=apart)
    bare = build(parties, hosts, rules=rules, decisions=decisions)
    if shape.has_published:
        fewer = build(parties[1:], hosts, rules=rules, decisions=decisions)
        lines = solve(fewer).plan(fewer).lines
        told = frozenset(line.party for line in lines[::2])
        decisions = replace(decisions, published=frozenset(lines), told=told)
    lines = [bare.line(number) for number in range(len(bare.choices.party))]
    for line in pick.sample(lines, min(shape.locks, len(lines))):
        try:
            tried = replace(decisions, locks=decisions.locks | {line})
            build(parties, hosts, rules=rules, decisions=tried)
        except Refusal:
            continue
        decisions = tried
    if shuffled is not None:
        for things in (parties, hosts):
            random.Random(shuffled).shuffle(things)
    return build(parties, hosts, rules=rules, decisions=decisions)


def _days(pick: random.Random, dates: list[date], count: int) -> frozenset[HalfDay]:
    return frozenset(HalfDay(day, half) for day in pick.sample(dates, count) for half in HALVES)


def _host(pick: random.Random, number: int, schools: list[str], shape: Shape) -> Host:
    spans = (DATES[:5], DATES[2:7], DATES[4:])
    offers = {kind: _days(pick, dates, min(shape.open_days, 3)) for kind, dates in zip(KINDS, spans, strict=True)}
    return Host(
        f"classe {number}",
        schools[number % len(schools)],
        offers,
        frozenset(pick.sample(LEVELS, pick.choice((1, 2)))),
        frozenset(pick.sample(PRACTICES, 2)),
        seats=pick.choice((1, 2, 2, 3)),
        most=pick.choice(shape.most),
        past=pick.choice((0, 0, 1)),
        taken=dict.fromkeys(sorted(_days(pick, DATES, 3)), 1) if shape.has_others else {},
    )


def _party(pick: random.Random, number: int, schools: list[str], shape: Shape) -> Party:
    who = "a" if pick.random() < shape.alone else "ab"
    students = tuple(
        Student(
            f"étudiante {number}{one}",
            {school: pick.randint(5, 70) for school in schools},
            pick.choice((50, 60, 75)),
            frozenset(pick.sample(LEVELS, pick.choice((0, 1, 2)))),
            frozenset(pick.sample(PRACTICES, 1)),
            frozenset(pick.sample(PRACTICES, pick.choice((0, 1)))),
        )
        for one in who
    )
    away = _days(pick, DATES, 1)
    return Party(f"binôme {number}", students, pick.choice(shape.programmes), away, f"promotion {number % 2}")


def moved(before: Plan, after: Plan) -> set[str]:
    """The parties whose line changes from a plan to another, is new or is gone."""
    return {line.party for line in {*before.lines} ^ {*after.lines}}


# --- The same problem, changed ----------------------------------------------------------------------------------------
def rebuilt(
    problem: Problem,
    *,
    parties: Iterable[Party] | None = None,
    hosts: Iterable[Host] | None = None,
    **decided: frozenset,
) -> Problem:
    """The same problem, with other parties, other classes or other decisions."""
    return build(
        problem.parties if parties is None else parties,
        problem.hosts if hosts is None else hosts,
        rules=problem.rules,
        decisions=replace(problem.decisions, **decided),
    )


def with_change(problem: Problem, change: Change) -> Problem:
    """The same problem, where a change is made: to be solved again."""
    decisions = problem.decisions
    match change:
        case MoreRoom(host, seats, most):
            hosts = [replace(one, seats=seats, most=most) if one.key == host else one for one in problem.hosts]
            return rebuilt(problem, hosts=hosts)
        case OtherDays(host, kind, half_days):
            hosts = [_opened(one, kind, half_days) if one.key == host else one for one in problem.hosts]
            return rebuilt(problem, hosts=hosts)
        case Farther(party, _, students, minutes):
            parties = [_travelling(one, students, minutes) if one.key == party else one for one in problem.parties]
            return rebuilt(problem, parties=parties)
        case FullerSchool(school, most):
            mosts = dict(problem.rules.school_mosts) | {school: most}
            rules = replace(problem.rules, school_mosts=tuple(sorted(mosts.items())))
            return build(problem.parties, problem.hosts, rules=rules, decisions=decisions)
        case LiftedLock(line):
            return rebuilt(problem, locks=decisions.locks - {line})


def _opened(host: Host, kind: DayKind, half_days: tuple[HalfDay, ...]) -> Host:
    return replace(host, offers={**host.offers, kind: host.offers.get(kind, frozenset()) | set(half_days)})


def _travelling(party: Party, students: tuple[str, ...], minutes: int) -> Party:
    return replace(
        party,
        students=tuple(replace(one, limit_min=minutes) if one.key in students else one for one in party.students),
    )
