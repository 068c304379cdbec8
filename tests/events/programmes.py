"""Programmes for the tests."""

from __future__ import annotations

from datetime import time

from circo import jobs
from circo.models import Job, JobState, Person
from events.models import SharingDay, Slot, Workshop, WorkshopSession
from events.programme import actions, queries
from events.programme.actions import WantedSlot, WantedWorkshop
from events.programme.rules import SlotKind


def slot_of(
    day: SharingDay, by: Person, starts: time = time(10), ends: time = time(11), title: str = "Ateliers"
) -> Slot:
    return actions.put_slot(day=day, wanted=WantedSlot(starts, ends, title, SlotKind.WORKSHOPS), by=by)


def workshop_of(day: SharingDay, by: Person, title: str = "Le silence", **fields) -> Workshop:
    return actions.put_workshop(day=day, wanted=WantedWorkshop(title, **fields), by=by)


def session_of(
    slot: Slot, by: Person, title: str = "Le silence", capacity: int = 10, room: str = "", **fields: int
) -> WorkshopSession:
    workshop = Workshop.objects.filter(day=slot.day, title=title).first() or workshop_of(slot.day, by, title)
    return actions.put_session(slot=slot, workshop=workshop, room=room, capacity=capacity, by=by, **fields)


def given(day: SharingDay, by: Person) -> SharingDay:
    """Ask for the seats, and do the worker's part."""
    actions.ask_to_give(day=day, by=by)
    for pk in Job.objects.filter(kind=queries.GIVE, state=JobState.QUEUED).values_list("pk", flat=True):
        jobs.run(pk)
    day.refresh_from_db()
    return day
