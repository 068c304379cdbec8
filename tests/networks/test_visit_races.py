"""The last seat, asked for by several at once: one has it, the others wait in line. Runs on PostgreSQL too."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from networks.models import ObservationSite, Visit, VisitSettings
from networks.visits import actions, moving
from networks.visits.actions import bookings
from networks.visits.rules import COUNTED, SEATED, VisitState
from tests.networks.visits_things import site_of
from tests.world import join, person, post

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
TUESDAY = HalfDay(date(2026, 12, 8), "AM")
AT_ONCE = 6
MEET_WITHIN_S = 1  # where the second is made to wait by a lock, the first goes on after that
CANARY_MEETS_WITHIN_S = 20  # nothing makes the second wait but a busy machine
PEACEFUL = connection.vendor != "postgresql"  # SQLite lets one write at a time: there is nothing to see there


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def site(world) -> ObservationSite:
    return site_of(world.amina, seats=2)


@pytest.fixture
def crowd(world) -> list:
    people = []
    for n in range(AT_ONCE):
        one = person(f"foule{n}@ecole.test", f"Foule{n}", "Petit")
        post(one, "TEACHER", world.here.schools[1])
        join(one, world.here.group)
        people.append(one)
    return people


def at_once(act, number: int = AT_ONCE) -> list[Exception]:
    """Call `act` in several threads that start together; return what went wrong."""
    faults, start = [], threading.Barrier(number)

    def run(rank):
        try:
            start.wait(timeout=20)
            act(rank)
        except Exception as fault:  # noqa: BLE001 (the test looks at it)
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(rank,)) for rank in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return faults


def everybody_asks(site, crowd) -> list[Exception]:
    return at_once(lambda rank: actions.ask_visit(site=site, half_day=TUESDAY, focus="La consigne", by=crowd[rank]))


def without_the_lock(monkeypatch) -> None:
    def unlocked(site_id):
        return ObservationSite.objects.select_related("host", "school", "network").get(pk=site_id)

    monkeypatch.setattr(moving, "locked_site", unlocked)


def seats_taken() -> list[int]:
    return sorted(Visit.objects.filter(state__in=SEATED).values_list("seat", flat=True))


def test_two_seats_go_to_two_and_the_others_wait(site, crowd):
    assert everybody_asks(site, crowd) == []
    assert seats_taken() == [1, 2]
    assert Visit.objects.filter(state=VisitState.WAITING).count() == AT_ONCE - 2


def test_the_database_alone_keeps_the_seats_apart(site, crowd, monkeypatch):
    without_the_lock(monkeypatch)
    assert everybody_asks(site, crowd) == []
    assert seats_taken() == [1, 2]
    assert Visit.objects.filter(state=VisitState.WAITING).count() == AT_ONCE - 2


@pytest.mark.skipif(PEACEFUL, reason="SQLite writes one after the other")
def test_canary_without_lock_nor_constraint_a_seat_is_given_twice(site, crowd, monkeypatch):
    without_the_lock(monkeypatch)
    both, check = threading.Barrier(AT_ONCE), bookings.rules.free_seat

    def all_have_looked(taken, seats):
        found = check(list(taken), seats)
        both.wait(timeout=20)
        return found

    monkeypatch.setattr(bookings.rules, "free_seat", all_have_looked)
    constraint = next(one for one in Visit._meta.constraints if one.name == "visit_seat_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Visit, constraint)
    try:
        everybody_asks(site, crowd)
        assert len(seats_taken()) > site.seats
    finally:
        Visit.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Visit, constraint)


def test_one_person_at_two_places_at_once_has_one_visit(world, site, crowd, monkeypatch):
    without_the_lock(monkeypatch)
    hosts = [world.bruno, world.chloe]
    places = [site, *(site_of(host, title=f"Chez {host}") for host in hosts)]
    at_once(
        lambda rank: actions.ask_visit(site=places[rank], half_day=TUESDAY, focus="La consigne", by=crowd[0]),
        len(places),
    )
    assert Visit.objects.filter(visitor=crowd[0], state__in=SEATED).count() == 1


def visits_taken_at_two_places_at_once(world, site, visitor, monkeypatch) -> tuple[int, list[Exception]]:
    """A year of one visit, asked for in two classes on two half-days: how many are taken, and what went wrong."""
    VisitSettings.objects.create(district=world.here.district, visits_a_year=1)
    places = [(site, TUESDAY), (site_of(world.amina, title="Le calcul mental"), HalfDay(TUESDAY.day, "PM"))]
    meeting, count = threading.Barrier(len(places)), bookings.queries.visits_left

    def both_have_counted(person, day):
        left = count(person, day)
        with suppress(threading.BrokenBarrierError):  # whom the lock makes wait does not come
            meeting.wait(timeout=MEET_WITHIN_S)
        return left

    monkeypatch.setattr(bookings.queries, "visits_left", both_have_counted)

    def ask(rank):
        place, half_day = places[rank]
        actions.ask_visit(site=place, half_day=half_day, focus="La consigne", by=visitor)

    faults = at_once(ask, len(places))
    return Visit.objects.filter(visitor=visitor, state__in=COUNTED).count(), faults


def test_the_visits_of_a_year_are_not_passed_at_two_places_at_once(world, site, crowd, monkeypatch):
    taken, (fault,) = visits_taken_at_two_places_at_once(world, site, crowd[0], monkeypatch)
    assert taken == 1
    assert isinstance(fault, Refusal)
    assert "1\u00a0visites par an" in str(fault)


@pytest.mark.skipif(PEACEFUL, reason="SQLite writes one after the other")
def test_canary_without_the_lock_on_the_visitor_the_year_is_passed(world, site, crowd, monkeypatch):
    monkeypatch.setattr(moving, "lock_visitor", lambda person: None)
    monkeypatch.setattr(f"{__name__}.MEET_WITHIN_S", CANARY_MEETS_WITHIN_S)
    assert visits_taken_at_two_places_at_once(world, site, crowd[0], monkeypatch) == (2, [])


def test_a_freed_seat_is_offered_to_one_alone(world, crowd, monkeypatch):
    site = site_of(world.amina)
    first = actions.ask_visit(site=site, half_day=TUESDAY, focus="La consigne", by=world.chloe)
    for one in crowd:
        actions.ask_visit(site=site, half_day=TUESDAY, focus="La consigne", by=one)
    verbs = [
        lambda: actions.cancel_visit(visit=first, word="", by=world.chloe),
        lambda: actions.decline_visit(visit=first, word="Une sortie", by=world.amina),
    ]
    at_once(lambda rank: verbs[rank](), 2)
    assert Visit.objects.filter(state=VisitState.OFFERED).count() == 1
    assert seats_taken() == [1]
