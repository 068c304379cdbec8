"""After an absence or a withdrawal: as much covered as can be, and the fewest moved, as the whole solver says too."""

import numpy as np
import pytest

from events.cover.comparing import Difference, Moved, difference
from events.cover.counting import values_of
from events.cover.exchanges import Exchanges
from events.cover.locks import price_of, without_lock
from events.cover.problem import Plan
from events.cover.repairing import Repairs
from events.cover.solving import solve
from tests.events.cover_things import DAYS, Shape, drawn
from tests.events.referee import goals_of, milp_values

SHAPES = {
    "whole days": Shape(classes=9, substitutes=7, has_published=True),
    "reserve and locks": Shape(classes=9, substitutes=7, reserve=1, locks=2, has_published=True),
    "half-days": Shape(classes=8, substitutes=6, half_days=0.3, has_published=True),
}
COMPARED = ("cover", "notified", "published", "misfit")


def published(seed, shape):
    """A problem whose best plan is published, half of it told."""
    problem = drawn(seed, shape)
    nothing = np.zeros(len(problem.pairs.need), bool)
    bare = problem.without(nothing, locks=problem.locks, published=frozenset())
    plan = solve(bare).plan(bare)
    known = problem.without(nothing, locks=problem.locks, published=frozenset(plan.links))
    object.__setattr__(known, "notified", frozenset(plan.links[::2]))
    return known, plan


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_an_absence_moves_as_few_as_the_whole_solver(seed, shape):
    problem, plan = published(seed, shape)
    repairs, moved = Repairs(Exchanges(problem, plan)), 0
    for one in problem.substitutes:
        day = [half_day for half_day in problem.half_days if half_day.day == DAYS[0]]
        repair = repairs.after_absence(one.key, day)
        away = (problem.pairs.substitute == problem.substitute_at[one.key]) & np.array(
            [need.day == DAYS[0] for need in problem.needs], bool
        )[problem.pairs.need]
        locks = frozenset(link for link in problem.locks if not away[problem.numbers_of([link])].any())
        after = problem.without(away, locks=locks, published=problem.published)
        best = solve(after).plan(after)
        assert not any(
            key == one.key and problem.needs[problem.need_at[n]].day == DAYS[0] for n, key in repair.plan.links
        )
        assert [values_of(after, repair.plan)[goal] for goal in COMPARED] == [
            values_of(after, best)[goal] for goal in COMPARED
        ]
        told = {found.substitute for found in difference(plan, repair.plan).moved} - {one.key}
        assert set(repair.moved) == told
        moved += len(told)
    assert moved or seed


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_a_withdrawal_lets_the_freed_one_help_elsewhere(seed, shape):
    problem, plan = published(seed, shape)
    repairs = Repairs(Exchanges(problem, plan))
    for need in problem.needs[seed::2]:
        if need.is_reserve or any(key == need.key for key, _ in problem.locks):
            continue
        repair = repairs.after_withdrawal(need.key)
        gone = problem.pairs.need == problem.need_at[need.key]
        after = problem.without(gone, locks=problem.locks, published=problem.published)
        best = solve(after).plan(after)
        assert need.key not in repair.plan.by_need
        assert [values_of(after, repair.plan)[goal] for goal in COMPARED[:3]] == [
            values_of(after, best)[goal] for goal in COMPARED[:3]
        ]


def test_the_difference_of_two_plans():
    before, after = Plan((("n1", "r1"), ("n2", "r2"))), Plan((("n1", "r2"), ("n3", "r3")))
    assert difference(before, after) == Difference(
        (Moved("r1", ("n1",), ()), Moved("r2", ("n2",), ("n1",)), Moved("r3", (), ("n3",))), ("n3",), ("n2",)
    )


def test_the_price_of_a_lock_is_the_difference_of_two_solves():
    """Another solver tells both."""
    paid = nothing = 0
    for seed in range(4):
        problem = drawn(seed, Shape(classes=7, substitutes=5, locks=3))
        plan = solve(problem).plan(problem)
        for lock in sorted(problem.locks):
            price = price_of(problem, plan, lock)
            goals = zip(goals_of(problem), milp_values(without_lock(problem, lock)), milp_values(problem), strict=True)
            assert price == {goal: best - now for goal, best, now in goals if goal != "fairness"}
            first = next((value for value in price.values() if value), 0)
            assert first >= 0  # a lock never helps: the first goal that it changes is lost
            paid += first > 0
            nothing += first == 0
    assert paid
    assert nothing
