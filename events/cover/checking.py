"""An independent reading of a plan and its certificate, before publication: it shares no code with what found them."""

from collections import Counter

import numpy as np

from circo.optimal.proofs import Certificate
from events.cover.counting import gives, values_of, work_of
from events.cover.problem import Plan, Problem


def faults_of(problem: Problem, plan: Plan, certificate: Certificate) -> set[str]:
    """Name what is wrong: a hard rule or a lock broken, a value that is not the plan's, prices that prove nothing."""
    needs, staff, pairs = problem.needs, problem.substitutes, problem.pairs
    x = problem.numbers_of(plan.links)
    if len(x) != len(plan.links) or (pairs.metres[x] > problem.rules.limit_m).any():
        return {"pair"}
    taken = [(needs[n], staff[s]) for n, s in zip(pairs.need[x], pairs.substitute[x], strict=True)]
    busy = Counter((s.key, half_day) for n, s in taken for half_day in n.half_days)
    served, work = Counter(n.key for n, _ in taken), work_of(problem, plan)
    faults = {"twice" for n, _ in taken if served[n.key] > n.places} | {"twice" for k in busy if busy[k] > 1}
    faults |= {"rule" for n, s in taken if not s.free.issuperset(n.half_days) or n.levels & s.refused}
    faults |= {"rule" for n, s in taken if (n.class_key, s.key) in problem.forbidden}
    faults |= {"rule" for s in staff if s.most is not None and work[s.key] > s.most}
    faults |= {"lock" for _ in problem.locks - set(plan.links)}

    # The face: pairs that locks leave open. A goal may only be proved on what all goals before it leave.
    need, one, takes = pairs.need, pairs.substitute, problem.slots[pairs.need]
    locked, held = problem.linked(problem.locks), np.zeros((len(staff), takes.shape[1]), bool)
    np.logical_or.at(held, one[locked], takes[locked])
    face = locked | ~(np.isin(need, need[locked]) | (held[one] & takes).any(axis=1))
    day = one * 10**6 + np.array([n.day.toordinal() for n in needs])[need]
    am, pm = (
        face & (takes.sum(axis=1) == 1) & np.array([n.span == half for n in needs])[need] for half in ("AM", "PM")
    )
    owner = problem.classes[need] * len(staff) + one
    is_plain = not np.isin(day[face & ~am & ~pm], day[am | pm]).any() and all(s.most is None for s in staff)
    goals = ["cover"] if is_plain else [f"cover:{p}" for p in sorted({n.priority for n in needs})]
    goals += [g for g in ("notified", "published", "misfit", "cost", "fairness", "tie") if getattr(problem, g, True)]
    names, values, given = [p.name for p in certificate.proofs], values_of(problem, plan), gives(problem)
    is_done = names == goals and all(p.value == p.bound for p in certificate.proofs)
    faults |= {"goals"} if names != goals[: len(names)] or is_done == certificate.is_stopped else set()
    faults |= {"value" for p in certificate.proofs if values.get(p.name, p.value) != p.value or p.bound < p.value}

    # Prices: no pair of the face gives more than its rows cost; only rows that the face fills may cost less than 0.
    caps = np.array([*(n.places for n in needs), *np.ones(held.size, int), *(s.most or 0 for s in staff)])
    free = np.isin(np.arange(len(caps)), need[locked])
    bonus, paid = {"cost": problem.rules.same_face_cents}, pairs.cents > 0
    for p, by_row in ((proof, proof.prices) for proof in certificate.proofs if proof.prices):
        of_needs, of_slots, of_most = by_row
        cost = of_needs[need] + (of_slots[one] * takes).sum(axis=1) + of_most[one] * problem.loads[need]
        cost, prices = cost - p.scale * given[p.name], np.concatenate([array.ravel() for array in by_row])
        is_proved = _least(cost[face], owner[face], p.scale * bonus.get(p.name, 0)) >= 0 and (prices[~free] >= 0).all()
        # Two schools in one day are paid once: pairs then say too little.
        is_shared = p.name in bonus and np.isin(day[am & paid], day[pm & paid]).any()
        faults |= {"price"} if not is_proved or is_shared or int(prices @ caps) != p.scale * p.value else set()
        face, am, pm, free = face & (cost == 0), am & (cost == 0), pm & (cost == 0), free | (prices != 0)
    return faults


def _least(cost: np.ndarray, owner: np.ndarray, bonus: int) -> int:
    """The least cost of some pairs of one class and one substitute, each after the first giving `bonus` back."""
    order = np.lexsort((cost, owner))
    sums, first = np.cumsum(cost[order] - bonus), np.searchsorted(owner[order], owner[order])
    return int((sums - np.where(first > 0, sums[first - 1], 0)).min(initial=-bonus)) + bonus
