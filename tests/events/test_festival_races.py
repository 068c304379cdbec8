"""Many visitors at once for a few seats: never one too many. Runs on both databases."""

from __future__ import annotations

import threading
import time

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from circo.errors import Refusal
from events.festival import actions, booking
from events.festival.booking import Asked
from events.festival.rules import FestivalState, FestivalVerb
from events.models import AnimationSession, Festival, SeatBooking
from tests.events.festivals import NOW, published
from tests.networks.test_places_races import race

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12


@pytest.fixture(autouse=True)
def _in_may():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


@pytest.fixture
def session(world):
    _, animation = published(world.here, world.amina, world.adviser)
    return animation.sessions.get()


def ask_at_once(session, name="visitor{}"):
    def act(number):
        try:
            booking.ask(session=session, asked=Asked("Zoé", f"{name.format(number)}@example.test", 1))
        except IntegrityError as error:
            return error
        return None

    return race([lambda number=number: act(number) for number in range(AT_ONCE)])


def test_five_seats_for_twelve(session):
    assert ask_at_once(session) == [None] * AT_ONCE
    states = sorted(SeatBooking.objects.values_list("state", flat=True))
    assert states == ["HELD"] * 5 + ["WAITING"] * 7
    assert AnimationSession.objects.get(pk=session.pk).taken == 5


def test_one_address_twelve_times_has_one_booking(session):
    assert ask_at_once(session, "zoe") == [None] * AT_ONCE
    assert SeatBooking.objects.get().seats == 1


def test_without_the_lock_the_database_still_refuses_but_not_in_words(session, monkeypatch):
    """The canary: all have read that five seats are free before any of them takes one."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time: there is no lock to take away")
    everybody = threading.Barrier(AT_ONCE)

    def unlocked(session):
        held = AnimationSession.objects.select_related("animation__festival").get(pk=session.pk)
        everybody.wait(timeout=20)
        return held

    monkeypatch.setattr(booking, "_locked", unlocked)
    errors = [one for one in ask_at_once(session) if isinstance(one, IntegrityError)]
    assert len(errors) == AT_ONCE - 5
    assert AnimationSession.objects.get(pk=session.pk).taken == 5


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_who_asks_while_it_is_withdrawn_reads_that_it_is(session, world):
    """What is joined to a row that one waits for is of before the wait: it said that the animation was still on."""
    withdrawn = threading.Event()

    def withdraw():
        with transaction.atomic():
            actions.withdraw(animation=session.animation, by=world.amina)
            withdrawn.set()
            time.sleep(0.5)  # the visitor waits for the row meanwhile

    def ask():
        withdrawn.wait(timeout=20)
        try:
            booking.ask(session=session, asked=Asked("Zoé", "zoe@example.test", 1))
        except Refusal as refusal:
            return str(refusal)

    assert race([withdraw, ask]) == [None, booking.CLOSED]
    assert not SeatBooking.objects.exists()


def unpublished_while_one_books(session, world) -> list:
    """The team takes the programme back, and a visitor books before that is written; return what each was told."""
    led = threading.Event()

    def unpublish():
        with transaction.atomic():
            festival = session.animation.festival
            actions.lead(festival=festival, verb=FestivalVerb.UNPUBLISH, by=world.adviser)
            led.set()
            time.sleep(0.5)

    def ask():
        led.wait(timeout=20)
        try:
            booking.ask(session=session, asked=Asked("Zoé", "zoe@example.test", 1))
        except Refusal as refusal:
            return str(refusal)

    return race([unpublish, ask])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_who_books_while_the_programme_is_taken_back_reads_that_it_is(session, world):
    assert sorted(map(str, unpublished_while_one_books(session, world))) == [booking.CLOSED, "None"]
    assert Festival.objects.get().state == FestivalState.CALL
    assert not SeatBooking.objects.exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_canary_without_the_sessions_a_seat_of_no_programme_is_booked(session, world, monkeypatch):
    monkeypatch.setattr(actions, "_hold_sessions", lambda _: None)
    assert unpublished_while_one_books(session, world) == [None, None]
    assert Festival.objects.get().state == FestivalState.CALL
    assert SeatBooking.objects.exists()
