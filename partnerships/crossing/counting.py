"""What visits are worth, counted from the plan itself: nothing here comes from what found it."""

from __future__ import annotations

from collections import Counter

import numpy as np

from partnerships.crossing.choosing import RETURNED_MIN, minutes_between, worth_of
from partnerships.crossing.problem import Plan, Problem


def goals_of(problem: Problem) -> list[str]:
    """The goals in order, but for the last draw."""
    known = ["told", "kept"] if problem.decisions.published else []
    return ["visits", *known, "school", "worth", "load"]


def gives(problem: Problem) -> dict[str, np.ndarray]:
    """What each choice gives to each goal that adds choices up; visits returned in the same plan are apart."""
    ones = np.ones(len(problem.choices.visitor), np.int64)
    return {
        "visits": ones,
        "told": problem.linked(problem.decisions.told).astype(np.int64),
        "kept": problem.linked(problem.decisions.published).astype(np.int64),
        "school": problem.is_near.astype(np.int64),
        "worth": problem.choices.worth,
    }


def values_of(problem: Problem, plan: Plan) -> dict[str, int]:
    """What the plan gives to each goal, read from visitors and hosts."""
    visitors, hosts = {one.key: one for one in problem.visitors}, {one.key: one for one in problem.hosts}
    values: Counter[str] = Counter(dict.fromkeys(goals_of(problem), 0))
    received: Counter[str] = Counter()
    pairs = {(one.visitor, one.host) for one in plan.visits}
    for visit in plan.visits:
        visitor, host = visitors[visit.visitor], hosts[visit.host]
        values["visits"] += 1
        values["told"] += visit in problem.decisions.told
        values["kept"] += visit in problem.decisions.published
        values["school"] += visitor.school == host.school
        values["worth"] += worth_of(problem.decisions, visitor, host)
        values["worth"] -= minutes_between(problem.minutes, visitor.school, host.school) or 0
        received[host.key] += 1
    values["worth"] += RETURNED_MIN * sum((other, one) in pairs and one < other for one, other in pairs)
    values["load"] = sum(hosts[key].past ** 2 - (hosts[key].past + count) ** 2 for key, count in received.items())
    return dict(values)
