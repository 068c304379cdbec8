"""Dates chosen at once: the year never has a day too many. Runs on both databases."""

from __future__ import annotations

import threading
from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, connection
from django.utils import timezone

from circo.errors import Refusal
from events.days.actions import holding
from events.models import DayRules, SharingDay
from tests.events.days import NOW, chosen
from tests.networks.test_places_races import race

pytestmark = pytest.mark.django_db(transaction=True)
DATES = [date(2027, 3, day) for day in (9, 11, 16, 18)]


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


def or_refused(act):
    try:
        return act()
    except (Refusal, IntegrityError) as error:
        return error


def choose_at_once(world):
    acts = [lambda on=on: or_refused(lambda: chosen(world.here, world.inspector, on)) for on in DATES]
    return race(acts)


def test_two_days_and_clear_refusals(world):
    answers = choose_at_once(world)
    assert len([one for one in answers if isinstance(one, SharingDay)]) == 2
    assert all("2\u00a0journées par an" in str(one) for one in answers if not isinstance(one, SharingDay))
    assert sorted(SharingDay.objects.values_list("rank", flat=True)) == [1, 2]


def test_without_the_lock_the_database_still_refuses_but_not_in_words(world, monkeypatch):
    """The canary: all four have read that the year is empty before any of them writes."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: there is no lock to take away")
    DayRules.objects.create(district=world.here.district)
    everybody = threading.Barrier(len(DATES))

    def unlocked(district):
        return DayRules.objects.get(district=district)

    def together(taken, days_a_year, year):
        everybody.wait(timeout=20)
        return 1

    monkeypatch.setattr(holding, "locked_rules", unlocked)
    monkeypatch.setattr(holding.rules, "free_rank", together)
    answers = choose_at_once(world)
    assert len([one for one in answers if isinstance(one, IntegrityError)]) == 3
    assert SharingDay.objects.get().rank == 1
