"""What a plan is worth, counted from the plan itself: nothing here comes from what found it."""

from __future__ import annotations

from collections import Counter

import numpy as np

from events.cover.problem import Plan, Problem


def gives(problem: Problem) -> dict[str, np.ndarray]:
    """What each pair gives to each goal that adds pairs up; to money, if no day is shared and no face seen again."""
    priority, pairs = problem.priorities[problem.pairs.need], problem.pairs
    found = {f"cover:{one}": (priority == one).astype(np.int64) for one in sorted(set(problem.priorities.tolist()))}
    return found | {
        "cover": problem.priorities.max(initial=0) + 1 - priority,
        "notified": problem.linked(problem.notified).astype(np.int64),
        "published": problem.linked(problem.published).astype(np.int64),
        "misfit": -pairs.misfit,
        "cost": problem.rules.affinity_cents * problem.is_affine - pairs.cents,
    }


def work_of(problem: Problem, plan: Plan) -> Counter[str]:
    """The half-days of work of each substitute."""
    work: Counter[str] = Counter()
    for need, key in plan.links:
        work[key] += problem.needs[problem.need_at[need]].load
    return work


def cents_of(problem: Problem, plan: Plan) -> dict[tuple[str, int], int]:
    """The ISSR of each substitute and day (as an ordinal): once, for the farthest school."""
    paid: dict[tuple[str, int], int] = {}
    for number in problem.numbers_of(plan.links).tolist():
        need_key, key = problem.link(number)
        day = key, problem.needs[problem.need_at[need_key]].day.toordinal()
        paid[day] = max(paid.get(day, 0), int(problem.pairs.cents[number]))
    return paid


def values_of(problem: Problem, plan: Plan) -> dict[str, int]:
    """What the plan gives to each goal."""
    chosen, work = problem.numbers_of(plan.links), work_of(problem, plan)
    values = {name: int(given[chosen].sum()) for name, given in gives(problem).items()}
    faces = {(problem.needs[problem.need_at[need]].class_key, key) for need, key in plan.links}
    known = problem.rules.affinity_cents * int(problem.is_affine[chosen].sum())
    seen_again = problem.rules.same_face_cents * (len(plan.links) - len(faces))
    values["cost"] = known + seen_again - sum(cents_of(problem, plan).values())
    past = {one.key: one.past_load for one in problem.substitutes}
    values["fairness"] = sum(past[key] ** 2 - (past[key] + load) ** 2 for key, load in work.items())
    return values
