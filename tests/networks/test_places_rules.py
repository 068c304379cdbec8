"""The rules of third places: hours as people write them, what may be booked, what is free."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from circo.rules import DAYS
from networks.places import rules
from networks.places.rules import ALWAYS, Place, Slot, Span, opening_of

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 23, 9, tzinfo=PARIS)  # a Monday
quarter = st.integers(0, 95).map(lambda number: time(number // 4, number % 4 * 15))
spans = st.tuples(quarter, quarter).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Span(*pair))
openings = st.dictionaries(st.integers(0, 6), spans.map(lambda span: (span,)), min_size=1)


def at(day: int, hour: str) -> datetime:
    return datetime.combine(date(2026, 11, day), time.fromisoformat(hour), PARIS)


def slot(day: int, starts: str, ends: str) -> Slot:
    return Slot(at(day, starts), at(day, ends))


@pytest.mark.parametrize(
    ("text", "days", "spans"),
    [
        ("lundi au vendredi : 8 h 30 – 18 h", [0, 1, 2, 3, 4], [("08:30", "18:00")]),
        ("Mercredi 13h30-17h", [2], [("13:30", "17:00")]),
        ("tous les jours de 8:00 à 20:00", list(range(7)), [("08:00", "20:00")]),
        ("le samedi, de 9 h à 12 h et de 14 h à 16 h", [5], [("09:00", "12:00"), ("14:00", "16:00")]),
        ("mardi, jeudi et vendredi à 9h-10h", [1, 3, 4], [("09:00", "10:00")]),
        ("samedi au lundi 9h-10h", [0, 5, 6], [("09:00", "10:00")]),
    ],
)
def test_hours_are_read_as_people_write_them(text, days, spans):
    read = opening_of(text)
    assert sorted(read) == days
    for day in days:
        assert list(read[day]) == [Span(*map(time.fromisoformat, pair)) for pair in spans]


def test_nothing_written_is_every_day():
    assert opening_of(" \n ") == ALWAYS


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lundi", "ne dit pas d’heures"),
        ("8 h - 9 h", "ne dit pas de jour"),
        ("lundy 8h-9h", "un jour que je ne connais pas"),
        ("lundi au 8h-9h", "un jour que je ne connais pas"),
        ("lundi 9h-8h", "vient après l’ouverture"),
        ("lundi 8h-10h\nlundi 9h-11h", "se recouvrent"),
        ("lundi 8h10-9h", "quart d’heure"),
        ("lundi 25h-26h", "quart d’heure"),
        ("lundi 8h", "ne se lisent pas"),
        ("lundi 8h-9h sauf", "ne se lisent pas"),
    ],
)
def test_hours_that_cannot_be_read_say_why(text, says):
    with pytest.raises(Refusal, match=says):
        opening_of(text)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text):
    try:
        read = opening_of(text)
    except Refusal:
        return
    assert all(span.opens < span.closes for spans in read.values() for span in spans)


@given(openings)
def test_what_is_written_is_read_back(opening):
    written = "\n".join(f"{DAYS[day]} {span.opens:%H:%M}-{span.closes:%H:%M}" for day, (span,) in opening.items())
    assert {day: tuple(spans) for day, spans in opening_of(written).items()} == opening


SCHOOL_WEEK = Place(opening_of("lundi au vendredi 8h-18h\nsamedi 9h-12h"), 20, date(2026, 11, 27))


@pytest.mark.parametrize(
    ("wished", "says"),
    [
        (slot(24, "12:00", "10:00"), "La fin vient après le début"),
        (slot(24, "10:00", "10:00"), "La fin vient après le début"),
        (Slot(at(24, "10:00"), at(25, "10:00")), "tient dans une journée"),
        (slot(24, "10:05", "11:00"), "quarts d’heure"),
        (slot(23, "08:00", "09:00"), "déjà passé"),
        (Slot(at(24, "10:00") + timedelta(days=500), at(24, "11:00") + timedelta(days=500)), "un an à l’avance"),
        (slot(27, "10:00", "11:00"), "fermé à partir du 27 novembre 2026"),
        (slot(24, "07:00", "09:00"), "Le mardi, ce lieu ouvre de 8\u00a0h à 18\u00a0h"),
        (slot(24, "17:00", "18:15"), "Le mardi, ce lieu ouvre"),
    ],
)
def test_what_cannot_be_booked_says_why(wished, says):
    with pytest.raises(Refusal, match=says):
        rules.check_slot(wished, SCHOOL_WEEK, now=NOW)


def test_a_day_that_is_not_opened_is_named():
    with pytest.raises(Refusal, match="n’ouvre pas le dimanche"):
        rules.check_slot(slot(29, "10:00", "11:00"), Place(SCHOOL_WEEK.opening), now=NOW)


def test_capacity():
    rules.check_people(20, SCHOOL_WEEK)
    rules.check_people(900, Place(ALWAYS))
    with pytest.raises(Refusal, match="20 personnes au plus"):
        rules.check_people(21, SCHOOL_WEEK)
    with pytest.raises(Refusal, match="au moins une personne"):
        rules.check_people(0, SCHOOL_WEEK)


def test_quarters_of_an_hour():
    assert rules.quarters(slot(24, "10:00", "10:45")) == [at(24, "10:00"), at(24, "10:15"), at(24, "10:30")]


wished_slots = st.builds(
    lambda day, first, count: Slot(
        at(24 + day, "08:00") + first * rules.QUARTER, at(24 + day, "08:00") + (first + count) * rules.QUARTER
    ),
    st.integers(0, 6),
    st.integers(0, 39),
    st.integers(1, 12),
)


@given(openings, wished_slots, st.sets(wished_slots, max_size=6))
def test_what_is_proposed_is_free_open_to_come_and_as_long(opening, wished, others):
    place = Place(opening, closed_on=date(2026, 12, 2))
    taken = {at for one in {wished, *others} for at in rules.quarters(one)}
    found = rules.nearest_free(wished, place, taken, now=NOW)
    assert len(found) <= rules.PROPOSED_MOST
    assert found == sorted(found)
    for one in found:
        rules.check_slot(one, place, now=NOW)
        assert one.length == wished.length
        assert not taken.intersection(rules.quarters(one))
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(found))


def test_the_nearest_comes_first_and_is_said_in_words():
    wished = slot(24, "10:00", "12:00")
    found = rules.nearest_free(wished, SCHOOL_WEEK, set(rules.quarters(wished)), now=NOW)
    assert found[0] == slot(24, "08:00", "10:00")
    assert found[1] == slot(24, "12:00", "14:00")
    assert "le mardi 24 novembre de 8\u00a0h à 10\u00a0h" in rules.taken_in_words(found)
    assert "rien d’aussi long" in rules.taken_in_words([])
    assert ", ou " not in rules.taken_in_words(found[:1])
