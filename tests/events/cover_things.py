"""Small cover problems drawn from a seed: whole days, half-days, locks, limits, a reserve, a plan that people know."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from events.cover.pairing import Distances, broken_rule, build
from events.cover.pricing import Scale
from events.cover.problem import Decisions, Need, Problem, Rules, Span, Spot, Substitute

SCALES = (
    Scale(
        date(2022, 1, 1),
        ((0, 1594), (10, 2104), (20, 2616), (30, 3087), (40, 3686), (50, 4289), (60, 4924)),
        last_km=80,
        further_km=20,
        further_cents=734,
    ),
)
DAYS = (date(2026, 11, 26), date(2027, 3, 18))
LEVELS = ("PS", "GS", "CP", "CE2", "CM1", "CM2")


@dataclass(frozen=True)
class Shape:
    """How large a problem is, and which of its parts are there."""

    classes: int = 6
    substitutes: int = 4
    half_days: float = 0.0  # share of the needs
    has_limits: bool = False
    reserve: int = 0
    locks: int = 0
    has_published: bool = False
    same_face_cents: int = 800


def drawn(seed: int, shape: Shape, *, shuffled: int | None = None) -> Problem:
    """A problem of that shape; `shuffled` changes the order in which its parts are given, and nothing else."""
    pick = random.Random(seed)
    spots = [Spot(f"école {n}", 1 + pick.random() * 0.6, 49 + pick.random() * 0.4) for n in range(shape.classes)]
    needs = [_need(pick, number, day, spots, shape) for number in range(shape.classes) for day in DAYS]
    substitutes = [_substitute(pick, number, spots, shape) for number in range(shape.substitutes)]
    rules = Rules(limit_m=40_000, same_face_cents=shape.same_face_cents, reserve=shape.reserve)
    bare = build(needs, substitutes, SCALES, rules=rules)
    every = [(need.key, one.key) for need in bare.needs for one in bare.substitutes if not need.is_reserve]
    allowed = [link for link in every if broken_rule(bare, *link, Distances()) is None]
    published = _matched(pick, bare, allowed) if shape.has_published else frozenset()
    classes = {need.key: need.class_key for need in bare.needs}
    decisions = Decisions(
        forbidden=frozenset((classes[need], one) for need, one in pick.sample(every, 2)),
        affinities=frozenset((classes[need], one) for need, one in pick.sample(every, 2)),
        published=published,
        notified=frozenset(sorted(published)[::2]),
    )
    if shuffled is not None:
        for things in (needs, substitutes):
            random.Random(shuffled).shuffle(things)
    locks: frozenset = frozenset()
    for link in pick.sample(allowed, min(shape.locks, len(allowed))):
        try:
            build(needs, substitutes, SCALES, rules=rules, decisions=_locked(decisions, locks | {link}))
        except Refusal:
            continue
        locks |= {link}
    return build(needs, substitutes, SCALES, rules=rules, decisions=_locked(decisions, locks))


def _locked(decisions: Decisions, locks: frozenset) -> Decisions:
    return Decisions(locks, decisions.forbidden, decisions.affinities, decisions.published, decisions.notified)


def _need(pick: random.Random, number: int, day: date, spots: list[Spot], shape: Shape) -> Need:
    span = pick.choice((Span.AM, Span.PM)) if pick.random() < shape.half_days else Span.DAY
    levels = frozenset(random.Random(f"{number}").sample(LEVELS, 1 + number % 2))
    return Need(f"besoin {number} {day}", f"classe {number}", day, span, spots[number], levels, pick.randint(1, 3))


def _substitute(pick: random.Random, number: int, spots: list[Spot], shape: Shape) -> Substitute:
    whole = [HalfDay(day, half) for day in DAYS if pick.random() < 0.8 for half in ("AM", "PM")]
    free = [half_day for half_day in whole if not shape.half_days or pick.random() < 0.9]
    liked = pick.sample(LEVELS, pick.randint(0, 3))
    refused = pick.sample([level for level in LEVELS if level not in liked], pick.randint(0, 1))
    return Substitute(
        f"remplaçant {number}",
        pick.choice(spots),
        frozenset(free),
        frozenset(liked),
        frozenset(refused),
        past_load=pick.randint(0, 6),
        most=pick.randint(1, 3) if shape.has_limits and number % 2 else None,
        is_tenured=number != 1,
    )


def _matched(pick: random.Random, problem: Problem, allowed: list) -> frozenset:
    """Some pairs that do not meet: a plan that people know, not the best one."""
    found, busy = set(), set()
    for need_key, one in pick.sample(allowed, len(allowed)):
        slots = {(one, half_day) for half_day in problem.needs[problem.need_at[need_key]].half_days} | {need_key}
        if not slots & busy:
            found.add((need_key, one))
            busy |= slots
    return frozenset(sorted(found)[:-1])
