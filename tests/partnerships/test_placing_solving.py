"""Placements: the values that trying everything and another solver find, the same bytes whatever the order."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circo.optimal.watching import Stopped, Watch
from partnerships.placing.certifying import as_bytes, certificate_of
from partnerships.placing.checking import faults_of
from partnerships.placing.choosing import build
from partnerships.placing.counting import goals_of, values_of
from partnerships.placing.problem import Decisions, Plan, Programme
from partnerships.placing.solving import solve
from tests.partnerships.placing_referee import best_of_all, cp_values, every_line, obeys
from tests.partnerships.placing_things import SHAPES, Shape, drawn, moved, rebuilt


def proved(problem):
    solution = solve(problem)
    plan, certificate = solution.plan(problem), certificate_of(problem, solution)
    assert faults_of(problem, plan, certificate) == set()
    assert not certificate.is_stopped
    return plan, certificate


def values(problem, plan):
    counted = values_of(problem, plan)
    return [counted[name] for name in goals_of(problem)]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_another_solver_finds_the_same_values(shape):
    for seed in range(8):
        problem = drawn(seed, shape)
        plan, _ = proved(problem)
        assert values(problem, plan) == cp_values(problem), seed


@pytest.mark.parametrize("seed", range(12))
def test_trying_everything_finds_nothing_better(seed):
    """Half-days one by one: then nothing depends on which calendars are looked at, all of them are."""
    small = Shape(parties=3, hosts=3, open_days=1, alone=0.4, programmes=(Programme(1, 0, 1), Programme(1, 1, 1)))
    problem = drawn(seed, small)
    mornings = [
        replace(
            host,
            offers={kind: frozenset(d for d in days if d.half == "AM") for kind, days in host.offers.items()},
        )
        for host in problem.hosts
    ]
    problem = rebuilt(problem, hosts=mornings)
    lines = {
        party.key: [line for host in problem.hosts for line in every_line(problem, party, host)]
        for party in problem.parties
    }
    assert sum(map(len, lines.values())) == len(problem.choices.party)
    plan, _ = proved(problem)
    assert values(problem, plan) == best_of_all(problem, lines)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(sorted(SHAPES)))
def test_hard_rules_hold_whatever_is_drawn(seed, name):
    problem = drawn(seed, SHAPES[name])
    plan, _ = proved(problem)
    assert obeys(problem, plan)
    assert problem.decisions.locks <= set(plan.lines)
    allowed = {
        (line.host, *line.days)
        for party in problem.parties
        for host in problem.hosts
        for line in every_line(problem, party, host)
    }
    for line in plan.lines:
        assert (line.host, *line.days) in allowed or line in problem.decisions.locks


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_same_bytes_whatever_the_order(shape):
    for seed in range(3):
        found = set()
        for shuffled in (None, 1, 2):
            problem = drawn(seed, shape, shuffled=shuffled)
            solution = solve(problem)
            found.add(as_bytes(solution.plan(problem), certificate_of(problem, solution)))
        assert len(found) == 1


def test_a_class_that_closes_moves_as_few_as_can_be():
    """Of those who know their line, only as many change as another solver must change too."""
    others = 0
    for seed in range(12):
        problem = drawn(seed, Shape(parties=7, hosts=5, alone=0.5))
        plan, _ = proved(problem)
        known = {"published": frozenset(plan.lines), "told": frozenset(line.party for line in plan.lines)}
        closed = random.Random(seed).choice([line.host for line in plan.lines])
        again = rebuilt(problem, hosts=[one for one in problem.hosts if one.key != closed], **known)
        after, _ = proved(again)
        assert values(again, after) == cp_values(again)
        concerned = {line.party for line in plan.lines if line.host == closed}
        assert concerned <= moved(plan, after)
        others += len(moved(plan, after) - concerned)
    assert others < 12


def test_solved_again_nothing_changes():
    problem = drawn(3, SHAPES["alone"])
    plan, _ = proved(problem)
    again = rebuilt(problem, published=frozenset(plan.lines), told=frozenset(line.party for line in plan.lines))
    assert proved(again)[0] == plan


def test_nobody_and_no_class():
    assert proved(build([], []))[0] == Plan(())
    problem = drawn(1, SHAPES["pairs"])
    assert proved(build(problem.parties, []))[0] == Plan(())
    assert proved(build([], problem.hosts))[0] == Plan(())
    assert proved(build(problem.parties, problem.hosts, decisions=Decisions()))[0].lines


def test_stopped_before_the_first_goal_there_is_no_plan():
    with pytest.raises(Stopped):
        solve(drawn(1, SHAPES["pairs"]), Watch(seconds=0))


def test_stopped_later_the_plan_is_kept_and_does_not_say_proved():
    problem, stopped = drawn(2, SHAPES["crowded"]), 0
    for calls in range(1, 12):
        asked = iter(range(100))
        solution = solve(problem, Watch(asks_to_stop=lambda asked=asked, calls=calls: next(asked) >= calls))
        certificate = certificate_of(problem, solution)
        assert faults_of(problem, solution.plan(problem), certificate) == set()
        stopped += certificate.is_stopped
    assert stopped
