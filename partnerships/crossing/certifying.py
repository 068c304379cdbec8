"""The certificate of visits: the prices that the solver found, said of visitors, hosts and pairs."""

from __future__ import annotations

import json

import numpy as np

from circo.optimal.climbing import Reached
from circo.optimal.proofs import LAST, Certificate, Prices, certified
from partnerships.crossing.problem import Plan, Problem
from partnerships.crossing.solving import Solution

NOT_PRICED = ("load", LAST)  # units say them: the solver's word


def certificate_of(problem: Problem, solution: Solution) -> Certificate:
    """Write the certificate of visits."""
    columns, slots, plain = solution.columns, len(problem.half_days), len(solution.columns.codes)

    def prices_of(goal: Reached) -> Prices | None:
        rows = plain + (len(solution.returned) if goal.name == "worth" else 0)
        if goal.name in NOT_PRICED or goal.duals is None or len(goal.duals) != rows:
            return None
        prices, back = np.zeros(columns.ends[-1], np.int64), np.zeros(len(problem.pairs), np.int64)
        prices[columns.codes] = goal.duals[:plain]
        back[solution.returned] = goal.duals[plain:] if rows > plain else 0
        of_visitors, of_hosts, *others = np.split(prices, columns.ends[:-1])
        return of_visitors.reshape(-1, slots), of_hosts.reshape(-1, slots), *others, back

    return certified(solution.reached, prices_of)


def as_bytes(plan: Plan, certificate: Certificate) -> bytes:
    """A plan and what proves it: equal for the same problem, whatever the order of its parts and the machine."""
    visits = [[one.visitor, one.host, one.half_day.code] for one in plan.visits]
    data = {"visits": visits} | certificate.as_data
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
