"""The meetings and the places of the demonstration are there whatever the day on which one starts it."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from circo.models import HourEntry
from circo.portal.demo.meetings import write_meetings
from circo.portal.demo.places import write_places
from circo.portal.demo.plan import plan
from circo.portal.demo.writing import write
from networks.meetings.rules import MeetingState
from networks.models import Booking, Meeting, ThirdPlace

DAYS = ["2026-09-01", "2026-11-26", "2026-12-24", "2027-05-05", "2027-07-10", "2027-08-30"]


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS)
def test_whatever_the_day(day):
    with time_machine.travel(datetime.fromisoformat(f"{day}T10:00+02:00"), tick=True):
        write(plan(size="tiny", today=timezone.localdate()))
        write_places()
        write_meetings()
    assert ThirdPlace.objects.count() == 5
    assert Booking.objects.count() >= 3
    held = Meeting.objects.get(state=MeetingState.HELD)
    assert held.minutes
    assert HourEntry.objects.filter(source=held.source).exists()
    if day != DAYS[-1]:  # the last days of the last school year have nothing after them
        assert Meeting.objects.filter(state=MeetingState.PLANNED).exists()
        assert Meeting.objects.filter(state=MeetingState.POLLING).exists()
