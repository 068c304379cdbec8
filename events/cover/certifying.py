"""The certificate of a plan: the prices that the solver found, said of needs and half-days, for who checks them."""

from __future__ import annotations

import numpy as np

from circo.optimal.climbing import Reached
from circo.optimal.proofs import LAST, Certificate, Prices, certified
from events.cover.problem import Problem
from events.cover.solving import Solution

NOT_PRICED = ("fairness", LAST)  # loads are convex, and what draws among equals proves nothing


def certificate_of(problem: Problem, solution: Solution) -> Certificate:
    """Write the certificate of a plan."""
    columns, rows = solution.columns, len(solution.columns.program.caps)

    def prices_of(goal: Reached) -> Prices | None:
        if goal.name in NOT_PRICED or goal.duals is None or len(goal.duals) != rows:
            return None
        duals = np.append(goal.duals, 0)  # a row of number -1 has no price
        return duals[: len(problem.needs)], duals[columns.slot_rows], duals[columns.most_rows]

    return certified(solution.reached, prices_of)
