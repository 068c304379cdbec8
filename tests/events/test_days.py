"""Sharing days: the dates proposed and refused, the life of a day, who sees what."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.calendar.rules import days_between
from circo.errors import Refusal
from circo.models import CalendarChange, Notice, School
from circo.registries import search, todos_of
from circo.rules import WeekPattern
from events.brigade import queries as brigade
from events.days import actions, queries
from events.days.rules import DayState
from events.models import Convocation, DayRules, SharingDay
from networks.meetings.rules import ToConfirm
from networks.models import Booking
from networks.places import actions as places
from networks.places.actions import Taken
from networks.places.rules import Slot
from tests.events.days import NOW, THURSDAY, TUESDAY, announced, called, chosen, wanted
from tests.networks.places import place_of


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _nobody_counts_substitutes(monkeypatch):
    """The brigade has tests of its own."""
    monkeypatch.setattr(brigade, "capacity", lambda *_: {})


@pytest.fixture
def ground(world):
    return world.here


def day_at(on: date, hour: int) -> datetime:
    return datetime.combine(on, time(hour), timezone.get_current_timezone())


def found(ground, first: date, last: date) -> dict[date, list[str]]:
    return {one.on: one.warnings for one in queries.proposals(ground.district, first, last)}


# --- Dates ------------------------------------------------------------------------------------------------------------
def test_the_days_when_all_schools_have_class_are_proposed(ground):
    week = found(ground, date(2027, 3, 15), date(2027, 3, 21))
    assert list(week) == [date(2027, 3, day) for day in (15, 16, 18, 19)]  # four days: no Wednesday, no week-end
    assert set(map(tuple, week.values())) == {()}


def test_dates_leave_two_weeks_holidays_bridges_and_one_own_day(world, ground):
    chosen(ground, world.inspector, TUESDAY)
    held = found(ground, timezone.localdate(), date(2027, 6, 30))
    assert min(held) == date(2026, 12, 7)
    assert not {date(2026, 12, 22), date(2027, 5, 6), date(2027, 5, 7), TUESDAY} & set(held)
    assert held[date(2026, 12, 8)] == ["pic de l’hiver"]
    assert "pic de l’hiver" not in held[date(2027, 3, 9)]


def test_a_school_that_is_closed_takes_the_day_away(world, ground):
    CalendarChange.objects.create(
        school=world.here.schools[0], kind="CLOSED", starts_on=THURSDAY, ends_on=THURSDAY, reason="Travaux"
    )
    assert THURSDAY not in found(ground, THURSDAY, THURSDAY)
    # Nobody of the networks teaches in the other school: what happens there does not count.
    CalendarChange.objects.all().delete()
    CalendarChange.objects.create(
        school=world.here.schools[1], kind="CLOSED", starts_on=THURSDAY, ends_on=THURSDAY, reason="Travaux"
    )
    assert THURSDAY in found(ground, THURSDAY, THURSDAY)


def test_a_wednesday_morning_is_half_a_day(ground):
    School.objects.update(week_pattern=WeekPattern.FOUR_DAYS_AND_A_HALF)
    assert date(2027, 3, 17) not in found(ground, date(2027, 3, 15), date(2027, 3, 19))


def test_other_days_of_the_departement_and_the_brigade_are_said(world, ground, monkeypatch):
    other = world.there.district
    other.departement = ground.departement
    other.save()
    chosen(world.there, world.inspector_there, THURSDAY)
    assert found(ground, THURSDAY, THURSDAY) == {THURSDAY: [f"déjà la journée de {other}"]}
    monkeypatch.setattr(brigade, "capacity", lambda *_: {THURSDAY: 3})
    # Amina, Bruno and Chloé have a class; Denis is called elsewhere.
    assert found(ground, THURSDAY, THURSDAY)[THURSDAY][-1].startswith("dépasserait la brigade")
    monkeypatch.setattr(brigade, "capacity", lambda *_: {THURSDAY: 4})
    assert len(found(ground, THURSDAY, THURSDAY)[THURSDAY]) == 1


@pytest.mark.parametrize("weeks", [2, 30])
def test_dates_cost_the_same_queries_however_many(world, ground, weeks, django_assert_num_queries):
    queries.proposals(ground.district, THURSDAY, THURSDAY)  # kept calendars
    with django_assert_num_queries(6):
        queries.proposals(ground.district, date(2026, 12, 7), date(2026, 12, 7) + timedelta(weeks=weeks))


# --- Choosing ---------------------------------------------------------------------------------------------------------
def test_choosing_lists_the_members_of_the_networks(world, ground):
    day = chosen(ground, world.adviser)
    assert (day.rank, day.state, day.counting) == (1, DayState.DRAFT, "NOT")
    assert {one.person for one in day.convocations.all()} == {world.amina, world.bruno, world.chloe}
    assert [(move.state, move.by) for move in day.moves.all()] == [("DRAFT", world.adviser)]


def test_a_third_day_is_refused_until_the_district_says_otherwise(world, ground):
    first, second = chosen(ground, world.inspector), chosen(ground, world.inspector, TUESDAY)
    assert (first.rank, second.rank) == (1, 2)
    with pytest.raises(Refusal, match="2\u00a0journées par an"):
        chosen(ground, world.inspector, date(2027, 6, 8))
    actions.cancel(day=first, by=world.inspector)
    assert chosen(ground, world.inspector, date(2027, 6, 8)).rank == 1
    with pytest.raises(Refusal, match="journées par an"):
        actions.restore(day=first, by=world.inspector)
    DayRules.objects.filter(district=ground.district).update(days_a_year=3)
    assert actions.restore(day=first, by=world.inspector).rank == 3
    assert chosen(world.there, world.inspector_there).rank == 1


def test_one_day_a_date(world, ground):
    chosen(ground, world.inspector)
    with pytest.raises(Refusal, match="déjà une journée"):
        chosen(ground, world.inspector)
    other = chosen(ground, world.inspector, TUESDAY)
    with pytest.raises(Refusal, match="déjà une journée"):
        actions.change(day=other, wanted=wanted(THURSDAY), by=world.inspector)


def test_an_unusual_date_is_asked_again(world, ground):
    with pytest.raises(ToConfirm, match="moins de deux semaines"):
        chosen(ground, world.inspector, date(2026, 12, 1))
    assert chosen(ground, world.inspector, date(2026, 12, 1), sure=True).on == date(2026, 12, 1)


@pytest.mark.parametrize("who", ["amina", "head_teacher", "departement", "brigade_manager", "inspector_there"])
def test_others_choose_no_date(world, ground, who):
    with pytest.raises(Refusal):
        chosen(ground, getattr(world, who))
    day = chosen(ground, world.inspector)
    for verb in (actions.publish, actions.cancel):
        with pytest.raises(Refusal):
            verb(day=day, by=getattr(world, who))


# --- The place --------------------------------------------------------------------------------------------------------
def test_the_place_follows_the_day(world, ground):
    place = place_of(ground.district, capacity=30)
    day = chosen(ground, world.adviser, place=place, where="")
    booking = Booking.objects.get()
    assert (booking.slot.starts_at, booking.slot.ends_at) == (day.at("AM")[0], day.at("PM")[1])
    actions.change(day=day, wanted=wanted(TUESDAY, place=place, where=""), by=world.secretary)
    booking.refresh_from_db()
    assert booking.slot.starts_at.date() == TUESDAY
    actions.cancel(day=day, by=world.inspector)
    booking.refresh_from_db()
    assert booking.cancelled_at
    actions.restore(day=day, by=world.inspector)
    booking.refresh_from_db()
    assert booking.cancelled_at is None


def test_a_place_that_is_taken_or_too_small_keeps_the_day_out(world, ground):
    place = place_of(ground.district, capacity=2)
    with pytest.raises(Refusal, match="2 personnes au plus"):
        chosen(ground, world.inspector, place=place, where="")
    place.capacity = 30
    place.save()
    booked = places.Wanted(Slot(*(day_at(THURSDAY, hour) for hour in (10, 11))), 4, "Une réunion")
    places.book(place=place, wanted=booked, by=world.amina)
    with pytest.raises(Taken, match="déjà réservé"):
        chosen(ground, world.inspector, place=place, where="")
    assert not SharingDay.objects.exists()


# --- The life of a day ------------------------------------------------------------------------------------------------
def test_a_day_is_the_team_s_until_it_is_announced(world, ground, sign_in):
    day = chosen(ground, world.inspector)
    page = reverse("events:day_page", args=[day.pk])
    assert sign_in(world.amina).get(page).status_code == 404
    assert sign_in(world.departement).get(page).status_code == 404
    assert sign_in(world.adviser).get(page).status_code == 200
    actions.publish(day=day, by=world.adviser)
    assert sign_in(world.amina).get(page).status_code == 200
    assert sign_in(world.head_teacher).get(page).status_code == 200
    assert sign_in(world.denis).get(page).status_code == 404
    actions.unpublish(day=day, by=world.adviser)
    assert sign_in(world.amina).get(page).status_code == 404


def test_a_day_without_a_place_is_not_announced(world, ground):
    with pytest.raises(Refusal, match="où la journée a lieu"):
        announced(ground, world.inspector, where="")


def test_what_was_sent_holds_the_date_and_the_announcement(world, ground):
    day = announced(ground, world.inspector)
    Convocation.objects.filter(day=day, person=world.amina).update(state="SENT", sent_at=timezone.now())
    with pytest.raises(Refusal, match="Des convocations sont parties"):
        actions.unpublish(day=day, by=world.inspector)
    with pytest.raises(Refusal, match="chaque convocation porte la date"):
        actions.change(day=day, wanted=wanted(TUESDAY), by=world.inspector)
    actions.change(day=day, wanted=wanted(where="Mairie de Louviers"), by=world.inspector)
    assert Notice.objects.get().person == world.amina
    assert "déplacée" in Notice.objects.get().title


def test_who_is_called_hears_that_it_is_off_and_on_again(world, ground):
    day = announced(ground, world.inspector)
    day.convocations.all().delete()
    called(day, world.amina)
    actions.cancel(day=day, by=world.inspector)
    assert actions.cancel(day=day, by=world.inspector).state == DayState.CANCELLED
    actions.restore(day=day, by=world.inspector)
    assert [one.title.partition(" :")[0] for one in Notice.objects.order_by("pk")] == [
        "Journée des partages annulée",
        "Journée des partages remise en place",
    ]
    day.refresh_from_db()
    assert (day.state, day.published_at is not None, day.sequence) == (DayState.PUBLISHED, True, 2)


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_the_form_keeps_what_was_typed_and_says_why(world, ground, sign_in):
    client = sign_in(world.secretary)
    address = reverse("events:day_create", args=[ground.district.pk])
    data = {
        "on": "2027-03-21",
        "title": "Nos essais",
        "where": "Mairie",
        "morning_starts": "09:00",
        "morning_ends": "12:00",
        "afternoon_starts": "13:30",
        "afternoon_ends": "16:30",
        "counting": "NOT",
        "category": "TRAINING_ANIMATION",
    }
    body = client.post(address, data)
    assert body.status_code == 422
    assert "est un dimanche" in body.content.decode()
    assert "Nos essais" in body.content.decode()
    body = client.post(address, data | {"on": "2026-12-01"}).content.decode()
    assert 'name="sure"' in body
    assert client.post(address, data | {"on": "2026-12-01", "sure": "on"}).status_code == 302
    assert SharingDay.objects.get().title == "Nos essais"


def test_dates_page_shows_months_and_leads_to_the_form(world, ground, sign_in):
    body = sign_in(world.inspector).get(reverse("events:day_dates", args=[ground.district.pk])).content.decode()
    assert "Mars 2027" in body
    assert "?le=2027-03-18" in body
    assert "pic de l’hiver" in body
    form = sign_in(world.inspector).get(reverse("events:day_new", args=[ground.district.pk]) + "?le=2027-03-18")
    assert 'value="2027-03-18"' in form.content.decode()


def test_a_year_that_has_all_its_days_is_said_before_one_chooses(world, ground, sign_in, clock):
    client = sign_in(world.inspector)
    dates, new = (reverse(f"events:day_{name}", args=[ground.district.pk]) for name in ("dates", "new"))
    chosen(ground, world.inspector)
    assert "déjà toutes ses journées" not in client.get(dates).text
    second = chosen(ground, world.inspector, TUESDAY)
    for page in (client.get(dates).text, client.get(new).text):
        assert "L’année 2026-2027 a déjà toutes ses journées." in page
        assert reverse("admin:events_dayrules_changelist") in page
    assert "?le=" not in client.get(dates).text
    actions.cancel(day=second, by=world.inspector)
    assert "?le=" in client.get(dates).text
    chosen(ground, world.inspector, TUESDAY)
    clock.move_to(day_at(date(2027, 4, 6), 10))  # those that took place count too
    assert "a déjà toutes ses journées" in sign_in(world.inspector).get(dates).text


def test_what_speaks_against_all_dates_is_said_once(world, ground, sign_in, monkeypatch):
    monkeypatch.setattr(brigade, "capacity", lambda _, first, last: dict.fromkeys(days_between(first, last), 0))
    page = sign_in(world.inspector).get(reverse("events:day_dates", args=[ground.district.pk])).text
    assert page.count("dépasserait la brigade") == 1
    assert "Tous ces jours" in page
    assert page.count("pic de l’hiver") > 1  # of some alone


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_queries(world, ground, sign_in, count, django_assert_num_queries):
    DayRules.objects.create(district=ground.district, days_a_year=3)
    for number in range(count):
        chosen(ground, world.inspector, date(2027, 3, 8 + 7 * number))
    client = sign_in(world.adviser)
    client.get(reverse("events:day_list"))
    with django_assert_num_queries(8):
        assert client.get(reverse("events:day_list")).status_code == 200


def test_search_and_todos(world, ground):
    day = announced(ground, world.inspector, theme="Filmer et réfléchir")
    ((title, rows),) = search(world.amina, "reflechir")
    assert (title, rows[0].title) == ("Journées", day.title)
    assert search(world.denis, "reflechir") == []
    assert "Envoyer les convocations" in [todo.title for todo in todos_of(world.secretary)]
    assert "Envoyer les convocations" not in [todo.title for todo in todos_of(world.adviser)]
