"""Several ask for the last seat at once: one has it. Runs on both databases."""

from __future__ import annotations

import threading
import time

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from circo.errors import Refusal
from events.convening import actions as convening
from events.models import Slot, WorkshopSeat, WorkshopSession, WorkshopWait
from events.programme import actions, seating
from tests.events.days import NOW, announced
from tests.events.programmes import given, session_of, slot_of
from tests.events.test_programme import UNTIL, of
from tests.networks.test_places_races import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


@pytest.fixture
def last_seat(world) -> WorkshopSession:
    """One seat that three people want, while they sit elsewhere."""
    day = announced(world.here, world.inspector)
    convening.send(day=day, reply_by=UNTIL, by=world.inspector)
    slot = slot_of(day, world.adviser)
    session_of(slot, world.adviser, "Compter", 3)
    actions.show(day=day, wishes_until=UNTIL, by=world.adviser)
    given(day, world.adviser)
    return session_of(Slot.objects.select_related("day").get(), world.adviser, "Le silence", 1)


def ask_at_once(world, session):
    def ask(who):
        try:
            return actions.ask_seat(convocation=of(session.slot.day, who), session=session, by=who)
        except Refusal as refusal:
            return refusal

    return race([lambda who=who: ask(who) for who in (world.amina, world.bruno, world.chloe)])


def test_one_has_the_last_seat(world, last_seat):
    assert sorted(map(str, ask_at_once(world, last_seat))) == ["False", "False", "True"]
    assert WorkshopSeat.objects.filter(session=last_seat).count() == 1


def test_without_the_lock_the_seat_is_given_twice(world, last_seat, monkeypatch):
    """The canary: all three have seen that it is free before any of them sits."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: there is no lock to take away")
    everybody = threading.Barrier(3)
    read = seating.capacities

    def together(slot):
        found = read(slot)
        everybody.wait(timeout=20)
        return found

    monkeypatch.setattr(seating, "locked", lambda slot: Slot.objects.select_related("day").get(pk=slot.pk))
    monkeypatch.setattr(seating, "capacities", together)
    ask_at_once(world, last_seat)
    assert WorkshopSeat.objects.filter(session=last_seat).count() > 1


def taken_back_while_one_asks(world, session) -> list:
    """The team takes all seats back, and one asks for one before that is written; return what each was told."""
    begun = threading.Event()

    def ungive():
        with transaction.atomic():
            actions.ungive(day=session.slot.day, by=world.adviser)
            begun.set()
            time.sleep(0.5)

    def ask():
        begun.wait(timeout=20)
        try:
            return actions.ask_seat(convocation=of(session.slot.day, world.amina), session=session, by=world.amina)
        except Refusal as refusal:
            return str(refusal)

    return [answer for answer in race([ungive, ask]) if answer is not None]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_who_asks_while_seats_are_taken_back_has_none(world, last_seat):
    assert taken_back_while_one_asks(world, last_seat) == ["Les places ne changent pas en ce moment."]
    assert not WorkshopSeat.objects.exists()
    assert not WorkshopWait.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_canary_without_the_moments_a_seat_of_nobody_is_left(world, last_seat, monkeypatch):
    monkeypatch.setattr(seating, "lock_all", lambda _: None)
    assert taken_back_while_one_asks(world, last_seat) == [True]
    assert WorkshopSeat.objects.exists()
