"""The certificate of a plan: the prices that the solver found, said of parties, classes and schools."""

from __future__ import annotations

import json

import numpy as np

from circo.optimal.climbing import Reached
from circo.optimal.proofs import LAST, Certificate, Prices, certified
from partnerships.placing.columns import Rows
from partnerships.placing.problem import Plan, Problem
from partnerships.placing.solving import Solution

NOT_PRICED = ("spread", "load", LAST)  # units say them: the solver's word


def certificate_of(problem: Problem, solution: Solution) -> Certificate:
    """Write the certificate of a plan."""
    rows, codes = Rows(problem), solution.columns.codes

    def prices_of(goal: Reached) -> Prices | None:
        if goal.name in NOT_PRICED or goal.duals is None or len(goal.duals) != len(codes):
            return None
        prices = np.zeros(rows.size, np.int64)
        prices[codes] = goal.duals
        parts = np.split(prices, [len(problem.parties), rows.first_year, rows.first_period])
        return parts[0], parts[1].reshape(-1, rows.slots), parts[2], parts[3].reshape(-1, rows.periods)

    return certified(solution.reached, prices_of)


def as_bytes(plan: Plan, certificate: Certificate) -> bytes:
    """A plan and what proves it: equal for the same problem, whatever the order of its parts and the machine."""
    lines = [[line.party, line.host, [[one.code for one in kind] for kind in line.days]] for line in plan.lines]
    data = {"lines": lines} | certificate.as_data
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
