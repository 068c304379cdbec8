"""Who is not placed is told why, and each change that is proposed places one party more, when tried."""

from dataclasses import replace
from datetime import date

import pytest

from circo.calendar.rules import HalfDay
from partnerships.cohorts.rules import DayKind
from partnerships.placing.choosing import build, wishes_of
from partnerships.placing.explaining import (
    Explainer,
    Farther,
    FullerSchool,
    LiftedLock,
    MoreRoom,
    OtherDays,
    in_words,
)
from partnerships.placing.obeying import ImpossibleLock
from partnerships.placing.problem import Decisions, Host, Line, Party, Programme, Rules, Student
from partnerships.placing.solving import solve
from tests.partnerships.placing_things import Shape, drawn, rebuilt, with_change

MANY = (6, 8)
SHAPES = {
    "years": (Shape(parties=7, hosts=3), {MoreRoom}),
    "dates": (Shape(parties=8, hosts=4, open_days=2, most=MANY, school_most=12), {MoreRoom, OtherDays}),
    "locks": (Shape(parties=8, hosts=4, alone=0.4, locks=3), {MoreRoom}),
    "school": (Shape(parties=8, hosts=4, alone=0.5, most=MANY, school_most=3), {FullerSchool, Farther}),
}


def placed(problem, plan):
    return sum(problem.parties[problem.party_at[line.party]].size for line in plan.lines)


@pytest.mark.parametrize(("shape", "kinds"), SHAPES.values(), ids=SHAPES)
def test_each_change_places_more_when_tried(shape, kinds):
    told, seen = 0, set()
    for seed in range(6):
        problem = drawn(seed, shape)
        plan = solve(problem).plan(problem)
        reasons = Explainer(problem, plan).all()
        assert {one.party for one in reasons} == {one.key for one in problem.parties} - set(plan.by_party)
        for reason in reasons:
            assert not reason.could
            assert in_words(reason).endswith(".")
            told += 1
            for change in reason.changes:
                after = with_change(problem, change)
                assert placed(after, solve(after).plan(after)) > placed(problem, plan), change
                seen.add(type(change))
    assert told > 6
    assert kinds <= seen


def half(day, which="AM"):
    return HalfDay(date(2026, 11, day), which)


OPEN = {DayKind.OBSERVATION: frozenset({half(9)}), DayKind.RESPONSIBILITY: frozenset({half(16)})}
BOTH = Programme(1, 0, 1)
LINE = ((half(9),), (), (half(16),))


def party(key, minutes=None, **changed):
    return Party(key, (Student(f"{key}a", minutes or {"e": 10}, **changed),), BOTH)


def explained(parties, hosts, **options):
    problem = build(parties, hosts, **options)
    plan = solve(problem).plan(problem)
    return problem, Explainer(problem, plan).all()


def test_who_holds_the_class_is_alone_with_it():
    """Two students alone, one class with two seats: they may observe together, not hold the class together."""
    _, reasons = explained([party("p"), party("q")], [Host("c", "e", OPEN)])
    assert [one.party for one in reasons] in (["p"], ["q"])
    assert not any(isinstance(one, MoreRoom) for one in reasons[0].changes)
    assert in_words(reasons[0]) == "La seule classe qui conviendrait est prise, et aucun échange ne la libère."


def test_too_far_and_by_how_much():
    _, (reason,) = explained([party("p", {"e": 61}, limit_min=60)], [Host("c", "e", OPEN)])
    said = "Aucune classe ouverte n’est à portée de trajet\u00a0: 75\u00a0minutes au plus en voiture, 60 autrement."
    assert in_words(reason) == said
    assert reason.changes == (Farther("p", "c", ("pa",), 61),)


def test_responsibility_before_observation_is_no_calendar():
    turned = {DayKind.OBSERVATION: frozenset({half(16)}), DayKind.RESPONSIBILITY: frozenset({half(9)})}
    other = Host("d", "f", {DayKind.RESPONSIBILITY: frozenset({half(17)})})
    problem, (reason,) = explained([party("p")], [Host("c", "e", turned), other])
    assert in_words(reason).startswith("La classe à portée n’est pas ouverte aux dates qui restent")
    assert reason.changes == (OtherDays("c", DayKind.RESPONSIBILITY, (half(17),)),)
    after = with_change(problem, reason.changes[0])
    assert solve(after).plan(after).lines[0].days == ((half(16),), (), (half(17),))


