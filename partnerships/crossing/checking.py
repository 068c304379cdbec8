"""An independent reading of visits and of their certificate: it shares no code with what found them."""

from collections import Counter

import numpy as np

from circo.optimal.proofs import Certificate
from partnerships.crossing.counting import RETURNED_MIN, gives, goals_of, values_of
from partnerships.crossing.problem import Plan, Problem


def faults_of(problem: Problem, plan: Plan, certificate: Certificate) -> set[str]:
    """Name what is wrong: a hard rule or a lock broken, a value that is not the plan's, prices that prove nothing."""
    decisions, rules, visitors, hosts = problem.decisions, problem.rules, problem.visitors, problem.hosts
    if len(problem.numbers_of(plan.visits)) != len(plan.visits):
        return {"visit"}
    used, most, faults = Counter[tuple](), dict[tuple, int](), set[str]()
    freed = {(v.key, one) for v in visitors for one in v.free}
    for visit in plan.visits:
        v, h, when = visitors[problem.visitor_at[visit.visitor]], hosts[problem.host_at[visit.host]], visit.half_day
        ways = [problem.minutes.get(pair) for pair in ((v.school, h.school), (h.school, v.school))]
        far = 0 if v.school == h.school else next((way for way in ways if way is not None), 10**6)
        obeys = 2 * far + rules.stay_min <= rules.half_day_min and far <= v.limit_min and v.key != h.key
        obeys &= when in v.free and when in h.teaching and (h.key, when) not in freed
        obeys &= (v.key, h.key) not in decisions.met | decisions.forbidden
        faults |= set() if obeys else {"rule"}
        takes: dict[tuple, int] = {
            ("visitor", v.key, when): 1,
            ("host", h.key, when): h.room(when),
            ("pair", v.key, h.key): 1,
        }
        takes |= {("year", h.key): h.most - h.past} | ({} if v.most is None else {("most", v.key): v.most})
        used.update(takes.keys())
        most |= takes
    faults |= {"room" for key, count in used.items() if count > most[key]}
    faults |= {"lock" for _ in decisions.locks - set(plan.visits)}
    goals, names = [*goals_of(problem), "tie"], [p.name for p in certificate.proofs]
    values, is_done = values_of(problem, plan), names == goals and all(p.value == p.bound for p in certificate.proofs)
    faults |= {"goals"} if names != goals[: len(names)] or is_done == certificate.is_stopped else set()
    faults |= {"value" for p in certificate.proofs if values.get(p.name, p.value) != p.value or p.bound < p.value}

    # Prices: no choice of the face gives more than its rows cost; only rows that the face fills may cost less than 0.
    c, pair, back, given = problem.choices, problem.pair_of, problem.returned_by, gives(problem)
    slots = len(problem.half_days)
    locked, turn = problem.linked(decisions.locks), c.visitor * slots + c.slot
    held = np.isin(np.arange(len(visitors) * slots), turn[locked])
    face, full = locked | ~held[turn], [held.reshape(-1, max(slots, 1)), *[np.zeros(1, bool)] * 5]
    seats = np.array([[h.room(one) for one in problem.half_days] for h in hosts], int).reshape(len(hosts), slots)
    left = np.array([max(h.most - h.past, 0) for h in hosts], int)
    limits = np.array([slots if v.most is None else v.most for v in visitors], int)
    for p, prices in ((proof, proof.prices) for proof in certificate.proofs if proof.prices):
        of_turns, of_slots, of_years, of_limits, of_pairs, of_ways = prices
        cost = of_turns[c.visitor, c.slot] + of_slots[c.host, c.slot] + of_years[c.host] + of_limits[c.visitor]
        cost += of_pairs[pair] - of_ways[pair] - p.scale * given[p.name]
        total = of_turns.sum() + (of_slots * seats).sum() + of_years @ left + of_limits @ limits + of_pairs.sum()
        is_cheap = any(((price < 0) & ~filled).any() for price, filled in zip(prices, full, strict=True))
        faults |= {"price"} if is_cheap or (cost[face] < 0).any() or total != p.scale * p.value else set()
        both = np.flatnonzero((np.bincount(pair[face], minlength=len(back)) > 0) & (back >= 0))
        both = both[np.isin(back[both], both)] if p.name == "worth" else both[:0]
        faults |= {"price"} if (of_ways[both] + of_ways[back[both]] < p.scale * RETURNED_MIN).any() else set()
        face, full = face & (cost == 0), [filled | (one != 0) for one, filled in zip(prices, full, strict=True)]
    return faults
