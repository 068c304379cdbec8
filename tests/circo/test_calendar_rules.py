"""School half-days: what the decrees say, what a week says, what a place changes; the two answers agree."""

import csv
from datetime import date, timedelta

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar import rules
from circo.calendar.rules import Change, ChangeKind, HalfDay, Place, WeekPattern
from circo.dates import planned_in_words

EURE = Place("27", "B", WeekPattern.FOUR_DAYS)
LONGER = Place("27", "B", WeekPattern.FOUR_DAYS_AND_A_HALF)
SHARED = settings.BASE_DIR.parent / "shared/data/zone_b_school_holidays_2024_2028.csv"
days = st.dates(date(2018, 1, 1), date(2028, 8, 31))
half_days = st.builds(HalfDay, days, st.sampled_from(rules.HALVES))
weeks = st.sampled_from(WeekPattern)
zones = st.sampled_from([("27", "B"), ("75", "C"), ("69", "A"), ("67", "B"), ("2A", ""), ("974", "")])


@st.composite
def changes(draw):
    ends = sorted([draw(half_days), draw(half_days)])
    return Change(draw(st.sampled_from(ChangeKind)), *ends, reason="Neige")


@st.composite
def places(draw):
    code, zone = draw(zones)
    closed_on = draw(st.none() | days)
    return Place(code, zone, draw(weeks), closed_on, tuple(draw(st.lists(changes(), max_size=4))))


# --- Half-days -----------------------------------------------------------------------------------------------------
@given(half_days)
def test_a_code_is_read_back(half_day):
    assert HalfDay.from_code(half_day.code) == half_day


@pytest.mark.parametrize(
    "code", ["", "2026-11-26", "2026-11-26_NOON", "20261126_AM", "2026-02-30_AM", "2026-W48-4_AM", "9999-12-31_PM"]
)
def test_what_is_no_code_is_refused(code):
    with pytest.raises(ValueError, match=r"."):
        HalfDay.from_code(code)


@given(half_days, half_days)
def test_half_days_are_ordered_in_time(one, other):
    assert (one < other) == ((one.day, one.half == "PM") < (other.day, other.half == "PM"))


def test_a_half_day_is_said_in_words():
    assert planned_in_words(HalfDay(date(2026, 11, 26), "AM"), date(2026, 9, 1)) == "jeudi 26 novembre, matin"
    assert planned_in_words(HalfDay(date(2027, 3, 1), "PM"), date(2026, 9, 1)) == "lundi 1er mars 2027, après-midi"


# --- Zones ---------------------------------------------------------------------------------------------------------
def test_each_departement_of_the_mainland_is_in_one_zone():
    mainland = {f"{number:02d}" for number in range(1, 96) if number != 20}
    codes = [code for listed in rules.ZONES.values() for code in listed.split()]
    assert len(codes) == len(set(codes))
    assert set(codes) == mainland


def test_normandie_is_in_zone_b_and_corsica_in_none():
    assert {rules.zone_of(code) for code in ("14", "27", "50", "61", "76")} == {"B"}
    assert rules.zone_of("2A") == rules.zone_of("974") == ""
    assert rules.zone_of("974", "C") == "C"


# --- What the decrees say ------------------------------------------------------------------------------------------
def test_the_year_2026_2027_of_zone_b():
    """Source: shared domain dossier §4.5, own computation there."""
    found = {place: rules.school_half_days(place, date(2026, 9, 1), date(2027, 7, 2)) for place in (EURE, LONGER)}
    assert len({each.day for each in found[EURE]}) == 139
    assert len({each.day for each in found[LONGER]}) == 174
    assert len(found[EURE]) == 278
    assert found[LONGER] - found[EURE] == {each for each in found[LONGER] if each.week_code == "WED_AM"}


