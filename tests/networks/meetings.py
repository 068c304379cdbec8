"""Meetings for the tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from circo.models import Person
from networks.meetings import actions
from networks.meetings.actions import Sought, Wanted
from networks.meetings.rules import MeetingState
from networks.models import Attendance, Meeting, MutualisationGroup
from networks.places.rules import Slot

NOW = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 (a Monday of school; the tests travel there)
TUESDAY, THURSDAY = date(2026, 12, 1), date(2026, 12, 3)
CHRISTMAS = date(2026, 12, 25)  # a public holiday
IN_HOLIDAYS = date(2026, 12, 22)


def at(on: date, starts: str = "17:00", ends: str = "19:00") -> Slot:
    zone = timezone.get_current_timezone()
    return Slot(*(datetime.combine(on, time.fromisoformat(hour), zone) for hour in (starts, ends)))


def wanted(on: date = TUESDAY, starts: str = "17:00", ends: str = "19:00", **fields: Any) -> Wanted:
    return Wanted(**{"slot": at(on, starts, ends), "title": "Lire ensemble", "where": "Mairie"} | fields)


def planned(group: MutualisationGroup, by: Person, on: date = TUESDAY, **fields: Any) -> Meeting:
    return actions.plan(group=group, wanted=wanted(on, **fields), by=by)


def polled(group: MutualisationGroup, by: Person, *slots: Slot) -> Meeting:
    asked = slots or (at(TUESDAY), at(THURSDAY), at(date(2026, 12, 2), "14:00", "16:00"))
    return actions.open_poll(group=group, sought=Sought("Une date", asked), by=by)


def begun(group: MutualisationGroup, organiser: Person, **fields: Any) -> Meeting:
    """A meeting that began an hour ago, whatever the day."""
    starts_at = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    given = {"title": "Lire ensemble", "where": "Mairie", "state": MeetingState.PLANNED}
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2)}
    return Meeting.objects.create(group=group, organiser=organiser, **given | times | fields)


def presence_of(meeting: Meeting, person: Person) -> Attendance | None:
    return meeting.attendances.filter(person=person).first()