def test_a_full_school_and_a_lock():
    hosts = [Host("c", "e", OPEN), Host("d", "e", OPEN)]
    _, (reason,) = explained([party("p"), party("q")], hosts, rules=Rules(school_most=1))
    assert FullerSchool("e", 2) in reason.changes
    here, there = party("p"), party("q", {"e": 10, "f": 10})
    lock = Line("q", "c", LINE)
    locked = Decisions(locks=frozenset({lock}))
    problem, (reason,) = explained([here, there], [Host("c", "e", OPEN), Host("d", "f", OPEN)], decisions=locked)
    assert LiftedLock(lock) in reason.changes
    free = with_change(problem, LiftedLock(lock))
    plan = solve(free).plan(free)
    assert plan.by_party.keys() == {"p", "q"}
    assert plan.by_party["q"].host != lock.host


def test_locks_that_break_a_hard_rule_are_refused_with_its_name():
    people, hosts = [party("p"), party("q")], [Host("c", "e", OPEN), Host("d", "e", OPEN, most=1)]
    turned = Line("p", "c", ((half(16),), (), (half(9),)))
    refused = {
        "n’est pas dans le plan": {Line("p", "z", LINE)},
        "n’est pas ouverte à ce moment-là": {turned},
        "le nombre de demi-journées": {Line("p", "c", ((), (), (half(16),)))},
        "deux placements": {Line("p", "c", LINE), Line("p", "d", LINE)},
        "plus de place à ce moment-là": {Line("p", "c", LINE), Line("q", "c", LINE)},
    }
    for words, locks in refused.items():
        with pytest.raises(ImpossibleLock, match=words):
            build(people, hosts, decisions=Decisions(locks=frozenset(locks)))
    locks, apart = frozenset({Line("p", "c", LINE)}), frozenset({("p", "c")})
    with pytest.raises(ImpossibleLock, match="écartées"):
        build(people, hosts, decisions=Decisions(locks=locks, forbidden=apart))
    away = [replace(people[0], away=frozenset({half(9)}))]
    with pytest.raises(ImpossibleLock, match="l’université garde"):
        build(away, hosts, decisions=Decisions(locks=locks))
    with pytest.raises(ImpossibleLock, match="dans l’année"):
        build(people, [replace(hosts[0], past=4)], decisions=Decisions(locks=locks))
    with pytest.raises(ImpossibleLock, match="dans la période"):
        build(people, hosts, rules=Rules(school_most=0), decisions=Decisions(locks=locks))


def test_people_may_choose_to_travel_farther_and_what_is_known_is_dropped_when_it_can_t_be():
    far = party("p", {"e": 90})
    line = Line("p", "c", LINE)
    problem = build([far], [Host("c", "e", OPEN)], decisions=Decisions(locks=frozenset({line})))
    assert solve(problem).plan(problem).lines == (line,)
    known = Decisions(published=frozenset({line}), told=frozenset({"p"}))
    problem = build([far], [Host("c", "e", OPEN)], decisions=known)
    assert solve(problem).plan(problem).lines == ()
    assert rebuilt(problem, published=frozenset()).decisions.published == frozenset()


def test_wishes_count_levels_their_cycle_and_practices():
    def wishes(**wished):
        one = Party("p", (Student("s", {}, **{name: frozenset(names) for name, names in wished.items()}),), BOTH)
        return wishes_of(one, Host("c", "e", OPEN, frozenset({"CE1"}), frozenset({"tri", "plan"})))

    assert wishes() == wishes(levels={"CE1", "PS"}) == 2
    assert wishes(levels={"CP"}) == 1
    assert wishes(levels={"PS"}) == 0
    assert wishes(levels={"PS"}, practices={"tri", "plan", "débat"}) == 2
