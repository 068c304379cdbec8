"""Where there is school, and who is taken: read for many at once."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from circo import registries
from circo.access import Visitor
from circo.calendar import queries
from circo.calendar.rules import HalfDay
from circo.models import CalendarChange, School
from circo.registries import Busy
from circo.rules import Role, WeekPattern
from tests.world import person, post, uai

THURSDAY = HalfDay(date(2026, 11, 26), "AM")
WEDNESDAY = HalfDay(date(2026, 11, 25), "AM")
FIRST, LAST = date(2026, 9, 1), date(2027, 7, 31)


def test_a_school_teaches_on_the_days_of_its_week(world):
    school, longer = world.here.schools
    longer.week_pattern = WeekPattern.FOUR_DAYS_AND_A_HALF
    longer.save()
    found = queries.school_half_days(world.here.schools, WEDNESDAY.day, THURSDAY.day)
    assert len(found[school.pk]) == 2
    assert found[longer.pk] - found[school.pk] == {WEDNESDAY}
    assert queries.is_school_half_day(longer, WEDNESDAY)
    assert not queries.is_school_half_day(school, WEDNESDAY)
    assert queries.closure_reason(school, WEDNESDAY) == "Pas de classe le mercredi matin"


def test_a_departement_may_choose_another_zone(world):
    winter = HalfDay(date(2027, 2, 8), "AM")  # holidays of zone C in 2027 begin on the 6th
    school = world.here.schools[0]
    assert queries.is_school_half_day(school, winter)
    world.here.departement.holiday_zone = "C"
    world.here.departement.save()
    assert queries.closure_reason(school, winter) == "Vacances d’hiver"


@pytest.mark.parametrize("count", [1, 40])
def test_a_year_of_many_schools_costs_as_many_queries_as_of_one(world, count, django_assert_num_queries):
    schools = [
        School.objects.create(district=world.here.district, uai=uai("27", 500 + n), name=f"École {n}", commune="Évreux")
        for n in range(count)
    ]
    with django_assert_num_queries(2):
        found = queries.school_half_days(schools, FIRST, LAST)
    assert len(found) == count
    assert {len(each) for each in found.values()} == {278}


# --- Who is taken --------------------------------------------------------------------------------------------------
def test_a_half_time_is_taken_when_not_at_work(world):
    worked = ["MON_AM", "MON_PM", "TUE_AM", "TUE_PM"]
    half = person("half@ecole.test", "Hélène", "Mi-temps")
    post(half, Role.TEACHER, world.here.schools[0], half_days=worked, starts_on=FIRST)
    found = queries.busy([half.pk, world.bruno.pk], date(2026, 11, 23), date(2026, 11, 29))
    assert found[world.bruno.pk] == []
    assert [each.half_day.code for each in found[half.pk]] == [
        "2026-11-26_AM",
        "2026-11-26_PM",
        "2026-11-27_AM",
        "2026-11-27_PM",
    ]


def test_two_half_times_that_make_a_whole_are_never_free(world):
    both = person("both@ecole.test", "Boris", "Deux-Écoles")
    monday, others = ["MON_AM", "MON_PM"], ["TUE_AM", "TUE_PM", "THU_AM", "THU_PM", "FRI_AM", "FRI_PM"]
    post(both, Role.TEACHER, world.here.schools[0], half_days=monday, starts_on=FIRST, ends_on=date(2026, 12, 31))
    post(both, Role.TEACHER, world.here.schools[1], half_days=others, starts_on=FIRST)
    assert queries.busy([both.pk], date(2026, 11, 23), date(2026, 11, 29)) == {both.pk: []}
    later = queries.busy([both.pk], date(2027, 1, 11), date(2027, 1, 17))[both.pk]
    assert [each.half_day.code for each in later] == ["2027-01-11_AM", "2027-01-11_PM"]


def test_what_others_register_is_asked_once_for_all(world, monkeypatch):
    calls = []

    def provider(person_ids, first, last):
        calls.append(set(person_ids))
        return [
            Busy(world.amina.pk, THURSDAY, "Journée des partages"),
            Busy(world.amina.pk, THURSDAY, "Journée des partages"),  # twice the same is once
            Busy(world.amina.pk, HalfDay(last + timedelta(days=1), "AM"), "Hors période"),
            Busy(world.denis.pk, THURSDAY, "Pas demandé"),
        ]

    monkeypatch.setattr(registries, "_busy_providers", [provider])
    asked = {world.amina.pk, world.bruno.pk}
    found = queries.busy(list(asked), THURSDAY.day, THURSDAY.day)
    assert calls == [asked]
    assert found == {world.amina.pk: [Busy(world.amina.pk, THURSDAY, "Journée des partages")], world.bruno.pk: []}


@pytest.mark.parametrize("count", [1, 3])
def test_busy_costs_one_query_however_many_people(world, count, django_assert_num_queries):
    people = [person(f"p{n}@ecole.test", "P", str(n)) for n in range(count)]
    for each in people:
        post(each, Role.TEACHER, world.here.schools[0], half_days=["MON_AM"], starts_on=FIRST)
    with django_assert_num_queries(1):
        list(queries.away([each.pk for each in people], FIRST, LAST))


# --- What places change --------------------------------------------------------------------------------------------
def change(reason="Neige", *, day=THURSDAY.day, **fields):
    return CalendarChange.objects.create(reason=reason, starts_on=day, ends_on=fields.pop("ends_on", day), **fields)


def test_the_narrower_word_wins_whenever_it_was_said(world):
    school, other = world.here.schools
    change("Ouverte quand même", school=school, kind="OPEN")
    change("Verglas", departement=world.here.departement)
    change("Neige", district=world.here.district, starts_half="PM")
    assert queries.closure_reason(school, THURSDAY) == ""
    assert queries.closure_reason(other, THURSDAY) == "Verglas"
    assert queries.closure_reason(other, HalfDay(THURSDAY.day, "PM")) == "Neige"
    assert queries.closure_reason(world.there.schools[0], THURSDAY) == ""


def test_at_one_level_the_later_word_wins(world):
    school = world.here.schools[0]
    change("Grève", school=school)
    change("Finalement ouverte", school=school, kind="OPEN")
    assert queries.is_school_half_day(school, THURSDAY)
    change("Neige", school=school)
    assert queries.closure_reason(school, THURSDAY) == "Neige"


@pytest.mark.parametrize("count", [1, 40])
def test_changes_cost_one_query_more(world, count, django_assert_num_queries):
    schools = [
        School.objects.create(district=world.here.district, uai=uai("27", 500 + n), name=f"École {n}", commune="Évreux")
        for n in range(count)
    ]
    for each in schools:
        change(school=each, starts_half="PM")
    change("Pont", departement=world.here.departement, day=date(2027, 3, 30))
    with django_assert_num_queries(2):
        found = queries.school_half_days(schools, FIRST, LAST)
    assert {len(each) for each in found.values()} == {278 - 1 - 2}


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({}, "calendar_change_one_place"),
        ({"school": 0, "district": True}, "calendar_change_one_place"),
        ({"school": 0, "ends_on": date(2026, 11, 25)}, "calendar_change_in_order"),
        ({"school": 0, "starts_half": "PM", "ends_half": "AM"}, "calendar_change_in_order"),
        ({"school": 0, "reason": ""}, "calendar_change_has_reason"),
    ],
)
def test_the_database_refuses_a_change_that_says_nothing(world, fields, name):
    places = {"school": world.here.schools[0], "district": world.here.district}
    fields = {key: places.get(key, value) for key, value in fields.items()}
    with pytest.raises(IntegrityError, match=name):
        change(**fields)


def test_who_sees_and_who_edits_a_change(world):
    of_school, of_district = change(school=world.here.schools[0]), change(district=world.here.district)
    whole = change(departement=world.here.departement)
    there = change(district=world.there.district)
    rows = CalendarChange.objects
    assert set(rows.visible_to(world.amina)) == {of_school, of_district, whole}
    assert not rows.editable_by(world.amina)
    assert not rows.editable_by(world.adviser)
    assert set(rows.editable_by(world.inspector)) == set(rows.editable_by(world.secretary)) == {of_school, of_district}
    assert set(rows.editable_by(world.departement)) == {of_school, of_district, whole}
    assert set(rows.editable_by(world.superuser)) == {of_school, of_district, whole, there}
    assert not rows.visible_to(Visitor())
