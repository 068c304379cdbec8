"""Visits: the values that trying everything and another solver find, hard rules, the same bytes whatever the order."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circo.optimal.watching import Stopped, Watch
from partnerships.crossing.certifying import as_bytes, certificate_of
from partnerships.crossing.checking import faults_of
from partnerships.crossing.choosing import ImpossibleLock, broken_rule, build, rebuilt
from partnerships.crossing.problem import Decisions, Host, Plan, Rules, Visit, Visitor
from partnerships.crossing.solving import solve
from tests.partnerships.crossing_things import (
    SHAPES,
    SLOTS,
    Shape,
    best_of_all,
    cp_values,
    drawn,
    every_visit,
    obeys,
    values,
)


def proved(problem):
    solution = solve(problem)
    plan, certificate = solution.plan(problem), certificate_of(problem, solution)
    assert faults_of(problem, plan, certificate) == set()
    assert not certificate.is_stopped
    return plan, certificate


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_another_solver_finds_the_same_values(shape):
    for seed in range(8):
        problem = drawn(seed, shape)
        assert values(problem, proved(problem)[0]) == cp_values(problem), seed


@pytest.mark.parametrize("seed", range(12))
def test_trying_everything_finds_nothing_better(seed):
    shape = Shape(teachers=5, freed=3, schools=2, locks=seed % 2, at_once=(1, 2), in_year=(1, 3), most=(None, 1))
    problem = drawn(seed, shape)
    assert len(every_visit(problem)) == len(problem.choices.visitor)
    assert values(problem, proved(problem)[0]) == best_of_all(problem)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.sampled_from(sorted(SHAPES)))
def test_hard_rules_hold_whatever_is_drawn(seed, name):
    problem = drawn(seed, SHAPES[name])
    plan, _ = proved(problem)
    assert obeys(problem, plan.visits)
    assert problem.decisions.locks <= set(plan.visits)
    assert all(broken_rule(problem, one) is None for one in plan.visits)
    assert not {(one.visitor, one.host) for one in plan.visits} & problem.decisions.met


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_the_same_bytes_whatever_the_order(shape):
    for seed in range(3):
        found = set()
        for shuffled in (None, 1, 2):
            problem = drawn(seed, shape, shuffled=shuffled)
            solution = solve(problem)
            found.add(as_bytes(solution.plan(problem), certificate_of(problem, solution)))
        assert len(found) == 1


def test_somebody_who_no_longer_receives_moves_their_visitors_alone_or_as_few_others_as_can_be():
    for seed in range(8):
        problem = drawn(seed, Shape(teachers=10, freed=6))
        plan, _ = proved(problem)
        known = {"published": frozenset(plan.visits), "told": frozenset(plan.visits)}
        assert proved(rebuilt(problem, **known))[0] == plan
        closed = plan.visits[0].host
        again = rebuilt(problem, hosts=[one for one in problem.hosts if one.key != closed], **known)
        after, _ = proved(again)
        assert values(again, after) == cp_values(again)


def test_nobody_and_nothing():
    assert proved(build([], [], {}))[0] == Plan(())
    problem = drawn(1, SHAPES["plain"])
    assert proved(build(problem.visitors, [], {}))[0] == Plan(())
    assert proved(build([], problem.hosts, {}))[0] == Plan(())


def test_stopped_the_plan_is_kept_and_does_not_say_proved():
    problem, stopped = drawn(2, SHAPES["crowded"]), 0
    with pytest.raises(Stopped):
        solve(problem, Watch(seconds=0))
    for calls in range(1, 10):
        asked = iter(range(100))
        solution = solve(problem, Watch(asks_to_stop=lambda asked=asked, calls=calls: next(asked) >= calls))
        certificate = certificate_of(problem, solution)
        assert faults_of(problem, solution.plan(problem), certificate) == set()
        stopped += certificate.is_stopped
    assert stopped


def test_two_who_are_freed_on_other_half_days_return_each_other_s_visit():
    """Three teachers a school; the visit that will be returned is worth more than another like it."""
    here = [Visitor("a", "e", frozenset({SLOTS[0]})), Visitor("b", "e", frozenset({SLOTS[1]}))]
    hosts = [Host(key, "e", frozenset(SLOTS)) for key in ("a", "b", "c")]
    plan, certificate = proved(build(here, hosts, {}))
    assert plan.visits == (Visit("a", "b", SLOTS[0]), Visit("b", "a", SLOTS[1]))
    assert certificate.proofs[2].value == 10
    alone, _ = proved(build(here[:1], hosts, {}, decisions=Decisions(met=frozenset({("c", "a")}))))
    assert alone.visits == (Visit("a", "c", SLOTS[0]),)


def test_the_way_there_and_back_leaves_an_hour_in_the_class():
    one, other = Visitor("a", "e", frozenset(SLOTS[:1]), limit_min=90), Host("b", "f", frozenset(SLOTS))
    for minutes, visits in ((60, 1), (61, 0)):
        assert len(proved(build([one], [other], {("f", "e"): minutes}))[0].visits) == visits
    assert proved(build([one], [other], {}))[0].visits == ()
    shorter = Rules(half_day_min=150)
    assert proved(build([one], [other], {("e", "f"): 46}, rules=shorter))[0].visits == ()


def test_locks_that_break_a_hard_rule_are_refused_with_its_name():
    people = [Visitor("a", "e", frozenset(SLOTS[:2]), most=1), Visitor("b", "e", frozenset(SLOTS[:1]))]
    hosts = [
        Host("b", "e", frozenset(SLOTS)),
        Host("c", "e", frozenset(SLOTS[:2]), at_once=1),
        Host("d", "g", frozenset(SLOTS)),
    ]
    apart = {"forbidden": frozenset({("b", "d")}), "met": frozenset({("b", "c")})}
    refused = {
        "n’est pas dans le plan": [("a", "z", 0)],
        "soi-même": [("b", "b", 0)],
        "n’est pas libérée": [("a", "c", 3)],
        "n’est pas tenue": [("a", "b", 0)],
        "écartées": [("b", "d", 0)],
        "déjà eu lieu": [("b", "c", 0)],
        "ne tient pas": [("a", "d", 0)],
        "prévue deux fois": [("a", "c", 0), ("a", "c", 1)],
        "trop de visites$|trop de visites\\.": [("a", "c", 0), ("a", "b", 1)],
    }
    for words, visits in refused.items():
        locks = frozenset(Visit(one, other, SLOTS[slot]) for one, other, slot in visits)
        with pytest.raises(ImpossibleLock, match=words):
            build(people, hosts, {}, decisions=Decisions(locks=locks, **apart))
    locks = frozenset({Visit("a", "c", SLOTS[0]), Visit("b", "c", SLOTS[0])})
    with pytest.raises(ImpossibleLock, match="à la fois"):
        build(people, hosts, {}, decisions=Decisions(locks=locks))
    full = [replace(hosts[1], past=4)]
    with pytest.raises(ImpossibleLock, match="dans l’année"):
        build(people, full, {}, decisions=Decisions(locks=frozenset({Visit("a", "c", SLOTS[0])})))


def test_of_many_classes_the_best_are_looked_at_and_what_is_known_is_one_of_them():
    one = Visitor("a", "e", frozenset(SLOTS[:1]))
    hosts = [Host(f"h{number}", "e", frozenset(SLOTS), is_relay=number == 7) for number in range(10)]
    few = Rules(nearest=2)
    assert len(build([one], hosts, {}, rules=few).choices.visitor) == 2
    assert proved(build([one], hosts, {}, rules=few))[0].visits[0].host == "h7"
    known = frozenset({Visit("a", "h5", SLOTS[0])})
    problem = build([one], hosts, {}, rules=few, decisions=Decisions(published=known, told=known))
    assert proved(problem)[0].visits == tuple(known)
