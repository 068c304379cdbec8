"""What may be: who may visit whom and when, what each visit is worth, and the rule that a lock breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import pairwise

import numpy as np

from circo.errors import Refusal
from circo.rules import CYCLES
from partnerships.crossing.problem import Choices, Decisions, Host, Problem, Rules, Visit, Visitor

# Units: minutes of travel that it is worth.
RELAY_MIN, CYCLE_MIN, PRACTICE_MIN, RETURNED_MIN = 10, 5, 5, 10
MOST_PRACTICES = 2


class HardRule(StrEnum):
    """What no plan breaks, as one says it when a lock is refused."""

    UNKNOWN = "cette personne ou cette classe n’est pas dans le plan"
    ONESELF = "on ne se rend pas visite à soi-même"
    NOT_FREE = "la personne n’est pas libérée à ce moment-là"
    NOT_TEACHING = "la classe n’est pas tenue par cette personne à ce moment-là"
    FORBIDDEN = "ces deux personnes ont été écartées l’une de l’autre"
    AGAIN = "cette visite a déjà eu lieu cette année, ou est prévue deux fois"
    TOO_FAR = "le trajet ne tient pas dans la demi-journée"
    TWICE = "la personne serait à deux endroits à la fois"
    FULL = "la classe recevrait trop de visiteurs à la fois"
    YEAR = "la classe recevrait trop de visites dans l’année"
    MOST = "la personne ferait trop de visites"


class ImpossibleLock(Refusal):
    """A lock that breaks a hard rule."""

    def __init__(self, visit: Visit, broken: HardRule):
        super().__init__(f"Ce verrou ({visit.visitor}, {visit.host}) est impossible\u00a0: {broken}.")
        self.visit, self.broken = visit, broken


def build(
    visitors: Iterable[Visitor],
    hosts: Iterable[Host],
    minutes: Mapping[tuple[str, str], int],
    *,
    rules: Rules | None = None,
    decisions: Decisions | None = None,
) -> Problem:
    """Put together the problem of these visits.

    Raises: Refusal, in words, for who comes twice, or a lock that breaks a hard rule.
    """
    rules, decisions = rules or Rules(), decisions or Decisions()
    visitors, hosts = sorted(visitors, key=lambda one: one.key), sorted(hosts, key=lambda one: one.key)
    for keys in ([one.key for one in visitors], [one.key for one in hosts]):
        twice = next((key for key, after in pairwise(keys) if key == after), None)
        if twice:
            raise Refusal(f"La même personne est donnée deux fois\u00a0: {twice}.")
    bare = Problem(tuple(visitors), tuple(hosts), minutes, _nothing(), rules, decisions)
    _refuse_impossible(bare)
    kept = {one for one in decisions.published if broken_rule(bare, one) is None} | decisions.locks
    return replace(bare, choices=_choices(bare, kept))


def rebuilt(
    problem: Problem,
    *,
    visitors: Iterable[Visitor] | None = None,
    hosts: Iterable[Host] | None = None,
    **decided: frozenset,
) -> Problem:
    """The same problem, with other people or other decisions."""
    return build(
        problem.visitors if visitors is None else visitors,
        problem.hosts if hosts is None else hosts,
        problem.minutes,
        rules=problem.rules,
        decisions=replace(problem.decisions, **decided),
    )


def minutes_between(minutes: Mapping[tuple[str, str], int], one: str, other: str) -> int | None:
    """Units: minutes one way; None where it is not known."""
    if one == other:
        return 0
    found = minutes.get((one, other))
    return minutes.get((other, one)) if found is None else found


def broken_rule(problem: Problem, visit: Visit) -> HardRule | None:
    """Name the hard rule that a visit breaks by itself, if any."""
    if visit.visitor not in problem.visitor_at or visit.host not in problem.host_at:
        return HardRule.UNKNOWN
    visitor = problem.visitors[problem.visitor_at[visit.visitor]]
    host = problem.hosts[problem.host_at[visit.host]]
    far = minutes_between(problem.minutes, visitor.school, host.school)
    pair, decisions = (visitor.key, host.key), problem.decisions
    broken = {
        HardRule.ONESELF: visitor.key == host.key,
        HardRule.NOT_FREE: visit.half_day not in visitor.free,
        HardRule.NOT_TEACHING: visit.half_day not in host.teaching or _is_freed(problem, host, visit),
        HardRule.FORBIDDEN: pair in decisions.forbidden,
        HardRule.AGAIN: pair in decisions.met,
        HardRule.FULL: not host.room(visit.half_day),
        HardRule.TOO_FAR: far is None or far > min(visitor.limit_min, problem.rules.farthest_min),
    }
    return next((rule for rule, is_broken in broken.items() if is_broken), None)


def _is_freed(problem: Problem, host: Host, visit: Visit) -> bool:
    """Whether somebody else holds the class of the host then."""
    at = problem.visitor_at.get(host.key)
    return at is not None and visit.half_day in problem.visitors[at].free


def _refuse_impossible(problem: Problem) -> None:
    """Refuse locks that break a hard rule, alone or together.

    Raises: ImpossibleLock, with the name of the rule.
    """
    taken: Counter[tuple] = Counter()
    for visit in sorted(problem.decisions.locks):
        broken = broken_rule(problem, visit)
        if broken is None:
            visitor = problem.visitors[problem.visitor_at[visit.visitor]]
            host = problem.hosts[problem.host_at[visit.host]]
            limits = {
                HardRule.AGAIN: (("pair", visitor.key, host.key), 1),
                HardRule.TWICE: (("visitor", visitor.key, visit.half_day), 1),
                HardRule.FULL: (("host", host.key, visit.half_day), host.room(visit.half_day)),
                HardRule.YEAR: (("year", host.key), host.most - host.past),
                HardRule.MOST: (("most", visitor.key), visitor.most if visitor.most is not None else 2**30),
            }
            taken.update(key for key, _ in limits.values())
            broken = next((rule for rule, (key, most) in limits.items() if taken[key] > most), None)
        if broken is not None:
            raise ImpossibleLock(visit, broken)


def _nothing() -> Choices:
    return Choices(*(np.zeros(0, np.int64) for _ in range(5)))


def _choices(problem: Problem, kept: set[Visit]) -> Choices:
    """Look at all visitors against the classes near them; visits that are `kept` are choices, whatever is nearer."""
    hosts, rules = problem.hosts, problem.rules
    at: dict[str, list[int]] = {}
    for number, host in enumerate(hosts):
        at.setdefault(host.school, []).append(number)
    near = _near(problem, at)
    half_days = problem.half_days
    freed = {one.key: one.free for one in problem.visitors}
    teaches = np.array(
        [
            [day in one.teaching and one.room(day) > 0 and day not in freed.get(one.key, ()) for day in half_days]
            for one in hosts
        ],
        bool,
    ).reshape(len(hosts), len(half_days))
    found: list[tuple[np.ndarray, ...]] = []
    apart = problem.decisions.forbidden | problem.decisions.met
    by_visitor: dict[str, set[str]] = {}
    for one, other in apart:
        by_visitor.setdefault(one, set()).add(other)
    held: dict[tuple[int, int], list[int]] = {}
    for visit in kept:
        where = problem.visitor_at[visit.visitor], problem.slot_at[visit.half_day]
        held.setdefault(where, []).append(problem.host_at[visit.host])
    for number, visitor in enumerate(problem.visitors):
        never = by_visitor.get(visitor.key, set()) | {visitor.key}
        reached = [
            (other, far)
            for school, far in near.get(visitor.school, ())
            if far <= visitor.limit_min
            for other in at[school]
            if hosts[other].key not in never
        ]
        others, minutes = np.array(reached, np.int64).reshape(-1, 2).T
        worth = np.array([worth_of(problem.decisions, visitor, hosts[other]) for other, _ in reached], np.int64)
        worth -= minutes
        for day in sorted(visitor.free):
            slot = problem.slot_at[day]
            open_to = np.flatnonzero(teaches[others, slot])
            if len(open_to) > rules.nearest:
                best = np.lexsort((others[open_to], -worth[open_to], minutes[open_to] > 0))
                wanted = np.isin(others[open_to], held.get((number, slot), ()))
                open_to = np.unique(np.concatenate([open_to[best[: rules.nearest]], open_to[wanted]]))
            order = open_to[np.argsort(others[open_to], kind="stable")]
            size = len(order)
            found.append((np.full(size, number), np.full(size, slot), others[order], minutes[order], worth[order]))
    if not found:
        return _nothing()
    return Choices(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _near(problem: Problem, at: Mapping[str, list[int]]) -> dict[str, list[tuple[str, int]]]:
    """The schools with hosts that one may reach from each school inside a half-day."""
    found: dict[str, dict[str, int]] = {school: {school: 0} for school in at}
    for visitor in problem.visitors:
        found.setdefault(visitor.school, {})
    for pair in problem.minutes:
        for one, other in (pair, pair[::-1]):
            far = minutes_between(problem.minutes, one, other)
            if one in found and other in at and far is not None and far <= problem.rules.farthest_min:
                found[one][other] = far
    return {school: sorted(others.items()) for school, others in found.items()}


def worth_of(decisions: Decisions, visitor: Visitor, host: Host) -> int:
    """What a visit is worth, travel apart. Units: minutes."""
    is_alike = any(cycle & visitor.levels and cycle & host.levels for cycle in CYCLES)
    practices = min(MOST_PRACTICES, len(visitor.practices & host.practices))
    is_returned = (host.key, visitor.key) in decisions.met
    return RELAY_MIN * host.is_relay + CYCLE_MIN * is_alike + PRACTICE_MIN * practices + RETURNED_MIN * is_returned
