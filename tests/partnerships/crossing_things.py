"""Small problems of visits drawn from a seed, and the same solved in other ways."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from ortools.sat.python import cp_model

from circo.calendar.rules import HALVES, HalfDay
from circo.errors import Refusal
from partnerships.crossing.choosing import RETURNED_MIN, broken_rule, build, rebuilt
from partnerships.crossing.counting import goals_of, values_of
from partnerships.crossing.explaining import Change, Farther, LiftedLock, MoreVisitors, MoreVisits
from partnerships.crossing.problem import Decisions, Host, Plan, Problem, Rules, Visit, Visitor
from partnerships.crossing.solving import solve

SLOTS = [HalfDay(date(2027, 3, 8) + timedelta(days=days), half) for days in (0, 3) for half in HALVES]
LEVELS = ("PS", "GS", "CP", "CE2", "CM1")
PRACTICES = ("tri", "plan", "ateliers")


@dataclass(frozen=True)
class Shape:
    teachers: int = 9
    freed: int = 5
    schools: int = 3
    half_days: int = 2
    met: int = 2
    locks: int = 0
    has_published: bool = False
    most: tuple[int | None, ...] = (None,)
    at_once: tuple[int, ...] = (1, 2)
    in_year: tuple[int, ...] = (2, 4)
    taken: tuple[int, ...] = ()


SHAPES = {
    "plain": Shape(),
    "crowded": Shape(freed=7, at_once=(1,), in_year=(1, 2)),
    "limits": Shape(most=(None, 1)),
    "locks": Shape(locks=2, at_once=(1,)),
    "published": Shape(freed=6, has_published=True),
    "visited": Shape(freed=7, at_once=(2,), taken=(0, 1, 2)),
}


def drawn(seed: int, shape: Shape, *, shuffled: int | None = None) -> Problem:
    """A problem of that shape; `shuffled` changes the order in which its parts are given, and nothing else."""
    pick = random.Random(seed)
    schools = [f"école {number}" for number in range(shape.schools)]
    minutes = {(one, other): pick.choice((10, 20, 30, 50, 70)) for one in schools for other in schools if one < other}
    visitors, hosts = [], []
    for number in range(shape.teachers):
        key, school, levels = f"t{number}", pick.choice(schools), frozenset({pick.choice(LEVELS)})
        free = frozenset(pick.sample(SLOTS, shape.half_days))
        wishes, shows = (frozenset(pick.sample(PRACTICES, 1)) for _ in range(2))
        if number < shape.freed:
            limit = pick.choice((25, 40))
            visitors.append(Visitor(key, school, free, levels, wishes, limit, pick.choice(shape.most)))
        teaching = frozenset(pick.sample(SLOTS, 3))
        limits = pick.choice(shape.at_once), pick.choice(shape.in_year), pick.choice((0, 0, 1))
        is_relay = pick.random() < 0.3
        taken = {slot: pick.choice(shape.taken) for slot in sorted(teaching)} if shape.taken else {}
        hosts.append(Host(key, school, teaching, levels, shows, is_relay, *limits, taken))
    keys = [one.key for one in hosts]
    met = frozenset((pick.choice(keys), pick.choice(keys)) for _ in range(shape.met))
    decisions = Decisions(forbidden=frozenset({("t0", pick.choice(keys))}), met=met)
    rules = Rules(nearest=50)
    bare = build(visitors, hosts, minutes, rules=rules, decisions=decisions)
    if shape.has_published:
        visits = solve(bare).plan(bare).visits
        visits = tuple(one for one in visits if one.host != visits[0].host)
        decisions = replace(decisions, published=frozenset(visits), told=frozenset(visits[::2]))
        hosts = [replace(one, at_once=1) for one in hosts]
    every = [bare.visit(number) for number in range(len(bare.choices.visitor))]
    for visit in pick.sample(every, min(shape.locks, len(every))):
        try:
            tried = replace(decisions, locks=decisions.locks | {visit})
            build(visitors, hosts, minutes, rules=rules, decisions=tried)
        except Refusal:
            continue
        decisions = tried
    if shuffled is not None:
        for things in (visitors, hosts):
            random.Random(shuffled).shuffle(things)
        minutes = {pair[::-1]: far for pair, far in reversed(minutes.items())}
    return build(visitors, hosts, minutes, rules=rules, decisions=decisions)


def every_visit(problem: Problem) -> list[Visit]:
    """All that no hard rule forbids, whatever the choices are."""
    every = (Visit(v.key, h.key, slot) for v in problem.visitors for h in problem.hosts for slot in SLOTS)
    return [one for one in every if broken_rule(problem, one) is None]


def obeys(problem: Problem, visits: tuple[Visit, ...]) -> bool:
    """Room, by counting."""
    for visitor in problem.visitors:
        own = [one for one in visits if one.visitor == visitor.key]
        if len({one.half_day for one in own}) < len(own) or len({one.host for one in own}) < len(own):
            return False
        if visitor.most is not None and len(own) > visitor.most:
            return False
    for host in problem.hosts:
        own = [one for one in visits if one.host == host.key]
        if own and host.past + len(own) > host.most:
            return False
        if any(sum(one.half_day == slot for one in own) > host.room(slot) for slot in SLOTS):
            return False
    return True


def values(problem: Problem, plan: Plan) -> list[int]:
    counted = values_of(problem, plan)
    return [counted[name] for name in goals_of(problem)]


def best_of_all(problem: Problem) -> list[int]:
    """Try every plan."""
    turns = defaultdict(list)
    for one in every_visit(problem):
        turns[one.visitor, one.half_day].append(one)
    locked = {(one.visitor, one.half_day): [one] for one in problem.decisions.locks}
    best: list[int] = []
    for chosen in product(*(locked.get(turn, [None, *visits]) for turn, visits in turns.items())):
        visits = tuple(one for one in chosen if one)
        if obeys(problem, visits):
            best = max(best, values(problem, Plan(visits)))
    return best


def cp_values(problem: Problem) -> list[int]:
    """Goal after goal by CP-SAT, each held by a row, on a model said anew from the data."""
    model = cp_model.CpModel()
    x = {one: model.new_bool_var("") for one in every_visit(problem)}
    rows, hosts = defaultdict(list), {one.key: one for one in problem.hosts}
    most = {one.key: one.most for one in problem.visitors}
    for one, chosen in x.items():
        rows["turn", one.visitor, one.half_day, 1].append(chosen)
        rows["pair", one.visitor, one.host, 1].append(chosen)
        rows["host", one.host, one.half_day, hosts[one.host].room(one.half_day)].append(chosen)
        rows["year", one.host, 0, max(0, hosts[one.host].most - hosts[one.host].past)].append(chosen)
        if most[one.visitor] is not None:
            rows["most", one.visitor, 0, most[one.visitor]].append(chosen)
        if one in problem.decisions.locks:
            model.add(chosen == 1)
    for (*_, cap), terms in rows.items():
        model.add(sum(terms) <= cap)
    alone = {one: values_of(problem, Plan((one,))) for one in x}
    goals = {
        name: sum(alone[one][name] * chosen for one, chosen in x.items())
        for name in goals_of(problem)
        if name != "load"
    }
    both = []
    for one, other in {(one.visitor, one.host) for one in x}:
        ways = [rows.get(("pair", *pair, 1)) for pair in ((one, other), (other, one))]
        if one < other and all(ways):
            both.append(model.new_bool_var(""))
            for terms in ways:
                model.add(both[-1] <= sum(terms))
    goals["worth"] += RETURNED_MIN * sum(both)
    loads = []
    for key, host in hosts.items():
        received = [chosen for one, chosen in x.items() if one.host == key]
        total, square = model.new_int_var(0, 50, ""), model.new_int_var(0, 2500, "")
        model.add(total == host.past + sum(received))
        model.add_multiplication_equality(square, [total, total])
        loads.append(host.past**2 - square)
    goals["load"] = sum(loads)
    reached = []
    for goal in goals.values():
        model.maximize(goal)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        assert solver.solve(model) == cp_model.OPTIMAL
        reached.append(round(solver.objective_value))
        model.add(goal >= reached[-1])
        model.clear_objective()
    return reached


def with_change(problem: Problem, change: Change) -> Problem:
    """The same problem, where a change is made: to be solved again."""
    match change:
        case MoreVisitors(key, at_once, most):
            hosts = [replace(one, at_once=at_once, most=most) if one.key == key else one for one in problem.hosts]
            return rebuilt(problem, hosts=hosts)
        case MoreVisits(key, most):
            people = [replace(one, most=most) if one.key == key else one for one in problem.visitors]
            return rebuilt(problem, visitors=people)
        case Farther(key, _, minutes):
            people = [replace(one, limit_min=minutes) if one.key == key else one for one in problem.visitors]
            return rebuilt(problem, visitors=people)
        case LiftedLock(visit):
            return rebuilt(problem, locks=problem.decisions.locks - {visit})
