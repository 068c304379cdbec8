"""The same placements, solved in other ways: every plan, one by one, and CP-SAT on a model said anew from the data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, product

from ortools.sat.python import cp_model

from partnerships.placing.counting import SIGHTINGS, WORTH, goals_of, values_of
from partnerships.placing.problem import KINDS, Host, Line, Party, Plan, Problem


def every_line(problem: Problem, party: Party, host: Host) -> Iterator[Line]:
    """Every line that obeys the hard rules by itself, from the data alone; half-days need not follow one another."""
    if any(one.minutes.get(host.school, 999) > one.limit_min for one in party.students) or party.size > host.seats:
        return
    if (party.key, host.key) in problem.decisions.forbidden:
        return
    for days in product(
        *(
            combinations(sorted(host.offers.get(kind, frozenset()) - party.away), count)
            for kind, count in zip(KINDS, party.programme.needs, strict=True)
        )
    ):
        done = [one for kind in days for one in kind]
        if done == sorted(set(done)):
            yield Line(party.key, host.key, days)


def best_of_all(problem: Problem, lines: dict[str, list[Line]]) -> list[int]:
    """Try every plan made of these lines, by party."""
    locked = {line.party: line for line in problem.decisions.locks}
    choices = [[locked[one.key]] if one.key in locked else [None, *lines[one.key]] for one in problem.parties]
    best: list[int] = []
    for chosen in product(*choices):
        plan = Plan(tuple(line for line in chosen if line))
        if obeys(problem, plan):
            best = max(best, [values_of(problem, plan)[name] for name in goals_of(problem)])
    return best


def obeys(problem: Problem, plan: Plan) -> bool:
    used, most = defaultdict(int), {}
    for line in plan.lines:
        for key, amount, cap in takes(problem, line):
            used[key] += amount
            most[key] = cap
    return all(used[key] <= most[key] for key in used)


def takes(problem: Problem, line: Line) -> Iterator[tuple[tuple, int, int]]:
    """What a line takes of what, of which there is so much."""
    party = next(one for one in problem.parties if one.key == line.party)
    host = next(one for one in problem.hosts if one.key == line.host)
    yield ("year", host.key), party.size, host.most - host.past
    done = {one for kind in line.days for one in kind}
    for one in done:
        free = host.seats - host.taken.get(one, 0)
        yield ("class", host.key, one), host.seats if one in line.days[2] else party.size, free
    past = {(school, period): count for school, period, count in problem.rules.school_past}
    for period in {int(one.day > problem.rules.periods[0]) for one in done}:
        most = problem.rules.most_in(host.school) - past.get((host.school, period), 0)
        yield ("school", host.school, period), party.size, most


def cp_values(problem: Problem) -> list[int]:
    """Goal after goal by CP-SAT, each held by a row, over the same choices."""
    model = cp_model.CpModel()
    lines = [problem.line(number) for number in range(len(problem.choices.party))]
    x = [model.new_bool_var("") for _ in lines]
    used, most, by_party = defaultdict(list), {}, defaultdict(list)
    for line, chosen in zip(lines, x, strict=True):
        by_party[line.party].append(chosen)
        for key, amount, cap in takes(problem, line):
            used[key].append(amount * chosen)
            most[key] = cap
        if line in problem.decisions.locks:
            model.add(chosen == 1)
    for key, terms in used.items():
        model.add(sum(terms) <= most[key])
    for chosen in by_party.values():
        model.add_at_most_one(chosen)
    reached = []
    for goal in expressions(problem, model, lines, x):
        model.maximize(goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model) == cp_model.OPTIMAL
        reached.append(round(solver.objective_value))
        model.add(goal >= reached[-1])
        model.clear_objective()
    return reached


def expressions(problem: Problem, model: cp_model.CpModel, lines: list[Line], x: list) -> list:
    """The goals: those of one line added up; practices and loads counted again."""
    alone = [values_of(problem, Plan((line,))) for line in lines]
    found = [
        sum(one[name] * chosen for one, chosen in zip(alone, x, strict=True))
        for name in goals_of(problem)
        if name not in ("spread", "load")
    ]
    sights, guests = defaultdict(list), defaultdict(list)
    parties, hosts = ({one.key: one for one in things} for things in (problem.parties, problem.hosts))
    for line, chosen in zip(lines, x, strict=True):
        party, host = parties[line.party], hosts[line.host]
        guests[host.key].append(party.size * chosen)
        for practice in host.practices:
            if any(practice not in one.seen for one in party.students):
                sights[party.cohort, practice].append(chosen)
    spread, load = [], []
    for terms in sights.values():
        steps = [model.new_bool_var("") for _ in range(min(SIGHTINGS, len(problem.parties)))]
        model.add(sum(steps) <= sum(terms))
        spread += [WORTH[number] * step for number, step in enumerate(steps)]
    for key, terms in guests.items():
        past = hosts[key].past
        total, square = model.new_int_var(0, 50, ""), model.new_int_var(0, 2500, "")
        model.add(total == past + sum(terms))
        model.add_multiplication_equality(square, [total, total])
        load.append(past**2 - square)
    return [*found, sum(spread), sum(load)]