@pytest.mark.parametrize(
    ("zone", "year", "back", "pupils", "last"),
    [
        ("B", 2024, date(2024, 8, 30), date(2024, 9, 2), date(2025, 7, 4)),
        ("B", 2026, date(2026, 8, 31), date(2026, 9, 1), date(2027, 7, 2)),
        ("B", 2027, date(2027, 9, 1), date(2027, 9, 2), date(2028, 7, 4)),
        ("A", 2022, date(2022, 8, 31), date(2022, 9, 1), date(2023, 7, 7)),
        ("C", 2020, date(2020, 8, 31), date(2020, 9, 1), date(2021, 7, 6)),
    ],
)
def test_the_ends_of_a_year(zone, year, back, pupils, last):
    assert rules.school_year_edges(zone, year) == rules.Edges(back, pupils, last)


@pytest.mark.parametrize(("zone", "year"), [("", 2026), ("B", 2016), ("B", 2028), ("B", 2040)])
def test_the_ends_of_an_unknown_year_are_not_guessed(zone, year):
    assert rules.school_year_edges(zone, year) is None


@pytest.mark.skipif(not SHARED.is_file(), reason="the shared data is not beside this checkout")
def test_the_holidays_are_those_of_the_shared_table():
    with SHARED.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    listed = {}
    for row in rows:
        for day in rules.days_between(
            date.fromisoformat(row["first_day_off"]), date.fromisoformat(row["last_day_off"])
        ):
            listed[day] = row["name"].replace("'", "’")
    ours = {day: name for year in range(2024, 2029) for day, name in rules.school_holidays("B", year).items()}
    assert ours == {day: name for day, name in listed.items() if day <= rules.LAST_PUBLISHED}


@pytest.mark.parametrize(
    ("place", "half_day", "reason"),
    [
        (EURE, "2026-11-26_AM", ""),
        (EURE, "2026-11-25_AM", "Pas de classe le mercredi matin"),
        (LONGER, "2026-11-25_AM", ""),
        (LONGER, "2026-11-25_PM", "Pas de classe le mercredi après-midi"),
        (EURE, "2026-11-28_AM", "Week-end"),
        (EURE, "2026-11-11_AM", "Férié\u00a0: Armistice"),
        (EURE, "2026-12-25_PM", "Férié\u00a0: Noël"),
        (EURE, "2026-12-24_PM", "Vacances de Noël"),
        (EURE, "2027-05-07_AM", "Pont de l’Ascension"),
        (EURE, "2026-08-31_AM", "Pré-rentrée, sans les élèves"),
        (EURE, "2026-08-28_AM", "Vacances d’été"),
        (EURE, "2031-03-04_AM", "Calendrier scolaire 2030-2031 inconnu\u00a0: la plateforme va de 2017 à 2028"),
        (EURE, "2031-05-01_AM", "Férié\u00a0: Fête du Travail"),
        (Place("67", "B", WeekPattern.FOUR_DAYS), "2027-03-26_AM", "Férié\u00a0: Vendredi saint"),
        (
            Place("2A", "", WeekPattern.FOUR_DAYS),
            "2026-11-26_AM",
            "Calendrier scolaire à saisir\u00a0: ce département n’est dans aucune zone de vacances",
        ),
        (
            Place("27", "B", WeekPattern.FOUR_DAYS, closed_on=date(2026, 9, 1)),
            "2026-11-26_AM",
            "École fermée depuis le 01/09/2026",
        ),
    ],
)
def test_why_there_is_no_school(place, half_day, reason):
    assert rules.closure_reason(place, HalfDay.from_code(half_day)) == reason


def test_no_year_beyond_the_decrees_is_full_of_school():
    for place in (EURE, Place("2A", "", WeekPattern.FOUR_DAYS)):
        assert rules.school_half_days(place, date(2028, 9, 1), date(2032, 7, 1)) == set()


# --- What a place changes ------------------------------------------------------------------------------------------
def change(kind, first, last, reason="Neige"):
    return Change(kind, HalfDay.from_code(first), HalfDay.from_code(last), reason)


