"""Sharing days for the tests."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from circo.documents.actions import issue
from circo.models import IssuedDocument, Person
from events.days import actions
from events.days.actions import Wanted
from events.days.rules import DayState
from events.models import Convocation, SharingDay
from tests.world import Ground, school_year

NOW = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 (a Monday of school; the tests travel there)
THURSDAY = date(2027, 3, 18)  # a day of school, in spring
TUESDAY = date(2027, 5, 18)
FRIDAY_OF_BRIDGE = date(2027, 5, 7)  # after Ascension: zone B's holidays hold it


def wanted(on: date = THURSDAY, **fields: Any) -> Wanted:
    return Wanted(**{"on": on, "title": "Journée des partages", "where": "Salle des fêtes, Louviers"} | fields)


def chosen(ground: Ground, by: Person, on: date = THURSDAY, **fields: Any) -> SharingDay:
    return actions.choose(district=ground.district, wanted=wanted(on, **fields), by=by)


def announced(ground: Ground, by: Person, on: date = THURSDAY, **fields: Any) -> SharingDay:
    return actions.publish(day=chosen(ground, by, on, **fields), by=by)


def today_of(ground: Ground, by: Person, **fields: Any) -> SharingDay:
    """A day that is today, announced, whatever today is."""
    given = {
        "district": ground.district,
        "school_year": school_year(),
        "rank": 1,
        "on": timezone.localdate(),
        "title": "Journée des partages",
        "where": "Salle des fêtes",
        "counting": "NOT",
        # From midnight to midnight: the sweeps run at any hour.
        "morning_starts": time(0),
        "morning_ends": time(11),
        "afternoon_starts": time(11),
        "afternoon_ends": time(23, 45),
        "state": DayState.PUBLISHED,
        "published_at": timezone.now() - timedelta(days=30),
        "created_by": by,
    }
    return SharingDay.objects.create(**given | fields)


def letter_of(day: SharingDay, person: Person) -> IssuedDocument:
    """What is issued to somebody who is called."""
    by = day.created_by or person
    return issue(
        kind="Convocation", recipient=str(person), subject=day.title, by=by, district=day.district, person=person
    )


def called(day: SharingDay, *people: Person, **fields: Any) -> list[Convocation]:
    """People who were called some days ago, each by a letter."""
    sent = {"state": "SENT", "sent_at": timezone.now() - timedelta(days=5)}
    if fields.get("answer"):
        sent |= {"state": "ANSWERED", "answered_at": timezone.now()}
    return [
        Convocation.objects.create(day=day, person=person, document=letter_of(day, person), **sent | fields)
        for person in people
    ]
