"""The best plan, goal after goal: place, keep what people know, wishes, travel, practices seen, loads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circo.optimal.climbing import Reached, climb
from circo.optimal.programs import Ints
from circo.optimal.watching import Stopped, Watch
from partnerships.placing.columns import Columns, columns_of, first_plan, shared
from partnerships.placing.counting import goals_of
from partnerships.placing.problem import Plan, Problem


@dataclass(frozen=True, eq=False)
class Solution:
    """The choices of the plan and what each goal came to; goals not sought, after a stop, are missing."""

    choices: Ints
    reached: tuple[Reached, ...]
    columns: Columns

    def plan(self, problem: Problem) -> Plan:
        return Plan(tuple(sorted(problem.line(number) for number in self.choices.tolist())))


def solve(problem: Problem, watch: Watch | None = None) -> Solution:
    """Find the plan that is best for each goal among those best for the goals before it.

    Raises: Stopped when there was no time for the first goal.
    """
    watch = watch or Watch()
    if not watch.left:
        raise Stopped("Le calcul a été arrêté avant la première proposition.")
    columns = columns_of(problem)
    if not len(columns.choices):
        return Solution(columns.choices, tuple(Reached(name, 0, 0) for name in [*goals_of(problem), "tie"]), columns)
    first = climb(columns.program, columns.goals(problem), first_plan(problem, columns), watch)
    choices, reached = columns.choices[np.flatnonzero(first.x)], first.reached
    if watch.left:
        last = shared(problem, first.face, columns.choices, first.x)
        second = climb(last.program, last.goals, last.start, watch)
        choices = last.choices[np.flatnonzero(second.x[: len(last.choices)])]
        reached += second.reached
    return Solution(choices, reached, columns)
