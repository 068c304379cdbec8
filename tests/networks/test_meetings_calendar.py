"""A meeting as a file for other calendars, read by a parser."""

from __future__ import annotations

import icalendar
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from networks.meetings import actions
from tests.networks.meetings import NOW, THURSDAY, TUESDAY, at, planned, polled, wanted


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


def test_a_meeting_enters_another_calendar_and_leaves_it(world, sign_in):
    meeting = planned(world.here.group, world.amina)
    address = reverse("networks:meeting_calendar", args=[meeting.pk])
    client = sign_in(world.bruno)

    def read():
        answer = client.get(address)
        assert answer.headers["Content-Type"].startswith("text/calendar")
        calendar = icalendar.Calendar.from_ical(answer.content)
        (event,) = calendar.walk("VEVENT")
        return calendar["METHOD"], event

    method, event = read()
    assert (method, event["SEQUENCE"], event.decoded("DTSTART")) == ("REQUEST", 0, at(TUESDAY).starts_at)
    actions.change(meeting=meeting, wanted=wanted(THURSDAY), by=world.amina)
    method, moved = read()
    assert (method, moved["SEQUENCE"], moved["UID"]) == ("REQUEST", 1, event["UID"])
    actions.cancel(meeting=meeting, by=world.amina)
    method, ended = read()
    assert (method, ended["SEQUENCE"], ended["STATUS"], ended["UID"]) == ("CANCEL", 2, "CANCELLED", event["UID"])
    poll = polled(world.here.group, world.amina)
    assert client.get(reverse("networks:meeting_calendar", args=[poll.pk])).status_code == 409
