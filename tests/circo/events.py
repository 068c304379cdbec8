"""Events that a test puts on agendas, as an app would."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from circo import registries
from circo.registries import CalendarEvent

PARIS = ZoneInfo("Europe/Paris")


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


def event(**fields) -> CalendarEvent:
    """A meeting of a group, on 26 November 2026, from 17:00 to 18:30."""
    meeting = {
        "uid": "networks.meeting:1",
        "sequence": 0,
        "starts_at": at(26, 17),
        "ends_at": at(26, 18, 30),
        "title": "Rencontre du groupe Lire en GS",
        "place": "École 1, Commune 1",
        "url": "/groupes/1/",
        "cancelled": False,
        "updated_at": at(2, 8),
    }
    return CalendarEvent(**meeting | fields)


class Events(list):
    """What everybody has on the agenda; `asked` remembers who was asked for, and since when."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple] = []

    def of(self, person, since):
        self.asked.append((person, since))
        return [each for each in self if each.ends_at.date() >= since]


@pytest.fixture
def events(monkeypatch) -> Events:
    made = Events()
    monkeypatch.setattr(registries, "_event_providers", [made.of])
    return made


@pytest.fixture
def november():
    """Stand on Monday 23 November 2026; asked before the world, which is then of that school year."""
    with time_machine.travel(at(23, 9), tick=False):
        yield
