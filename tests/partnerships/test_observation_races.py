"""The last seat of a class, published twice at once; a yes beside a placement that is called off, or beside the clock.

On PostgreSQL too."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from circo.errors import Refusal
from networks.models import Visit
from networks.visits.queries import starts_at
from partnerships.models import CrossingPlan, HostingRules, PeerObservation
from partnerships.observations import actions, holding, lapsing, queries
from partnerships.observations.rules import SEATED, ObservationState
from partnerships.placements.actions import life
from tests.partnerships.observed import WHEN
from tests.partnerships.placed import NOW

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4
PEACEFUL = connection.vendor != "postgresql"  # SQLite lets one write at a time: there is nothing to see there


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


def at_once(*acts) -> list[Exception]:
    """Do these in threads that start together; return what went wrong."""
    faults, start = [], threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=20)
            act()
        except Exception as fault:  # noqa: BLE001 (the test looks at it)
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return faults


def crowd(crossing) -> list[CrossingPlan]:
    """As many proposals as there are freed teachers, all for the class of Bruno."""
    HostingRules.objects.create(district=crossing.ground.district, visitors_most=1)
    plans = []
    for number in range(AT_ONCE):
        offer = crossing.other_class(host=crossing.colleague(f"Voisin{number}"))
        crossing.freed(offer, name=f"Seule{number}")
        plan = CrossingPlan.objects.create(
            district=crossing.ground.district, first_day=WHEN.day, last_day=WHEN.day, created_by=crossing.adviser
        )
        place = {"school": crossing.offer.school, "day": WHEN.day, "half": WHEN.half}
        plan.lines.create(observer=offer.person, host=crossing.bruno, **place)
        plans.append(plan)
    return plans


def everybody_publishes(crossing, plans) -> list[Exception]:
    return at_once(*(lambda plan=plan: actions.publish(plan=plan, by=crossing.adviser) for plan in plans))


def seated() -> int:
    return PeerObservation.objects.filter(state__in=SEATED).count()


def test_of_several_published_at_once_for_the_last_seat_one_stands(crossing):
    plans = crowd(crossing)
    assert everybody_publishes(crossing, plans) == []
    assert seated() == 1
    assert sum(plan.lines.count() for plan in plans) == AT_ONCE - 1


@pytest.mark.skipif(PEACEFUL, reason="SQLite lets one write at a time")
def test_without_the_rows_held_the_class_is_overfull(crossing, monkeypatch):
    """The canary: what the test above sees when nobody is held, and seats are only counted."""
    plans = crowd(crossing)
    monkeypatch.setattr(holding, "hold_people", lambda ids: None)
    counted, together = queries.seat_in, threading.Barrier(AT_ONCE)
    numbers = iter(range(1, AT_ONCE + 1))

    def late(observation):
        seat = counted(observation)
        together.wait(timeout=60)
        return seat and next(numbers)

    monkeypatch.setattr(queries, "seat_in", late)
    assert everybody_publishes(crossing, plans) == []
    assert seated() > 1


def test_a_yes_beside_a_placement_that_is_called_off_leaves_no_visit(crossing):
    one = crossing.observation()
    faults = at_once(
        lambda: actions.accept(observation=one, by=crossing.amina),
        lambda: life.cancel(placement=crossing.placement, reason="Malade", by=crossing.by),
    )
    assert all(isinstance(fault, Refusal) for fault in faults), faults
    one.refresh_from_db()
    assert one.state == ObservationState.CANCELLED
    assert not Visit.objects.seated().exists()


JUST_AFTER = starts_at(WHEN) + timedelta(minutes=1)


def test_a_yes_beside_the_clock_that_closes_it_leaves_a_visit_or_none(crossing):
    one = crossing.observation()
    faults = at_once(
        lambda: actions.accept(observation=one, by=crossing.amina),
        lambda: lapsing.mind(JUST_AFTER),
    )
    assert all(isinstance(fault, Refusal) for fault in faults), faults
    one.refresh_from_db()
    assert (one.state == ObservationState.ACCEPTED) == Visit.objects.seated().exists() == (not faults)


def test_without_the_row_held_the_clock_closes_what_was_accepted(crossing, monkeypatch):
    """The canary: the clock reads, somebody says yes, the clock writes."""
    one = crossing.observation()
    held = holding.held

    def stale(observation):
        read = queries.observations().get(pk=observation.pk)
        monkeypatch.setattr(holding, "held", held)
        actions.accept(observation=one, by=crossing.amina)
        return read

    monkeypatch.setattr(holding, "held", stale)
    lapsing.mind(JUST_AFTER)
    one.refresh_from_db()
    assert one.state == ObservationState.LAPSED
    assert Visit.objects.seated().exists()
