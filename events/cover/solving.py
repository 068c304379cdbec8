"""The best plan, goal after goal: cover, keep what people know, levels, money and known faces, fair loads."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from circo.optimal.climbing import Reached, climb
from circo.optimal.programs import Ints
from circo.optimal.watching import Stopped, Watch
from events.cover.bundles import bundled, loaded
from events.cover.columns import Columns, columns_of, first_goals
from events.cover.problem import Plan, Problem


@dataclass(frozen=True, eq=False)
class Solution:
    """The plan (`pairs` numbers its pairs) and what each goal came to; goals not sought, after a stop, are missing."""

    pairs: Ints
    reached: tuple[Reached, ...]
    columns: Columns

    def plan(self, problem: Problem) -> Plan:
        return Plan(tuple(sorted(problem.link(number) for number in self.pairs.tolist())))


def solve(problem: Problem, watch: Watch | None = None) -> Solution:
    """Find the plan that is best for each goal among those best for the goals before it.

    Raises: Stopped when there was no time for the first goal.
    """
    watch = watch or Watch()
    columns = columns_of(problem)
    locked = problem.linked(problem.locks)[columns.pairs].astype(np.int64)
    if not watch.left:
        raise Stopped("Le calcul a été arrêté avant le premier plan.")
    first = climb(columns.program, first_goals(problem, columns), locked, watch)
    pairs, reached = columns.pairs[np.flatnonzero(first.x)], first.reached
    if watch.left:
        bundles, money = bundled(problem, first.face, columns.pairs, first.x)
        second = climb(bundles.program, [money], bundles.start, watch)
        pairs, reached = bundles.pairs_of(second.x), reached + second.reached
        if watch.left:
            last, goals = loaded(problem, replace(bundles, program=second.face), second.x)
            third = climb(last.program, goals, last.start, watch)
            pairs, reached = last.pairs_of(third.x), reached + third.reached
    return Solution(pairs, reached, columns)
