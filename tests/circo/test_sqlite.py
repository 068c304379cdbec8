"""Waiting for one's turn to write, on the embedded database."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from circo import sqlite
from circo.models import SchoolYear
from tests.world import school_year

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="of SQLite alone"),
]


@contextmanager
def somebody_writes() -> Iterator[threading.Event]:
    """Another hand holds the lock until the event, or the end."""
    holds, over = threading.Event(), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            holds.set()
            over.wait(30)
            other.execute("ROLLBACK")

    hand = threading.Thread(target=write)
    hand.start()
    assert holds.wait(30)
    try:
        yield over
    finally:
        over.set()
        hand.join()


def busy_timeout_ms() -> int:
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA busy_timeout").fetchone()[0]


def test_who_waits_asks_as_often_as_who_comes_and_is_served(monkeypatch):
    slept, sleep = [], time.sleep
    year, before_ms = school_year(), busy_timeout_ms()
    with somebody_writes() as over:

        def counted(seconds: float) -> None:
            slept.append(seconds)
            if len(slept) == 30:
                over.set()
            sleep(seconds)

        monkeypatch.setattr(sqlite.time, "sleep", counted)
        with transaction.atomic():
            SchoolYear.objects.filter(pk=year.pk).update(last_day=year.last_day)
    least_s, most_s = sqlite.ASKS_AGAIN_S
    assert len(slept) >= 30
    assert all(least_s <= one <= most_s for one in slept)
    assert busy_timeout_ms() == before_ms


def test_nobody_waits_for_ever(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "timeout", 0)
    with somebody_writes(), pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    assert not connection.in_atomic_block


def test_each_connection_waits_in_turn_once():
    for _ in range(2):
        connection.close()
        connection.ensure_connection()
    assert connection.execute_wrappers.count(sqlite._begin_in_turn) == 1


def test_of_a_crowd_one_asks_at_a_time_and_all_are_served(monkeypatch):
    year, asking, sleep = school_year(), [], time.sleep
    served, most, faults = [], [], []

    def counted(seconds: float) -> None:
        asking.append(1)
        most.append(len(asking))
        sleep(seconds)
        asking.pop()

    start = threading.Barrier(31)

    def write() -> None:
        try:
            connection.ensure_connection()  # opened before the other hand holds the lock
            start.wait(30)
            start.wait(30)
            with transaction.atomic():
                served.append(SchoolYear.objects.filter(pk=year.pk).update(last_day=year.last_day))
        except OperationalError as fault:
            faults.append(fault)
        finally:
            connection.close()

    monkeypatch.setattr(sqlite.time, "sleep", counted)
    crowd = [threading.Thread(target=write) for _ in range(30)]
    for one in crowd:
        one.start()
    start.wait(30)
    with somebody_writes() as over:
        start.wait(30)
        give_up_at = time.monotonic() + 20
        while len(most) < 20 and time.monotonic() < give_up_at:
            sleep(0.01)
        over.set()
        for one in crowd:
            one.join(30)
    assert faults == []
    assert served == [1] * 30
    assert max(most) == 1


def test_whose_turn_does_not_come_waits_no_longer_than_the_others(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"]["OPTIONS"], "timeout", 0.05)
    with sqlite._asking, pytest.raises(OperationalError, match="locked"), transaction.atomic():
        pass
    assert not connection.in_atomic_block
