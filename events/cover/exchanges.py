"""Who could take over from whom: the plan as a graph, where an uncovered class asks for the place of another."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array

from events.cover.counting import work_of
from events.cover.problem import Plan, Problem


class Exchanges:
    """An arc goes from one need to another when a substitute of the second could take the first instead.

    On a date where whole days meet half-days (`is_mixed`), a chain of such arcs may not be a possible exchange.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        chosen = problem.numbers_of(plan.links)
        need, substitute = problem.pairs.need[chosen], problem.pairs.substitute[chosen]
        self.served = np.full((len(problem.substitutes), len(problem.half_days)), -1)
        for half_day in range(len(problem.half_days)):
            on = problem.slots[need, half_day]
            self.served[substitute[on], half_day] = need[on]
        counts = np.bincount(need, minlength=len(problem.needs))
        self.is_held, self.is_covered = counts > 0, counts >= problem.places
        self.pairs = np.flatnonzero(problem.is_open)

    @cached_property
    def _slots(self) -> np.ndarray:
        return self.problem.slots[self.problem.pairs.need[self.pairs]]

    @cached_property
    def held(self) -> np.ndarray:
        """What each open pair's substitute has now, at the first then at the last half-day; -1 for nothing."""
        substitute = self.problem.pairs.substitute[self.pairs]
        first = np.argmax(self._slots, axis=1)
        last = self._slots.shape[1] - 1 - np.argmax(self._slots[:, ::-1], axis=1)
        return np.stack([self.served[substitute, first], self.served[substitute, last]], axis=1)

    @cached_property
    def is_idle(self) -> np.ndarray:
        """The open pairs whose substitute has nothing then."""
        return (self.held == -1).all(axis=1)

    @cached_property
    def is_free(self) -> np.ndarray:
        """Those of them that could be added to the plan as it stands: the limits allow it."""
        problem = self.problem
        work = work_of(problem, self.plan)
        left = np.array([np.inf if one.most is None else one.most - work[one.key] for one in problem.substitutes])
        load = problem.loads[problem.pairs.need[self.pairs]]
        return self.is_idle & (load <= left[problem.pairs.substitute[self.pairs]])

    @cached_property
    def arcs(self) -> csr_array:
        """Needs × needs."""
        need = self.problem.pairs.need[self.pairs]
        rows, columns = np.concatenate([need, need]), self.held.T.reshape(-1)
        kept = (columns >= 0) & (columns != rows)
        size = len(self.problem.needs)
        graph = coo_array((np.ones(int(kept.sum()), bool), (rows[kept], columns[kept])), shape=(size, size))
        return csr_array(graph)

    @cached_property
    def has_limits(self) -> bool:
        return any(one.most is not None for one in self.problem.substitutes)

    @cached_property
    def is_mixed(self) -> np.ndarray:
        """The needs of dates where whole days meet half-days."""
        spans: dict = {}
        for need in self.problem.needs:
            spans.setdefault(need.day, set()).add(len(need.half_days))
        return np.array([len(spans[need.day]) > 1 for need in self.problem.needs], bool)

    def reached(self, start: np.ndarray, *, backwards: bool = False) -> np.ndarray:
        """The needs to which chains lead from those of a mask, these included; or from which they come."""
        graph = self._turned if backwards else self.arcs
        seen, edge = start.copy(), np.flatnonzero(start)
        while len(edge):
            found = np.unique(graph[edge].indices)
            edge = found[~seen[found]]
            seen[edge] = True
        return seen

    @cached_property
    def _turned(self) -> csr_array:
        return csr_array(self.arcs.T)
