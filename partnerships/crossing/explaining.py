"""Why a freed teacher has no visit on a half-day, and the smallest changes of each kind that would give one more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from circo.calendar.rules import HalfDay
from partnerships.crossing.choosing import broken_rule, minutes_between
from partnerships.crossing.problem import Host, Plan, Problem, Visit, Visitor


@dataclass(frozen=True)
class MoreVisitors:
    """This class receives so many visitors at once, and so many visits a year."""

    host: str
    at_once: int
    most: int


@dataclass(frozen=True)
class MoreVisits:
    """This teacher makes so many visits."""

    visitor: str
    most: int


@dataclass(frozen=True)
class Farther:
    """This teacher accepts to travel so long, to this class. Units: minutes one way."""

    visitor: str
    host: str
    minutes: int


@dataclass(frozen=True)
class LiftedLock:
    visit: Visit


type Change = MoreVisitors | MoreVisits | Farther | LiftedLock


@dataclass(frozen=True)
class Reason:
    """Why there is no visit. Units: classes: `teaching` then, within `reach`, and `open` (not seen already).

    When `could` is true, one has room: the plan is not the best, or looked at nearer classes only.
    """

    visitor: str
    half_day: HalfDay
    teaching: int
    reach: int
    open: int
    is_at_limit: bool
    could: bool
    changes: tuple[Change, ...]


class Explainer:
    """The reasons of all freed half-days without a visit."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self._at_once = Counter((one.host, one.half_day) for one in plan.visits)
        self._in_year = Counter(one.host for one in plan.visits)
        self._made = Counter(one.visitor for one in plan.visits)
        self._pairs = {(one.visitor, one.host) for one in plan.visits}

    def all(self) -> list[Reason]:
        return [
            self.reason(visitor, half_day)
            for visitor in self.problem.visitors
            for half_day in sorted(visitor.free)
            if (visitor.key, half_day) not in self.plan.by_visitor
        ]

    @cached_property
    def _teaching(self) -> dict[HalfDay, list[Host]]:
        """Who teaches on each half-day, their own class not being held by others."""
        freed = {one.key: one.free for one in self.problem.visitors}
        return {
            half_day: [
                one
                for one in self.problem.hosts
                if half_day in one.teaching and half_day not in freed.get(one.key, frozenset())
            ]
            for half_day in self.problem.half_days
        }

    def reason(self, visitor: Visitor, half_day: HalfDay) -> Reason:
        """Say why this teacher sees nobody on this half-day."""
        rules = self.problem.rules
        teaching = [one for one in self._teaching[half_day] if one.key != visitor.key]
        far = {one.key: minutes_between(self.problem.minutes, visitor.school, one.school) for one in teaching}
        within = [one for one in teaching if (far[one.key] or 0) <= rules.farthest_min and far[one.key] is not None]
        within.sort(key=lambda one: (far[one.key] or 0, one.key))
        reach = [one for one in within if (far[one.key] or 0) <= visitor.limit_min]
        apart = self.problem.decisions.forbidden | self.problem.decisions.met | self._pairs
        is_at_limit = visitor.most is not None and self._made[visitor.key] >= visitor.most
        is_open = [one for one in reach if (visitor.key, one.key) not in apart]
        could = not is_at_limit and any(self._has_room(one, half_day) for one in is_open)
        found: list[Change] = []
        if is_at_limit:
            if any(self._has_room(one, half_day) for one in is_open):
                found.append(MoreVisits(visitor.key, self._made[visitor.key] + 1))
        else:
            found += sorted((self._more(one, half_day) for one in is_open), key=self._added)[:1]
            past = (one for one in within if (far[one.key] or 0) > visitor.limit_min)
            found += [
                Farther(visitor.key, one.key, far[one.key] or 0)
                for one in past
                if (visitor.key, one.key) not in apart and self._has_room(one, half_day)
            ][:1]
            found += list(self._lifted(visitor, half_day, is_open))[:1]
        return Reason(visitor.key, half_day, len(teaching), len(reach), len(is_open), is_at_limit, could, tuple(found))

    def _has_room(self, host: Host, half_day: HalfDay, *, without: Visit | None = None) -> bool:
        """Whether a class may receive one visit more then, one of the plan being left out."""
        at_once, in_year = self._at_once[host.key, half_day], self._in_year[host.key]
        if without is not None and without.host == host.key:
            at_once, in_year = at_once - (without.half_day == half_day), in_year - 1
        return at_once < host.room(half_day) and host.past + in_year < host.most

    def _more(self, host: Host, half_day: HalfDay) -> MoreVisitors:
        at_once = self._at_once[host.key, half_day] + host.taken.get(half_day, 0) + 1
        in_year = host.past + self._in_year[host.key] + 1
        return MoreVisitors(host.key, max(host.at_once, at_once), max(host.most, in_year))

    def _added(self, change: MoreVisitors) -> int:
        host = self.problem.hosts[self.problem.host_at[change.host]]
        return change.at_once - host.at_once + change.most - host.most

    def _lifted(self, visitor: Visitor, half_day: HalfDay, is_open: list[Host]) -> Iterator[LiftedLock]:
        """The locks whose visitor finds another class, once theirs is free for this one."""
        for lock in sorted(self.problem.decisions.locks):
            host = self.problem.hosts[self.problem.host_at[lock.host]]
            if host not in is_open or not self._has_room(host, half_day, without=lock):
                continue
            others = (
                one
                for one in self._teaching[lock.half_day]
                if one.key != lock.host
                and (lock.visitor, one.key) not in self._pairs
                and broken_rule(self.problem, Visit(lock.visitor, one.key, lock.half_day)) is None
            )
            if any(self._has_room(one, lock.half_day) for one in others):
                yield LiftedLock(lock)


def in_words(reason: Reason) -> str:
    """Say a reason in French."""
    if reason.is_at_limit:
        return "Cette personne fait déjà toutes les visites qu’elle peut faire."
    if reason.could:
        return "Une classe a de la place\u00a0: relancez le calcul, en regardant plus loin."
    if not reason.teaching:
        return "Personne d’autre n’enseigne dans une classe ouverte à ce moment-là."
    if not reason.reach:
        return "Aucune classe ouverte n’est assez proche pour tenir dans la demi-journée."
    if not reason.open:
        return "Les classes assez proches ont déjà été vues cette année."
    if reason.open == 1:
        return "La seule classe assez proche a tous ses visiteurs, et aucun échange ne la libère."
    return f"Les {reason.open} classes assez proches ont tous leurs visiteurs, et aucun échange n’en libère une."
