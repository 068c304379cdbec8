"""Rules of placements: the order of kinds, seats, who holds a class, the nearest other choices, the life."""

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from partnerships.cohorts.rules import DayKind
from partnerships.placements import rules
from partnerships.placements.rules import ALL_SEATS, MOVES, Course, Permit, PlacementState, Planned, Verb, Wrong

SEE, SHARE, HOLD = DayKind
COURSE = Course(frozenset(DayKind), {SHARE: 2, HOLD: 2})
MONDAY = date(2027, 1, 11)


def at(number: int) -> HalfDay:
    return HalfDay(MONDAY + timedelta(days=number // 2), "PM" if number % 2 else "AM")


def days_of(kinds: str, place: int = 1) -> list[Planned]:
    """`OOAAR` as half-days one after the other."""
    named = {"O": SEE, "A": SHARE, "R": HOLD}
    return [Planned(at(number), named[letter], place) for number, letter in enumerate(kinds) if letter != "."]


@pytest.mark.parametrize(
    ("kinds", "wrong"),
    [
        ("", []),
        ("OOAARR", []),
        ("OOOAAAR", []),
        ("R", [Wrong.TOO_EARLY]),
        ("OAAR", [Wrong.TOO_EARLY, Wrong.TOO_EARLY]),
        ("OOAR", [Wrong.TOO_EARLY]),
        ("OOAO", [Wrong.BACKWARDS]),
        ("OORAA", [Wrong.TOO_EARLY, Wrong.BACKWARDS, Wrong.BACKWARDS]),
    ],
)
def test_kinds_come_in_order_each_with_its_minimum(kinds, wrong):
    assert [one.wrong for one in rules.faults(days_of(kinds), COURSE)] == wrong


def test_a_kind_that_the_course_does_not_have_is_a_fault():
    course = Course(frozenset({"OBSERVATION", "ACCOMPANIED"}), {SHARE: 0, HOLD: 0})
    assert [one.wrong for one in rules.faults(days_of("OAR"), course)] == [Wrong.NOT_OF_COURSE]


def test_a_refusal_says_the_kind_and_the_name_as_french_does():
    with pytest.raises(Refusal, match="pas d’observation le 12/01/2027"):
        rules.check_order(days_of("OOA"), days_of("OOAO"), COURSE, "Inès")
    with pytest.raises(Refusal, match="La formation d’Inès ne prévoit pas de demi-journée de responsabilité"):
        rules.check_order([], days_of("R"), Course(frozenset({"OBSERVATION"}), {}), "Inès")


def test_one_observes_again_in_another_class_or_for_what_was_missed():
    elsewhere = [*days_of("OOAA"), Planned(at(10), SEE, 2)]
    assert not rules.faults(elsewhere, COURSE)
    instead = [*days_of("OOAA"), Planned(at(10), SEE, 1, is_replacement=True)]
    assert not rules.faults(instead, COURSE)


@given(st.text("OAR.", max_size=12))
def test_faults_are_those_that_a_plain_count_finds(kinds):
    """The definition, said again: for each half-day, what came before it."""
    found = {(one.half_day, one.wrong) for one in rules.faults(days_of(kinds), COURSE)}
    for number, letter in enumerate(kinds):
        before = kinds[:number]
        early = (letter == "A" and before.count("O") < 2) or (letter == "R" and before.count("A") < 2)
        back = (letter == "O" and ("A" in before or "R" in before)) or (letter == "A" and "R" in before)
        assert ((at(number), Wrong.TOO_EARLY) in found) == early
        assert ((at(number), Wrong.BACKWARDS) in found) == back


@given(st.text("OAR", max_size=8), st.text("OAR", max_size=8))
def test_a_change_is_refused_exactly_when_it_makes_something_worse(before, after):
    def worst(kinds):
        return {(one.half_day, one.kind, one.wrong): one.missing for one in rules.faults(days_of(kinds), COURSE)}

    stood, stands = worst(before), worst(after)
    worse = any(stood.get(key, -1) < missing for key, missing in stands.items())
    with pytest.raises(Refusal, match="Inès") if worse else nullcontext():
        rules.check_order(days_of(before), days_of(after), COURSE, "Inès")


def test_a_refusal_says_how_many_are_missing():
    with pytest.raises(Refusal, match="il manque à Inès 1\u00a0demi-journée d’observation"):
        rules.check_order([], days_of("OA"), COURSE, "Inès")


# --- Seats ------------------------------------------------------------------------------------------------------------
@given(
    st.sampled_from(list(DayKind)),
    st.integers(1, 2),
    st.sets(st.integers(1, ALL_SEATS)),
    st.integers(1, ALL_SEATS),
)
def test_seats_are_free_within_the_offer_and_all_for_who_holds_the_class(kind, count, taken, seats):
    found = rules.seats_for(kind, count, taken, seats)
    if found is None:
        room = len(set(range(1, seats + 1)) - taken)
        assert (bool(taken) or count > seats) if kind is HOLD else room < count
    else:
        assert not set(found) & taken
        assert set(found) == set(range(1, ALL_SEATS + 1)) if kind is HOLD else len(found) == count <= seats


# --- Who holds a class ------------------------------------------------------------------------------------------------
def test_the_permit_is_in_force_on_that_very_day():
    permit = Permit(1, "Dérogation", date(2027, 1, 1), date(2027, 1, 31))
    later = Permit(2, "Autre", date(2027, 1, 31), date(2027, 3, 1))
    assert rules.permit_on(date(2027, 1, 1), [permit, later]) == permit
    assert rules.permit_on(date(2027, 1, 31), [permit, later]) == later
    assert rules.permit_on(date(2027, 3, 2), [permit, later]) is None
    assert rules.permit_on(date(2026, 12, 31), []) is None


# --- The nearest ------------------------------------------------------------------------------------------------------
@given(st.sets(st.integers(0, 40)), st.integers(0, 40))
def test_the_nearest_are_nearer_than_all_that_are_left_out(numbers, wished):
    free = [at(number) for number in numbers]
    found = rules.nearest(at(wished), free)
    assert at(wished) not in found
    assert len(found) == min(rules.ALTERNATIVES, len(numbers - {wished}))

    def far(one):
        return abs(2 * (one.day - at(wished).day).days + (one.half == "PM") - (at(wished).half == "PM"))

    if found:
        assert all(far(found[-1]) <= far(one) for one in free if one not in found and one != at(wished))
        assert [far(one) for one in found] == sorted(far(one) for one in found)


# --- Life -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("state", PlacementState)
def test_a_verb_leads_on_from_its_sources_and_is_refused_in_words_from_all_others(verb, state):
    move = MOVES[verb]
    if state in move.sources:
        assert move.check(state) == move.target
    else:
        with pytest.raises(Refusal, match="tage"):
            move.check(state)


def test_no_state_is_without_a_way_out_but_none_leads_nowhere():
    assert all(any(state in move.sources for move in MOVES.values()) for state in PlacementState)
