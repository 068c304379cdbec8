"""The best visits, goal after goal: as many as can be, what people know, one's own school, worth, loads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circo.optimal.climbing import Reached, climb
from circo.optimal.programs import Ints
from circo.optimal.watching import Stopped, Watch
from partnerships.crossing.columns import Columns, columns_of, first_plan, returned, shared
from partnerships.crossing.counting import goals_of
from partnerships.crossing.problem import Plan, Problem


@dataclass(frozen=True, eq=False)
class Solution:
    """The choices of the plan and what each goal came to; goals not sought, after a stop, are missing.

    `returned` numbers the pairs that have a row of their own when visits returned in the plan are counted.
    """

    choices: Ints
    reached: tuple[Reached, ...]
    columns: Columns
    returned: Ints

    def plan(self, problem: Problem) -> Plan:
        return Plan(tuple(sorted(problem.visit(number) for number in self.choices.tolist())))


def solve(problem: Problem, watch: Watch | None = None) -> Solution:
    """Find the plan that is best for each goal among those best for the goals before it.

    Raises: Stopped when there was no time for the first goal.
    """
    watch = watch or Watch()
    if not watch.left:
        raise Stopped("Le calcul a été arrêté avant la première proposition.")
    columns = columns_of(problem)
    nothing = np.zeros(0, np.int64)
    if not len(columns.choices):
        reached = tuple(Reached(name, 0, 0) for name in [*goals_of(problem), "tie"])
        return Solution(columns.choices, reached, columns, nothing)
    first = climb(columns.program, columns.goals(problem), first_plan(problem, columns), watch)
    found = Solution(columns.choices[np.flatnonzero(first.x)], first.reached, columns, nothing)
    if not watch.left:
        return found
    further = returned(problem, first.face, columns.choices, first.x)
    second = climb(further.program, further.goals, further.start, watch)
    chosen = further.choices[np.flatnonzero(second.x[: len(further.choices)])]
    found = Solution(chosen, found.reached + second.reached, columns, further.returned)
    if not watch.left:
        return found
    last = shared(problem, further, second.face, second.x)
    third = climb(last.program, last.goals, last.start, watch)
    chosen = last.choices[np.flatnonzero(third.x[: len(last.choices)])]
    return Solution(chosen, found.reached + third.reached, columns, further.returned)
