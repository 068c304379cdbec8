"""Rules of sharing days, convocations and presences."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from events.convening import rules as convening
from events.convening.rules import Answer
from events.days import rules
from events.days.rules import DayState, Hours, Proposal
from events.signing import rules as signing
from events.signing.rules import Stay
from networks.meetings.rules import Calendar, ToConfirm

TODAY = date(2026, 11, 23)
ARMISTICE = {date(2027, 11, 11): "Armistice"}
CALENDAR = Calendar(
    date(2026, 9, 1),
    date(2027, 8, 31),
    {date(2027, 5, 6): "Ascension", date(2026, 12, 25): "Noël"},
    {date(2027, 2, 22): "Vacances d’hiver"},
)
HOURS = Hours(rules.MORNING, rules.AFTERNOON)


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2026, 11, 22), "déjà passé"),
        (date(2027, 3, 21), "dimanche"),
        (date(2026, 12, 25), "férié"),
        (date(2027, 2, 22), "pendant les vacances"),
        (date(2027, 9, 14), "aucune année scolaire"),
    ],
)
def test_what_no_day_can_be(on, says):
    with pytest.raises(Refusal, match=says) as refused:
        rules.check_date(on, CALENDAR, [], today=TODAY, sure=True)
    assert not isinstance(refused.value, ToConfirm)


@pytest.mark.parametrize(
    ("on", "closed", "says"),
    [
        (date(2026, 12, 1), [], "moins de deux semaines"),
        (date(2027, 5, 7), [], "pont"),
        (date(2027, 3, 17), ["École 1"], "École 1 n’a pas classe"),
        (date(2027, 3, 17), ["A", "B"], "A et B n’ont pas classe"),
        (date(2027, 3, 17), list("ABCD"), "4\u00a0écoles n’ont pas classe"),
    ],
)
def test_what_is_asked_again(on, closed, says):
    with pytest.raises(ToConfirm, match=says):
        rules.check_date(on, CALENDAR, closed, today=TODAY)
    rules.check_date(on, CALENDAR, closed, today=TODAY, sure=True)


def test_a_plain_day_is_taken():
    rules.check_date(date(2027, 3, 18), CALENDAR, [], today=TODAY)


@pytest.mark.parametrize(
    ("on", "public", "is_one"),
    [
        (date(2027, 5, 7), date(2027, 5, 6), True),  # a Friday after a Thursday
        (date(2026, 7, 13), date(2026, 7, 14), True),  # a Monday before a Tuesday
        (date(2026, 11, 10), date(2026, 11, 11), False),  # a Tuesday before a Wednesday
        (date(2026, 11, 2), date(2026, 11, 1), False),  # a Monday after a Sunday
    ],
)
def test_bridges(on, public, is_one):
    assert rules.is_bridge(on, {public}) is is_one


def test_every_move_that_is_not_allowed_is_refused():
    tried = 0
    for source in DayState:
        for target in DayState:
            tried += 1
            if target in rules.LIFE.ways[source]:
                rules.LIFE.check(source, target)
            else:
                with pytest.raises(Refusal):
                    rules.LIFE.check(source, target)
    assert tried == 25


def test_the_year_has_its_days_and_no_more():
    assert rules.free_rank(set(), 2, "2026-2027") == 1
    assert rules.free_rank({2}, 2, "2026-2027") == 1
    with pytest.raises(Refusal, match="2\u00a0journées par an"):
        rules.free_rank({1, 2}, 2, "2026-2027")
    with pytest.raises(Refusal, match="une seule journée par an"):
        rules.free_rank({1}, 1, "2026-2027")


def test_what_speaks_against_a_date():
    assert Proposal(date(2027, 3, 18)).warnings == []
    one = Proposal(date(2027, 1, 14), ["Évreux 1"], needed=60, free=40)
    assert one.warnings == [
        "pic de l’hiver",
        "déjà la journée d’Évreux 1",
        "dépasserait la brigade\u00a0: 60\u00a0classes, 40\u00a0remplaçants",
    ]
    assert not Proposal(date(2027, 3, 18), needed=60, free=60).exceeds


@pytest.mark.parametrize(
    ("teachers", "percent", "most", "allowed"), [(1, 50, None, 1), (7, 50, None, 3), (12, 50, 4, 4), (4, 100, None, 4)]
)
def test_how_many_leave_one_school(teachers, percent, most, allowed):
    assert rules.leaving_most(teachers, percent, most) == allowed


@pytest.mark.parametrize(
    "hours",
    [
        Hours((time(9, 10), time(12)), rules.AFTERNOON),
        Hours((time(12), time(9)), rules.AFTERNOON),
        Hours((time(9), time(14)), rules.AFTERNOON),
    ],
)
def test_hours_that_no_day_has(hours):
    with pytest.raises(Refusal):
        rules.check_hours(hours)


# --- Answers ----------------------------------------------------------------------------------------------------------
def test_a_half_day_is_left_with_a_reason():
    convening.check_answer(Answer.COMES, "")
    for answer in (Answer.MORNING, Answer.AFTERNOON, Answer.CANNOT):
        with pytest.raises(Refusal, match="pourquoi"):
            convening.check_answer(answer, "")
        convening.check_answer(answer, "CLASS")
    assert [convening.halves_of(answer) for answer in ("", "COMES", "MORNING", "AFTERNOON", "CANNOT")] == [
        ("AM", "PM"),
        ("AM", "PM"),
        ("AM",),
        ("PM",),
        (),
    ]


@given(st.integers(1, 200))
def test_one_always_has_a_day_to_answer(days):
    on = TODAY + timedelta(days=days)
    convening.check_reply_by(convening.usual_reply_by(on, TODAY), on, TODAY)


@pytest.mark.parametrize("reply_by", [date(2026, 11, 22), date(2027, 3, 18)])
def test_answers_come_before_the_day(reply_by):
    with pytest.raises(Refusal):
        convening.check_reply_by(reply_by, date(2027, 3, 18), TODAY)


# --- Presences --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stays", "share"),
    [
        ({"AM": Stay(), "PM": Stay()}, 1),
        ({"AM": Stay()}, Fraction(1, 2)),
        ({"AM": Stay(arrived_at=time(10, 30)), "PM": Stay()}, Fraction(3, 4)),
        ({"PM": Stay(left_at=time(15))}, Fraction(1, 4)),
        ({}, 0),
    ],
)
def test_what_a_stay_is_worth(stays, share):
    assert signing.attended_share(stays, HOURS) == share


@pytest.mark.parametrize(
    "stay", [Stay(time(8), None), Stay(time(12), None), Stay(None, time(13)), Stay(time(11), time(10))]
)
def test_stays_that_the_half_day_does_not_hold(stay):
    with pytest.raises(Refusal):
        signing.check_stay(stay, rules.MORNING)


def test_one_signs_around_the_half_day():
    starts, ends = datetime(2027, 3, 18, 9), datetime(2027, 3, 18, 12)  # noqa: DTZ001
    assert signing.is_signed_now(starts, ends, starts - timedelta(minutes=30))
    assert not signing.is_signed_now(starts, ends, starts - timedelta(minutes=31))
    assert not signing.is_signed_now(starts, ends, ends + timedelta(minutes=31))
