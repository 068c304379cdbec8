"""Two are called again at once, and their school may be left by one more: one is refused in words."""

from __future__ import annotations

import threading

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from circo.errors import Refusal
from events.convening import actions as convening
from events.models import DayRules
from events.needs.leaving import checking
from tests.events.days import NOW, announced
from tests.events.test_leaving import of, send
from tests.networks.test_places_races import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


@pytest.fixture
def day(world):
    """Of the three teachers of a school, one is called and two were taken out; two may leave."""
    day = announced(world.here, world.inspector)
    send(day, world)
    for person in (world.bruno, world.chloe):
        convening.take_out(convocation=of(day, person), by=world.secretary)
    limits = {"is_leaving_limited": True, "leaving_percent": 100, "leaving_most": 2}
    DayRules.objects.update_or_create(district=world.here.district, defaults=limits)
    return day


def put_back_at_once(day, world) -> list[str]:
    """Put both back in two threads, both starting together; return what each was told."""

    def put_back(person):
        try:
            convening.put_back(convocation=of(day, person), by=world.secretary)
        except Refusal as refusal:
            return str(refusal)
        return ""

    return sorted(race([lambda who=who: put_back(who) for who in (world.bruno, world.chloe)]))


def test_one_comes_back_and_the_other_is_refused(world, day):
    told = put_back_at_once(day, world)
    assert told[0] == ""
    assert "Trop d’enseignants" in told[1]
    assert day.convocations.called().count() == 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_canary_without_the_day_both_come_back(world, day, monkeypatch):
    """Each counts once the other has written, and before that is committed."""
    real, both = checking.check, threading.Barrier(2)

    def together(day):
        both.wait(timeout=20)
        real(day)
        both.wait(timeout=20)

    monkeypatch.setattr(convening, "_hold_day", lambda _: None)
    monkeypatch.setattr(checking, "check", together)
    assert put_back_at_once(day, world) == ["", ""]
    assert day.convocations.called().count() == 3
