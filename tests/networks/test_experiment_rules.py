"""The life of an experiment as one table, what each state asks for, and honest lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from networks.experiments import drawing, rules
from networks.experiments.drawing import Measured, Value
from networks.experiments.rules import Measure, State

figures = st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2)
maybe = st.none() | figures.map(lambda value: Value(value, date(2026, 11, 3)))
measured = st.builds(
    Measured,
    name=st.just("Mots lus"),
    unit=st.sampled_from(["", "mots", "%", " % "]),
    before=maybe,
    after=maybe,
    points=st.lists(figures.map(lambda value: Value(value, None)), max_size=3),
)


def test_every_state_can_be_reached_and_left():
    assert {move.target for move in rules.MOVES} == {move.source for move in rules.MOVES} == set(State)
    assert len(rules.ALLOWED) == len(rules.MOVES) == len(rules.MOVE_NAMED), "one move leads from a state to another"


@pytest.mark.parametrize(("move", "state"), list(product(rules.MOVES, State)), ids=str)
def test_a_move_from_another_state_is_refused_in_words(move, state):
    refusal = rules.refusal_of(move, state)
    assert (refusal == "") is (move.source == state)
    if refusal:
        assert rules.STATE_LABELS[state] in refusal
        assert all(one.label in refusal for one in rules.moves_from(state))


NOTHING = {"question": " ", "classes": 0, "measures": (), "outcome": ""}


def test_what_is_missing_is_said_at_once():
    assert rules.missing_for(State.IDEA, **NOTHING) == rules.missing_for(State.SET_ASIDE, **NOTHING) == []
    assert [one.place for one in rules.missing_for(State.RUNNING, **NOTHING)] == ["texte", "classes", "indicateurs"]
    measures = (Measure("Mots", Decimal(38), None), Measure("Livres", Decimal(2), None, "la bibliothèque a fermé"))
    lacks = rules.missing_for(State.REVIEWED, question="?", classes=1, measures=measures, outcome="")
    assert [one.place for one in lacks] == ["indicateurs", "texte"]
    said = rules.sentence_of(lacks)
    assert "«\u00a0Mots\u00a0»" in said
    assert "Livres" not in said, "its reason is given"


@given(st.lists(st.builds(Measure, st.just("x"), st.none() | figures, st.none() | figures), max_size=5))
def test_reviewed_asks_for_all_that_running_asks_for(measures):
    whole = {"question": "?", "classes": 1, "measures": measures, "outcome": "mieux"}
    running, reviewed = (rules.missing_for(state, **whole) for state in (State.RUNNING, State.REVIEWED))
    assert set(running) <= set(reviewed)
    assert len(reviewed) - len(running) == sum(one.after is None for one in measures)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("0", "0"),
        ("-0.001", "0"),
        ("12.50", "12,5"),
        ("-3", "−3"),
        ("1234567.8", "1\u202f234\u202f567,8"),
        ("10", "10"),
    ],
)
def test_numbers_are_written_as_one_reads_them(value, written):
    assert rules.number(Decimal(value)) == written


def test_a_change_of_percentages_is_in_points():
    assert rules.change(Decimal(40), Decimal(55), "%") == "+15\u00a0points"
    assert rules.change(Decimal(5), Decimal(3), "mots") == "−2\u00a0mots"
    assert rules.change(Decimal(5), Decimal("5.00"), "mots") == "inchangé"


@given(st.lists(figures, max_size=8), st.sampled_from(["", "%"]))
def test_an_axis_holds_zero_and_all_values(values, unit):
    low, high = drawing.scale_of(values, unit)
    assert low < high
    assert low <= min([Decimal(0), *values])
    assert high >= max([Decimal(0), *values])
    if unit and min(values, default=0) >= 0 and max(values, default=0) <= 100:
        assert (low, high) == (0, 100)


@given(st.lists(measured, min_size=1, max_size=12))
def test_places_are_true(those):
    """Twice as far from zero on the page is twice as much, for all that count the same thing; nothing leaves it."""
    drawn = drawing.lines(those)
    assert len(drawn) == len(those)
    for one, line in zip(those, drawn, strict=True):
        dots = [(one.before, line.before), (one.after, line.after)]
        assert [value is None for value, _ in dots] == [dot is None for _, dot in dots]
        zero = float(line.zero[:-1])
        for value, dot in dots:
            if value and dot:
                assert drawing.LEFT <= float(dot.x[:-1]) <= drawing.RIGHT
                assert (float(dot.x[:-1]) - zero) * float(value.value) >= -0.01 * abs(float(value.value))
        assert drawing.on_paper(line).startswith("<svg")
    units = {one.unit.strip() for one in those}
    for unit in units:
        assert len({line.zero for one, line in zip(those, drawn, strict=True) if one.unit.strip() == unit}) == 1


def test_figures_that_stand_close_turn_away_from_each_other():
    near = Measured("Mots", "mots", Value(Decimal(50), None), Value(Decimal(48), None))
    line = drawing.lines([near])[0]
    assert line.before
    assert line.after
    assert (line.before.anchor, line.after.anchor) == ("start", "end"), "what is on the right writes to the right"
    assert line.summary == "De 50\u00a0mots à 48\u00a0mots (−2\u00a0mots)."


def test_what_is_missing_is_said_by_the_line():
    only = Measured("Mots", "mots", Value(Decimal(-4), None), None)
    line = drawing.lines([only])[0]
    assert line.after is None
    assert "Pas encore" in line.summary
    assert drawing.lines([Measured("Mots", "", None, None)])[0].summary == "Aucune valeur n’est encore notée."
