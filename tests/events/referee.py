"""The same cover problems, solved in other ways: every plan, one by one; and a plain MILP for another solver."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from ortools.linear_solver import pywraplp

from events.cover.counting import values_of
from events.cover.problem import Link, Plan, Problem


def goals_of(problem: Problem) -> list[str]:
    """The goals, each priority apart."""
    goals = [f"cover:{one}" for one in sorted(set(problem.priorities.tolist()))]
    goals += ["notified"] if problem.notified else []
    goals += ["published"] if problem.published else []
    return [*goals, "misfit", "cost", "fairness"]


def values(problem: Problem, plan: Plan) -> list[int]:
    """What a plan gives to each goal, in order."""
    counted = values_of(problem, plan)
    return [counted[goal] for goal in goals_of(problem)]


def best_of_all(problem: Problem) -> list[int]:
    """Try every plan."""
    return max(values(problem, plan) for plan in every_plan(problem))


def every_plan(problem: Problem) -> Iterator[Plan]:
    """Every plan that obeys the hard rules and the locks (without reserve)."""
    choices: list[list[Link | None]] = []
    for need in problem.needs:
        links = [problem.link(k) for k in (problem.pairs.need == problem.need_at[need.key]).nonzero()[0].tolist()]
        fixed = [link for link in links if link in problem.locks]
        choices.append(fixed or [None, *links])
    for chosen in product(*choices):
        links = tuple(link for link in chosen if link)
        if _obeys(problem, links):
            yield Plan(links)


def _obeys(problem: Problem, links: tuple[Link, ...]) -> bool:
    busy: set = set()
    work: dict[str, int] = {}
    for need_key, one in links:
        half_days = {(one, half_day) for half_day in problem.needs[problem.need_at[need_key]].half_days}
        if busy & half_days:
            return False
        busy |= half_days
        work[one] = work.get(one, 0) + len(half_days)
    most = {one.key: one.most for one in problem.substitutes}
    return all(most[one] is None or load <= most[one] for one, load in work.items())


def milp_values(problem: Problem) -> list[int]:
    """Goal after goal by SCIP, each held by a row: linking rows for faces, one variable a day for money."""
    solver = pywraplp.Solver.CreateSolver("SCIP")
    pairs, needs, staff = problem.pairs, problem.needs, problem.substitutes
    x = [solver.BoolVar(f"x{number}") for number in range(len(pairs.need))]
    ends = list(zip(pairs.need.tolist(), pairs.substitute.tolist(), strict=True))
    for number, need in enumerate(needs):
        solver.Add(sum(x[k] for k, (n, _) in enumerate(ends) if n == number) <= need.places)
    for number, one in enumerate(staff):
        own = [(k, needs[n]) for k, (n, s) in enumerate(ends) if s == number]
        for half_day in problem.half_days:
            solver.Add(sum(x[k] for k, need in own if half_day in need.half_days) <= 1)
        if one.most is not None:
            solver.Add(sum(need.load * x[k] for k, need in own) <= one.most)
    for link in problem.locks:
        solver.Add(x[int(problem.numbers_of([link])[0])] == 1)
    reached = []
    for goal in _expressions(problem, solver, x, ends):
        solver.Maximize(goal)
        if solver.Solve() != pywraplp.Solver.OPTIMAL:
            raise AssertionError("the referee found no optimum")
        reached.append(round(solver.Objective().Value()))
        solver.Add(goal >= reached[-1] - 0.001)
    return reached


def _expressions(problem: Problem, solver: pywraplp.Solver, x: list, ends: list[tuple[int, int]]) -> list:
    needs, staff, pairs = problem.needs, problem.substitutes, problem.pairs
    links = [problem.link(k) for k in range(len(x))]
    goals = [
        sum(x[k] for k, (n, _) in enumerate(ends) if needs[n].priority == one)
        for one in sorted(set(problem.priorities.tolist()))
    ]
    goals += [sum((x[k] for k in range(len(x)) if links[k] in problem.notified), 0 * x[0])] * bool(problem.notified)
    goals += [sum((x[k] for k in range(len(x)) if links[k] in problem.published), 0 * x[0])] * bool(problem.published)
    goals.append(-sum(int(pairs.misfit[k]) * x[k] for k in range(len(x))))
    money = 0 * x[0]
    for group in _grouped(ends, lambda n, s: (needs[n].class_key, s)):
        face = solver.BoolVar("")
        for k in group:
            solver.Add(x[k] <= face)
        money += problem.rules.same_face_cents * (sum(x[k] for k in group) - face)
    for group in _grouped(ends, lambda n, s: (needs[n].day, s)):
        paid = solver.NumVar(0, 10_000, "")
        for k in group:
            solver.Add(int(pairs.cents[k]) * x[k] <= paid)
        money -= paid
    for k in range(len(x)):
        if (needs[ends[k][0]].class_key, staff[ends[k][1]].key) in problem.affinities:
            money += problem.rules.affinity_cents * x[k]
    fair = 0 * x[0]
    for number, one in enumerate(staff):
        units = [solver.NumVar(0, 1, "") for _ in problem.half_days]
        solver.Add(sum(needs[n].load * x[k] for k, (n, s) in enumerate(ends) if s == number) == sum(units))
        fair -= sum((2 * (one.past_load + rank) + 1) * unit for rank, unit in enumerate(units))
    return [*goals, money, fair]


def _grouped(ends: list[tuple[int, int]], key) -> list[list[int]]:
    groups: dict = {}
    for k, (need, substitute) in enumerate(ends):
        groups.setdefault(key(need, substitute), []).append(k)
    return list(groups.values())
