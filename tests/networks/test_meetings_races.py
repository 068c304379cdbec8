"""Several at once: one date is chosen, one presence a person, one line of hours. Runs on both databases."""

from __future__ import annotations

import threading

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from circo.errors import Refusal
from circo.models import HourEntry
from networks.meetings import actions, attending
from networks.meetings.actions import owned
from networks.models import Attendance, Booking, Meeting
from tests.networks.meetings import NOW, begun, polled, wanted
from tests.networks.places import place_of
from tests.networks.test_places_races import race
from tests.world import join, person, post

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


def or_refused(act):
    try:
        return act()
    except Refusal as refusal:
        return refusal


def choose_each_one(world, group):
    """Two organisers choose at once, each a date and a place of their own."""
    meeting = polled(group, world.amina)
    options = list(meeting.options.order_by("starts_at"))
    rooms = [place_of(world.here.district, f"Salle {number}") for number in range(2)]
    return race(
        [
            lambda by=by, option=option, room=room: or_refused(
                lambda: actions.choose(meeting=meeting, option=option, wanted=wanted(place=room, where=""), by=by)
            )
            for by, option, room in zip((world.amina, world.adviser), options[:2], rooms, strict=True)
        ]
    )


def test_one_date_is_chosen(world):
    answers = choose_each_one(world, world.here.group)
    (won,) = [one for one in answers if isinstance(one, Meeting)]
    meeting = Meeting.objects.get()
    assert meeting.starts_at == won.starts_at
    assert Booking.objects.get() == meeting.booking
    assert any("déjà prévue" in str(one) for one in answers)


def test_without_the_lock_two_dates_are_chosen(world, monkeypatch):
    """The canary: both have read the poll before either writes."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: there is no lock to take away")
    both = threading.Barrier(2)

    def unlocked(meeting, by):
        held = Meeting.objects.get(pk=meeting.pk)
        both.wait(timeout=20)
        return held

    monkeypatch.setattr(owned, "led", unlocked)
    answers = choose_each_one(world, world.here.group)
    assert len([one for one in answers if isinstance(one, Meeting)]) == 2
    assert Booking.objects.count() == 2


def test_presences_and_hours_are_written_once(world):
    """Everybody signs, twice, while the meeting is declared held: nobody is missing, and nobody counts double."""
    group = world.here.group
    people = [person(f"p{number}@ecole.test", f"P{number}", "Petit") for number in range(AT_ONCE)]
    for one in people:
        post(one, "TEACHER", world.here.schools[0])
        join(one, group)
    meeting = begun(group, world.amina)
    tickets = {one.pk: attending.scanned(meeting).ticket_for(one) for one in people}
    acts = [
        lambda one=one: actions.sign(meeting=meeting, ticket=tickets[one.pk], by=one)
        for one in people
        for _ in range(2)
    ]
    race([*acts, lambda: actions.close(meeting=meeting, by=world.amina)])
    assert Attendance.objects.count() == AT_ONCE
    entries = HourEntry.objects.filter(source=meeting.source)
    assert sorted(entries.values_list("person_id", flat=True)) == sorted(one.pk for one in people)
    assert set(entries.values_list("minutes", flat=True)) == {meeting.duration_minutes}
