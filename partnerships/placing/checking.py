"""An independent reading of placements and of their certificate: it shares no code with what found them."""

from collections import Counter
from itertools import pairwise

import numpy as np

from circo.optimal.proofs import Certificate
from partnerships.placing.counting import gives, goals_of, values_of
from partnerships.placing.problem import KINDS, Line, Plan, Problem


def faults_of(problem: Problem, plan: Plan, certificate: Certificate) -> set[str]:
    """Name what is wrong: a hard rule or a lock broken, a value that is not the plan's, prices that prove nothing."""
    if any(problem.number_of(line) is None for line in plan.lines):
        return {"line"}
    used, most, faults = Counter[tuple](), dict[tuple, int](), set[str]()
    for line in plan.lines:
        takes, obeys = _read(problem, line)
        used.update({key: amount for key, (amount, _) in takes.items()})
        most |= {key: cap for key, (_, cap) in takes.items()}
        faults |= set() if obeys else {"rule"}
    faults |= {"lock" for _ in problem.decisions.locks - set(plan.lines)}
    faults |= {"room" for key, amount in used.items() if amount > most[key]}
    goals, names = [*goals_of(problem), "tie"], [p.name for p in certificate.proofs]
    values, is_done = values_of(problem, plan), names == goals and all(p.value == p.bound for p in certificate.proofs)
    faults |= {"goals"} if names != goals[: len(names)] or is_done == certificate.is_stopped else set()
    faults |= {"value" for p in certificate.proofs if values.get(p.name, p.value) != p.value or p.bound < p.value}

    # Prices: no choice of the face gives more than its rows cost; only rows that the face fills may cost less than 0.
    c, unit, given = problem.choices, problem.unit, gives(problem)
    locked = np.isin([p.key for p in problem.parties], [line.party for line in problem.decisions.locks])
    face, size = ~locked[c.party] | problem.linked(problem.decisions.locks), problem.sizes[c.party] // unit
    seats, left = np.array([(h.seats, max(h.most - h.past, 0)) for h in problem.hosts], int).reshape(-1, 2).T // unit
    slot_at = {one: number for number, one in enumerate(problem.half_days)}
    widths = [len(problem.half_days)] * 2 + [len(problem.rules.periods) + 1]
    learns, holds, during = (np.zeros((len(problem.dates), width), int) for width in widths)
    for n, days in enumerate(problem.dates):
        for table, kind in zip((learns, learns, holds), days, strict=True):
            table[n, [slot_at[one] for one in kind]] = 1
        during[n, [problem.period_of(one) for kind in days for one in kind]] = 1
    room = np.array([host.left(one) for host in problem.hosts for one in problem.half_days], int) // unit
    school = np.array([problem.rules.left_in(s, n) for s in problem.schools for n in range(widths[2])], int) // unit
    full: list[np.ndarray] = [locked, *[np.zeros(1, bool)] * 3]
    for p, prices in ((proof, proof.prices) for proof in certificate.proofs if proof.prices):
        of_parties, of_slots, of_years, of_schools = prices
        cost = of_parties[c.party] + size * of_years[c.host] - p.scale * given[p.name]
        cost += size * (learns[c.dates] * of_slots[c.host]).sum(axis=1)
        cost += seats[c.host] * (holds[c.dates] * of_slots[c.host]).sum(axis=1)
        cost += size * (during[c.dates] * of_schools[problem.school_of[c.host]]).sum(axis=1)
        total = of_parties.sum() + of_slots.ravel() @ room + of_years @ left + of_schools.ravel() @ school
        is_cheap = any(((price < 0) & ~filled).any() for price, filled in zip(prices, full, strict=True))
        faults |= {"price"} if is_cheap or (cost[face] < 0).any() or total != p.scale * p.value else set()
        face, full = face & (cost == 0), [filled | (one != 0) for one, filled in zip(prices, full, strict=True)]
    return faults


def _read(problem: Problem, line: Line) -> tuple[dict[tuple, tuple[int, int]], bool]:
    """What a line takes, of how much at most, and whether it obeys each hard rule by itself."""
    party, host = problem.parties[problem.party_at[line.party]], problem.hosts[problem.host_at[line.host]]
    size, done = party.size, [one for kind in line.days for one in kind]
    takes: dict[tuple, tuple[int, int]] = {("party", party.key): (1, 1)}
    takes["year", host.key] = size, host.most - host.past
    takes |= {("class", host.key, one): (host.seats if one in line.days[2] else size, host.left(one)) for one in done}
    school, periods = host.school, map(problem.period_of, done)
    takes |= {("school", school, period): (size, problem.rules.left_in(school, period)) for period in periods}
    far = any(one.minutes.get(host.school, one.limit_min + 1) > one.limit_min for one in party.students)
    is_open = all(host.offers.get(kind, set()) >= {*days} for kind, days in zip(KINDS, line.days, strict=True))
    obeys = is_open and party.away.isdisjoint(done) and all(before < after for before, after in pairwise(done))
    obeys &= (not far or line in problem.decisions.locks) and (party.key, host.key) not in problem.decisions.forbidden
    return takes, obeys and tuple(len(kind) for kind in line.days) == party.programme.needs
