"""One's workshops on the agenda, and in the calendars that follow it."""

from __future__ import annotations

from datetime import time

import pytest
import time_machine
from django.utils import timezone

from circo.calendar import feed
from circo.calendar.agenda.queries import events_of as all_events
from events.convening import actions as convening
from events.days import actions as days
from events.models import WorkshopSeat, WorkshopSession
from events.programme import actions, agenda
from events.programme.actions import WantedWorkshop
from tests.events.days import NOW, announced
from tests.events.programmes import given, session_of, slot_of
from tests.events.test_programme import UNTIL, of, seat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


@pytest.fixture
def day(world):
    """Two moments of workshops; Amina and Bruno, the last of whom leads at the first one."""
    made = announced(world.here, world.inspector)
    convening.send(day=made, reply_by=UNTIL, by=world.inspector)
    slot = slot_of(made, world.adviser)
    session_of(slot, world.adviser, "Le silence", 1, room="B1")
    session_of(slot, world.adviser, "Compter", 5, room="B2")
    wanted = WantedWorkshop("Le silence", facilitators=[world.bruno])
    workshop = WorkshopSession.objects.get(room="B1").workshop
    actions.put_workshop(day=made, wanted=wanted, by=world.adviser, workshop=workshop)
    session_of(slot_of(made, world.adviser, time(14), time(15), "Après-midi"), world.adviser, "Écrire", 9, room="C3")
    actions.show(day=made, wishes_until=UNTIL, by=world.adviser)
    made.refresh_from_db()
    return made


def events(person, day):
    return {one.uid: one for one in agenda.events_of(person, day.on)}


def standing(person, day):
    held = [one for one in agenda.events_of(person, day.on) if not one.cancelled]
    return [(one.title, one.place.split(", ")[0], one.starts_at.hour) for one in held]


def test_seats_and_workshops_that_one_leads_are_there(world, day):
    assert agenda.events_of(world.amina, day.on) == []
    assert standing(world.bruno, day) == [(agenda.LEADS, "B1", 10)]
    given(day, world.adviser)
    assert standing(world.bruno, day) == [(agenda.LEADS, "B1", 10), (agenda.SITS, "C3", 14)]
    assert [hour for _, _, hour in standing(world.amina, day)] == [10, 14]
    assert agenda.SITS in [one.title for one in all_events(world.amina, day.on)]


def test_another_room_is_another_number_and_a_seat_that_goes_is_called_off(world, day):
    given(day, world.adviser)
    uid = f"workshop-{day.programme.get(starts=time(10)).pk}"
    here, there = WorkshopSession.objects.get(room="B1"), WorkshopSession.objects.get(room="B2")
    sitting = next(one for one in (world.amina, world.chloe) if seat(day, one) == "Le silence")
    actions.ask_seat(convocation=of(day, sitting), session=there, by=sitting)
    before = events(sitting, day)[uid]
    assert before.place.startswith("B2")
    actions.ask_seat(convocation=of(day, sitting), session=here, by=sitting)
    after = events(sitting, day)[uid]
    assert (after.place.split(", ")[0], after.sequence > before.sequence) == ("B1", True)
    actions.cancel_session(session=here, by=world.adviser)
    gone = events(sitting, day)[uid]
    assert (gone.cancelled, gone.sequence > after.sequence) == (True, True)


def test_a_day_called_off_takes_them_away(world, day):
    given(day, world.adviser)
    days.cancel(day=day, by=world.inspector)
    assert standing(world.amina, day) == []
    assert standing(world.bruno, day) == []


def test_who_leads_without_being_called_has_it_too(world, day):
    workshop = WorkshopSession.objects.get(room="B2").workshop
    wanted = WantedWorkshop("Compter", facilitators=[world.trainer])
    actions.put_workshop(day=day, wanted=wanted, by=world.adviser, workshop=workshop)
    assert standing(world.trainer, day) == [(agenda.LEADS, "B2", 10)]
    actions.hide(day=day, by=world.adviser)
    assert agenda.events_of(world.trainer, day.on) == []


def test_nothing_that_the_team_wrote_leaves_but_rooms(world, day):
    given(day, world.adviser)
    body = feed.feed_of(world.bruno, timezone.now()).body.decode()
    assert "anime un atelier" in body
    assert "silence" not in body


def test_they_cost_four_queries(world, day, django_assert_num_queries):
    given(day, world.adviser)
    assert WorkshopSeat.objects.count() > 3
    with django_assert_num_queries(4):
        agenda.events_of(world.amina, day.on)
