"""Somebody is ill, a teacher stays in class: the plan that covers as much as can be, and moves the fewest people.

In milliseconds, without a certificate: a published plan is repaired by `events.repairs`, which seeks it again.
Source: docs/decisions/0031-repairs.md
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from circo.calendar.rules import HalfDay
from circo.optimal.watching import Watch
from events.cover.exchanges import Exchanges
from events.cover.problem import Link, Plan
from events.cover.solving import solve

# A chain weighs what it costs, the most important first: digits of one number, far wider than what they hold.
TOLD, MOVED, MISFIT = 2**46, 2**36, 2**24
FAR = 2**62


@dataclass(frozen=True)
class Repair:
    """The plan after, and who is moved by it, beside the person concerned."""

    plan: Plan
    moved: tuple[str, ...]


class Repairs:
    """Repairs of one published plan, which was the best: its graph is made once, then each answer is one search.

    Where half-days do not meet whole days, a class that loses somebody asks for a chain of exchanges, and the lightest
    is the proved answer; elsewhere the whole plan is sought again, changes coming right after coverage.
    """

    def __init__(self, exchanges: Exchanges) -> None:
        self.exchanges = exchanges
        problem = exchanges.problem
        pairs = exchanges.pairs
        self._need, self._one = problem.pairs.need[pairs], problem.pairs.substitute[pairs]
        self._held = exchanges.held[:, 0]
        told = problem.linked(problem.notified).astype(np.int64)
        worth = problem.pairs.misfit * MISFIT + problem.pairs.cents
        chosen = problem.numbers_of(exchanges.plan.links)
        half_days = np.argmax(problem.slots, axis=1)
        leaving = np.zeros(exchanges.served.shape, np.int64)  # what somebody moved leaves behind
        at = problem.pairs.substitute[chosen], half_days[problem.pairs.need[chosen]]
        leaving[at] = told[chosen] * TOLD - worth[chosen]
        self._weights = MOVED + worth[pairs] + leaving[self._one, half_days[self._need]]
        when = half_days[self._need]
        self._when = half_days
        self._arcs, self._idle = (
            [np.flatnonzero(which & (when == half_day)) for half_day in range(len(problem.half_days))]
            for which in (self._held >= 0, self._held < 0)
        )

    def after_absence(self, substitute: str, half_days: Collection[HalfDay], watch: Watch | None = None) -> Repair:
        """Repair the plan when a substitute can't come on these half-days."""
        exchanges, problem = self.exchanges, self.exchanges.problem
        one = problem.substitute_at[substitute]
        out = np.array([half_day in half_days for half_day in problem.half_days], bool)
        lost = sorted({number for number in exchanges.served[one, out].tolist() if number >= 0})
        gone = {(problem.needs[number].key, substitute) for number in lost}
        if exchanges.is_mixed[lost].any() or exchanges.has_limits or gone & problem.locks:
            away = (problem.pairs.substitute == one) & problem.slots[problem.pairs.need][:, out].any(axis=1)
            return self._sought_again(away, substitute, watch or Watch())
        new: list[Link] = []
        for number in lost:
            dropped, taken = self._chain_from(number)
            gone |= dropped
            new += taken
        return self._repaired(gone, new, substitute)

    def after_withdrawal(self, need: str, watch: Watch | None = None) -> Repair:
        """Repair the plan when a class needs nobody any more."""
        exchanges, problem = self.exchanges, self.exchanges.problem
        number, substitute = problem.need_at[need], exchanges.plan.by_need.get(need)
        if substitute is None:
            return Repair(exchanges.plan, ())
        if exchanges.is_mixed[number] or exchanges.has_limits:
            return self._sought_again(problem.pairs.need == number, substitute, watch or Watch())
        dropped, taken = self._chain_to(problem.substitute_at[substitute], number)
        return self._repaired({(need, substitute)} | dropped, taken, substitute)

    def _sought_again(self, away: np.ndarray, concerned: str, watch: Watch) -> Repair:
        problem, before = self.exchanges.problem, frozenset(self.exchanges.plan.links)
        changed = problem.without(away, locks=self._kept(away), published=before)
        plan = solve(changed, watch).plan(changed)
        moved = {one for _, one in before ^ frozenset(plan.links)} - {concerned}
        return Repair(plan, tuple(sorted(moved)))

    def _kept(self, away: np.ndarray) -> frozenset[Link]:
        problem = self.exchanges.problem
        return frozenset(link for link in problem.locks if not away[problem.numbers_of([link])].any())

    def _repaired(self, gone: set[Link], new: list[Link], concerned: str) -> Repair:
        links = (set(self.exchanges.plan.links) - gone) | set(new)
        return Repair(Plan(tuple(sorted(links))), tuple(sorted({one for _, one in new} - {concerned})))

    def _chain_from(self, number: int) -> tuple[set[Link], list[Link]]:
        """The lightest chain from a class that lost somebody to somebody idle; else to the class that matters least."""
        problem, when = self.exchanges.problem, self._when[number]
        weights = self._lightest(np.array([number]), when)
        idle = self._idle[when]
        idle = idle[weights[self._need[idle]] < FAR]
        if len(idle):
            return self._path(idle[np.argmin(weights[self._need[idle]] + self._weights[idle])], weights)
        reached = np.flatnonzero(weights < FAR)
        worst = reached[problem.priorities[reached] == problem.priorities[reached].max()]
        return self._back(int(worst[np.argmin(weights[worst])]), weights)

    def _chain_to(self, freed: int, withdrawn: int) -> tuple[set[Link], list[Link]]:
        """The lightest chain from the most important class that can have somebody, now that one is free."""
        problem, when = self.exchanges.problem, self._when[withdrawn]
        ends = self._arcs[when][self._held[self._arcs[when]] == withdrawn]
        ends = ends[self._one[ends] == freed]
        alone = ~self.exchanges.is_covered & (self._when == when)
        for priority in sorted(set(problem.priorities[alone].tolist())):
            starts = np.flatnonzero(alone & (problem.priorities == priority))
            weights = self._lightest(starts, when, but=withdrawn)
            found = ends[weights[self._need[ends]] < FAR]
            if len(found):
                return self._path(found[np.argmin(weights[self._need[found]] + self._weights[found])], weights)
        return set(), []

    def _lightest(self, starts: np.ndarray, when: int, *, but: int = -1) -> np.ndarray:
        """The lightest chain to each need, in rounds over the arcs of needs that got lighter (Bellman, Ford)."""
        weights = np.full(len(self.exchanges.problem.needs) + 1, FAR)
        weights[starts] = 0
        arcs, lighter = self._arcs[when], starts
        first = np.searchsorted(self._need[arcs], np.arange(len(weights)))
        while len(lighter):
            sizes = first[lighter + 1] - first[lighter]
            active = arcs[np.repeat(first[lighter] - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())]
            ends = self._held[active]
            before = weights[ends]
            np.minimum.at(weights, ends, weights[self._need[active]] + self._weights[active])
            weights[but] = FAR
            lighter = np.unique(ends[weights[ends] < before])
        return weights[:-1]

    def _path(self, last: int, weights: np.ndarray) -> tuple[set[Link], list[Link]]:
        """A chain whose last arc leads to somebody idle: the pairs that it drops, and those that it takes."""
        dropped, taken = self._back(int(self._need[last]), weights)
        return dropped, [*taken, self.exchanges.problem.link(self.exchanges.pairs[last])]

    def _back(self, end: int, weights: np.ndarray) -> tuple[set[Link], list[Link]]:
        """The chain to a need, from its end: each arc takes from a need what the need before receives."""
        problem = self.exchanges.problem
        arcs = self._arcs[self._when[end]]
        dropped, taken = set(), []
        while weights[end] > 0:
            into = arcs[self._held[arcs] == end]
            arc = into[weights[self._need[into]] + self._weights[into] == weights[end]][0]
            need, one = problem.link(self.exchanges.pairs[arc])
            dropped.add((problem.needs[end].key, one))
            taken.append((need, one))
            end = int(self._need[arc])
        return dropped, taken
