"""Each class that has nobody says why, and what would change it, which is true when tried."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from circo.calendar.rules import HalfDay
from events.cover.changing import Changes, Farther, LiftedLock, OneMore
from events.cover.counting import values_of
from events.cover.exchanges import Exchanges
from events.cover.explaining import Explainer, Reason, in_words
from events.cover.pairing import Distances, build
from events.cover.problem import Decisions, Need, Rules, Span, Spot, Substitute
from events.cover.solving import solve
from tests.events.cover_things import SCALES, Shape, drawn

SHAPES = {
    "whole days": Shape(classes=9, substitutes=5),
    "locks": Shape(classes=9, substitutes=6, locks=4),
    "reserve": Shape(classes=9, substitutes=6, reserve=1, locks=2),
    "half-days": Shape(classes=9, substitutes=5, half_days=0.4, locks=3),
    "limits": Shape(classes=9, substitutes=6, half_days=0.2, has_limits=True),
}


def explained(problem):
    plan = solve(problem).plan(problem)
    exchanges = Exchanges(problem, plan)
    explainer = Explainer(exchanges)
    return plan, exchanges, {number: explainer.reason(number) for number in explainer.uncovered().tolist()}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_rivals_are_a_closed_set_whose_substitutes_are_all_busy(shape):
    """All open pairs of the class and its rivals lead to the named substitutes, or to people at their limit."""
    told = is_exact = 0
    for seed in range(10):
        problem = drawn(seed, shape)
        plan, exchanges, reasons = explained(problem)
        served = {need for need, _ in plan.links}
        assert len(reasons) == sum(need.key not in served and not need.is_reserve for need in problem.needs)
        for number, reason in reasons.items():
            among = [problem.need_at[key] for key in reason.rivals] + [number]
            pairs = exchanges.pairs[np.isin(problem.pairs.need[exchanges.pairs], among)]
            possible = {problem.link(pair)[1] for pair in pairs.tolist()}
            assert not reason.could
            assert set(reason.substitutes) <= possible
            assert not reason.is_closed or len(possible - set(reason.substitutes)) <= reason.at_limit
            if shape.half_days == 0 and not shape.has_limits:  # Hall: one place short
                assert sum(problem.needs[n].places for n in among) >= len(possible) + 1
                assert reason.others_first
                assert len(possible) == sum(key in reason.rivals for key, _ in plan.links)
            told += 1
            is_exact += reason.is_closed
    assert told > 40
    assert is_exact == told or shape.half_days


def profile(problem, plan, priority):
    values = values_of(problem, plan)
    return [values.get(f"cover:{rank}", 0) for rank in range(priority + 1)]


def rebuilt(problem, *, more=(), locks=None, limit_m=None, only=None):
    rules = replace(problem.rules, limit_m=limit_m or problem.rules.limit_m)
    needs = [need for need in problem.needs if not need.is_reserve]
    made = build(
        needs,
        [*problem.substitutes, *more],
        SCALES,
        rules=rules,
        decisions=Decisions(problem.locks if locks is None else locks, problem.forbidden, problem.affinities),
    )
    if only is None:
        return made
    old = {problem.link(number) for number in range(len(problem.pairs.need))} | {only}
    kept = np.array([made.link(number) in old for number in range(len(made.pairs.need))], bool)
    return made.without(~kept, locks=made.locks, published=made.published)


def tried(problem, need, change):
    if isinstance(change, OneMore):
        return rebuilt(problem, more=[Substitute("renfort", need.school, frozenset(need.half_days))])
    if isinstance(change, LiftedLock):
        return rebuilt(problem, locks=problem.locks - {change.link})
    return rebuilt(problem, limit_m=change.metres, only=(change.need, change.substitute))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_each_change_covers_one_class_more_of_that_priority_or_better(shape):
    seen = set()
    for seed in range(4):
        problem = drawn(seed, replace(shape, classes=7))
        problem = rebuilt(problem, limit_m=22_000, locks=frozenset(locks_within(problem, 22_000)))
        plan, exchanges, reasons = explained(problem)
        changes = Changes(exchanges, Distances())
        for number in list(reasons)[:4]:
            need = problem.needs[number]
            for change in changes.of(number):
                after = tried(problem, need, change)
                better = solve(after).plan(after)
                assert profile(after, better, need.priority) > profile(problem, plan, need.priority), change
                seen.add(type(change))
    assert {OneMore, Farther} <= seen
    assert LiftedLock in seen or not shape.locks


def locks_within(problem, limit_m):
    return [link for link in problem.locks if problem.pairs.metres[problem.numbers_of([link])].max() <= limit_m]


DAY = date(2026, 11, 26)
HERE, THERE = Spot("a", 1.0, 49.0), Spot("b", 1.5, 49.0)
BOTH = frozenset({HalfDay(DAY, "AM"), HalfDay(DAY, "PM")})


def need(key, priority=1, spot=HERE):
    return Need(key, f"classe {key}", DAY, Span.DAY, spot, frozenset({"CP"}), priority)


def test_a_lock_whose_own_class_finds_somebody_is_the_one_to_lift():
    """n1 is locked to r1; r2 is free for n1 but not for n2; n2 needs r1."""
    staff = [Substitute("r1", HERE, BOTH), Substitute("r2", HERE, BOTH)]
    decisions = Decisions(locks=frozenset({("n1", "r1")}), forbidden=frozenset({("classe n2", "r2")}))
    problem = build([need("n1"), need("n2")], staff, SCALES, decisions=decisions)
    _, exchanges, reasons = explained(problem)
    number = problem.need_at["n2"]
    assert reasons[number].rivals == ()
    assert Changes(exchanges, Distances()).of(number) == [OneMore("a"), LiftedLock(("n1", "r1"))]


def test_the_nearest_past_the_limit_is_named_with_its_distance():
    staff = [Substitute("r1", THERE, BOTH)]
    problem = build([need("n1")], staff, SCALES, rules=Rules(limit_m=40_000))
    _, exchanges, _ = explained(problem)
    table = Distances({("b", "a"): 52_300})
    found = Changes(exchanges, table).of(0)
    assert found == [OneMore("a"), Farther("n1", "r1", 52_300, is_estimate=False)]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason("n", (), (), 0, 0, True, True, False), "Personne dans la brigade n’est à la fois libre"),
        (
            Reason("n", ("m", "o"), ("r", "s"), 0, 0, True, False, False),
            "prennent déjà 2 autres classes\u00a0: aucun échange",
        ),
        (Reason("n", (), (), 0, 0, True, True, True), "relancez le calcul"),
        (
            Reason("n", ("m",), ("r",), 0, 0, True, True, False),
            "qui pourrait venir prend déjà une autre classe. Elle n’est pas",
        ),
        (
            Reason("n", ("m", "o"), ("r", "s"), 0, 1, True, True, False),
            "prennent déjà 2 autres classes. Aucune n’est moins",
        ),
        (Reason("n", ("réserve",), ("r",), 1, 0, True, True, False), "sont gardées en réserve."),
        (Reason("n", ("m", "réserve"), ("r", "s"), 1, 0, False, True, False), "Une personne est gardée en réserve"),
        (Reason("n", (), (), 0, 1, True, True, False), "Une autre personne est au bout des demi-journées possibles."),
    ],
)
def test_a_reason_in_words(reason, words):
    assert words in in_words(reason)
