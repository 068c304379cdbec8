"""Who has no visit is told why, and each change that is proposed gives one visit more, when tried."""

from dataclasses import replace

import pytest

from partnerships.crossing.choosing import build
from partnerships.crossing.explaining import (
    Explainer,
    Farther,
    LiftedLock,
    MoreVisitors,
    MoreVisits,
    in_words,
)
from partnerships.crossing.problem import Decisions, Host, Rules, Visit, Visitor
from partnerships.crossing.solving import solve
from tests.partnerships.crossing_things import SLOTS, Shape, drawn, with_change

SHAPES = {
    "crowded": (Shape(freed=7, at_once=(1,), in_year=(1, 2)), {MoreVisitors, Farther}),
    "limits": (Shape(freed=6, most=(None, 1)), {MoreVisits}),
    "locks": (Shape(freed=7, at_once=(1,), in_year=(1, 2), locks=3), {MoreVisitors}),
    "visited": (Shape(freed=7, at_once=(2,), in_year=(2, 4), taken=(0, 1, 2)), {MoreVisitors}),
}


@pytest.mark.parametrize(("shape", "kinds"), SHAPES.values(), ids=SHAPES)
def test_each_change_gives_one_visit_more_when_tried(shape, kinds):
    told, seen = 0, set()
    for seed in range(10):
        problem = drawn(seed, shape)
        plan = solve(problem).plan(problem)
        reasons = Explainer(problem, plan).all()
        free = {(one.key, half_day) for one in problem.visitors for half_day in one.free}
        assert {(one.visitor, one.half_day) for one in reasons} == free - set(plan.by_visitor)
        for reason in reasons:
            assert not reason.could
            assert in_words(reason).endswith(".")
            told += 1
            for change in reason.changes:
                after = with_change(problem, change)
                assert len(solve(after).plan(after).visits) > len(plan.visits), change
                seen.add(type(change))
    assert told > 10
    assert kinds <= seen


def explained(visitors, hosts, minutes=None, **options):
    problem = build(visitors, hosts, minutes or {}, **options)
    plan = solve(problem).plan(problem)
    return problem, Explainer(problem, plan).all()


ONE = Visitor("a", "e", frozenset(SLOTS[:1]))


def test_each_reason_has_its_words():
    away, far = Host("b", "e", frozenset(SLOTS[1:])), Host("b", "f", frozenset(SLOTS))
    told = {
        "Personne d’autre n’enseigne": explained([ONE], [away]),
        "assez proche pour tenir": explained([ONE], [far], {("e", "f"): 70}),
        "ont déjà été vues": explained(
            [ONE], [replace(far, school="e")], decisions=Decisions(met=frozenset({("a", "b")}))
        ),
        "La seule classe assez proche": explained([ONE], [replace(far, school="e", past=4)]),
        "toutes les visites qu’elle peut": explained([replace(ONE, most=0)], [replace(far, school="e")]),
    }
    for words, (_, (reason,)) in told.items():
        assert words in in_words(reason)


def test_a_lock_whose_visitor_finds_another_class_is_the_one_to_lift():
    other = Visitor("c", "e", frozenset(SLOTS[:1]))
    hosts = [Host("b", "e", frozenset(SLOTS), at_once=1), Host("d", "f", frozenset(SLOTS))]
    lock = Visit("c", "b", SLOTS[0])
    near = replace(ONE, limit_min=10)
    problem, (reason,) = explained([near, other], hosts, {("e", "f"): 20}, decisions=Decisions(locks=frozenset({lock})))
    assert reason.changes == (MoreVisitors("b", 2, 4), Farther("a", "d", 20), LiftedLock(lock))
    after = with_change(problem, LiftedLock(lock))
    assert len(solve(after).plan(after).visits) == 2


def test_where_only_the_nearest_were_looked_at_one_is_told_to_look_farther():
    hosts = [Host("b", "e", frozenset(SLOTS), is_relay=True, at_once=1), Host("d", "e", frozenset(SLOTS))]
    people = [ONE, replace(ONE, key="c")]
    _, (reason,) = explained(people, hosts, rules=Rules(nearest=1))
    assert reason.could
    assert "en regardant plus loin" in in_words(reason)
