"""The rules of meetings: their life, the days that suit, what a poll says, what a presence is worth."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from networks.meetings import rules
from networks.meetings.rules import LIFE, Calendar, MeetingState, Tally, ToConfirm
from networks.places.rules import Slot

PARIS = ZoneInfo("Europe/Paris")
CALENDAR = Calendar(
    date(2026, 9, 1), date(2027, 8, 31), {date(2026, 11, 11): "Armistice"}, {date(2026, 12, 22): "Vacances de Noël"}
)


def slot(starts: str, ends: str, on: date = date(2026, 12, 2)) -> Slot:
    return Slot(*(datetime.fromisoformat(f"{on}T{hour}").replace(tzinfo=PARIS) for hour in (starts, ends)))


@pytest.mark.parametrize(("source", "target"), list(product(MeetingState, MeetingState)))
def test_moves_are_those_of_the_table_and_the_others_say_why(source, target):
    if target in LIFE.ways[source]:
        LIFE.check(source, target)
    else:
        with pytest.raises(Refusal, match=r"Cette rencontre|La date de cette rencontre"):
            LIFE.check(source, target)


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (date(2026, 11, 11), r"mercredi 11.novembre.2026 est férié \(Armistice\)"),
        (date(2026, 11, 15), "un dimanche"),
        (date(2026, 8, 31), "dans aucune année scolaire"),
        (date(2027, 9, 1), "choisissez un jour du mardi 1er.septembre.2026 au mardi 31.août.2027"),
    ],
)
def test_a_day_on_which_nobody_meets_says_why(on, says):
    with pytest.raises(Refusal, match=says) as refused:
        rules.check_day(on, CALENDAR, sure=True)
    assert not isinstance(refused.value, ToConfirm)


def test_a_day_of_the_holidays_is_asked_again():
    with pytest.raises(ToConfirm, match="pendant les vacances"):
        rules.check_day(date(2026, 12, 22), CALENDAR)
    rules.check_day(date(2026, 12, 22), CALENDAR, sure=True)
    rules.check_day(date(2026, 12, 1), CALENDAR)


def test_a_platform_without_a_year_says_so():
    with pytest.raises(Refusal, match="Aucune année scolaire"):
        rules.check_day(date(2026, 12, 1), Calendar(None, None, {}, {}))


@pytest.mark.parametrize(
    ("wished", "says"),
    [
        (slot("10:00", "10:00"), "La fin vient après"),
        (slot("10:05", "11:00"), "quarts d’heure"),
        (slot("07:00", "19:00"), "dix heures au plus"),
        (Slot(slot("23:00", "23:15").starts_at, slot("23:00", "23:15").starts_at + timedelta(hours=2)), "dix heures"),
    ],
)
def test_hours_that_no_meeting_has(wished, says):
    with pytest.raises(Refusal, match=says):
        rules.check_slot(wished)


@pytest.mark.parametrize(
    ("hours", "halves"),
    [
        (("09:00", "11:00"), ["AM"]),
        (("09:00", "12:00"), ["AM"]),
        (("11:00", "14:00"), ["AM", "PM"]),
        (("14:00", "16:00"), ["PM"]),
        (("16:30", "18:00"), ["PM"]),
        (("17:00", "19:00"), []),
    ],
)
def test_half_days_that_a_meeting_takes(hours, halves):
    assert rules.half_days(slot(*hours)) == [HalfDay(date(2026, 12, 2), half) for half in halves]


def test_moments_are_of_ordinary_days():
    found = list(rules.moments(date(2026, 11, 9), date(2026, 11, 15), timedelta(hours=2), CALENDAR, PARIS))
    days = [one.starts_at.date().day for one in found]
    assert 11 not in days
    assert 15 not in days
    assert days.count(14) == 1
    assert {one.starts_at.hour for one in found} == {9, 14, 17}


tallies = st.builds(
    lambda day, yes, needed, no, silent: Tally(
        slot("17:00", "19:00", date(2026, 12, 1) + timedelta(days=day)), yes, needed, no, yes + needed + no + silent
    ),
    st.integers(0, 20),
    *(st.integers(0, 9) for _ in range(4)),
)


@given(st.lists(tallies, max_size=8))
def test_nothing_suits_more_than_the_best(found):
    best = rules.best(found)
    if best is None:
        assert all(tally.coming == 0 for tally in found)
        return
    assert all((tally.coming, tally.yes) <= (best.coming, best.yes) for tally in found)
    assert f"{best.coming} personne" in rules.explained(best)


def test_the_best_is_explained():
    tally = Tally(slot("17:00", "19:00"), 5, 2, 1, 9)
    assert rules.explained(tally) == (
        "Le mercredi 2 décembre de 17\u00a0h à 19\u00a0h convient le mieux\u00a0: 7 personnes peuvent venir sur 9, "
        "dont 2 si besoin\u00a0; 1 n’a pas encore répondu."
    )


@given(st.one_of(st.none(), st.integers(-10, 1000)))
def test_a_share_is_a_share(minutes):
    share = rules.attended_share(minutes, slot("17:00", "19:00"))
    assert 0 <= share <= 1
    if minutes == 60:
        assert share == Fraction(1, 2)


def test_one_signs_during_the_meeting_and_some_minutes_around():
    held = slot("17:00", "19:00")
    for minutes, opened in ((-16, False), (-15, True), (60, True), (135, True), (136, False)):
        assert rules.is_scanned_now(held, held.starts_at + timedelta(minutes=minutes)) is opened