def asked(*changed, half_day):
    return rules.closure_reason(Place("27", "B", WeekPattern.FOUR_DAYS, None, changed), HalfDay.from_code(half_day))


def test_snow_closes_from_one_half_day_to_another():
    snow = change(ChangeKind.CLOSED, "2027-01-14_PM", "2027-01-15_AM")
    assert asked(snow, half_day="2027-01-14_AM") == ""
    assert asked(snow, half_day="2027-01-14_PM") == asked(snow, half_day="2027-01-15_AM") == "Neige"
    assert asked(snow, half_day="2027-01-15_PM") == ""


def test_a_worked_wednesday_opens_and_a_later_word_closes_again():
    worked = change(ChangeKind.OPEN, "2027-04-28_AM", "2027-04-28_PM")
    assert asked(worked, half_day="2027-04-28_PM") == ""
    snow = change(ChangeKind.CLOSED, "2027-04-28_PM", "2027-04-28_PM")
    assert asked(worked, snow, half_day="2027-04-28_PM") == "Neige"
    assert asked(snow, worked, half_day="2027-04-28_PM") == ""


def test_a_usual_week_opens_what_no_decree_says_but_no_sunday_and_no_public_holiday():
    corsica = Place(
        "2A",
        "",
        WeekPattern.FOUR_DAYS,
        None,
        (change(ChangeKind.USUAL, "2026-11-02_AM", "2026-12-18_PM", "Période 2"),),
    )
    found = rules.school_half_days(corsica, date(2026, 11, 1), date(2026, 12, 31))
    assert HalfDay(date(2026, 11, 26), "AM") in found
    assert not {each for each in found if each.day.weekday() in (2, 5, 6) or each.day == date(2026, 11, 11)}


@given(places(), days, st.integers(0, 40))
def test_the_two_answers_agree(place, first, length):
    last = first + timedelta(days=length)
    found = rules.school_half_days(place, first, last)
    asked_one_by_one = {each for each in rules.half_days_between(first, last) if not rules.closure_reason(place, each)}
    assert found == asked_one_by_one


@given(places(), days, st.integers(0, 400), st.integers(0, 400))
def test_a_period_in_two_parts_is_the_period(place, first, one, two):
    cut, last = first + timedelta(days=one), first + timedelta(days=one + two + 1)
    parts = rules.school_half_days(place, first, cut) | rules.school_half_days(place, cut + rules.A_DAY, last)
    assert parts == rules.school_half_days(place, first, last)


@given(weeks, days, st.integers(0, 60))
def test_without_changes_no_school_on_holidays_nor_out_of_the_week(week, first, length):
    for each in rules.school_half_days(Place("27", "B", week), first, first + timedelta(days=length)):
        assert each.week_code in rules.usual_week(week)
        assert each.day not in rules.school_holidays("B", each.day.year)
        assert each.day not in rules.public_holidays("27", each.day.year)


# --- Who does not work ---------------------------------------------------------------------------------------------
MONDAYS, ALL = frozenset({"MON_AM", "MON_PM"}), rules.usual_week(WeekPattern.FOUR_DAYS)


def test_a_half_time_is_free_of_what_is_not_worked():
    assert rules.unworked([(ALL, ALL - MONDAYS)]) == MONDAYS
    assert rules.unworked([(ALL, MONDAYS), (ALL, ALL - MONDAYS)]) == frozenset()
    assert rules.unworked([(ALL, frozenset())]) == rules.unworked([]) == frozenset()


@given(st.lists(st.tuples(weeks.map(rules.usual_week), st.frozensets(st.sampled_from(sorted(ALL))))))
def test_nobody_is_free_of_what_no_place_works(held):
    free = rules.unworked(held)
    assert not free & {code for _, mine in held for code in mine}
    assert all(any(code in place for place, _ in held) for code in free)
