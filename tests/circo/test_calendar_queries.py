"""Where there is school, and who is taken: read for many at once."""

from datetime import date, timedelta

import pytest

from circo import registries
from circo.calendar import queries
from circo.calendar.rules import HalfDay
from circo.models import School
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
    with django_assert_num_queries(1):
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
