"""Many who write at the same moment: each message has a number of its own, in the order of the commits."""

from __future__ import annotations

import threading
from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, connections
from django.db.models import QuerySet

from networks.models import Post, Salon
from networks.salons import actions
from networks.salons.actions import posts
from tests.networks.salon_things import salon_of

pytestmark = pytest.mark.django_db(transaction=True)

MEET_WITHIN_S = 1  # where the second is made to wait by a lock, the first goes on after that
CANARY_MEETS_WITHIN_S = 20  # nothing makes the second wait but a busy machine


@pytest.fixture
def unprotected(monkeypatch):
    """No lock on rows; and, on SQLite, transactions that begin as they do by default."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())
    if connection.vendor == "sqlite":
        options = connections.settings["default"]["OPTIONS"] | {"transaction_mode": None}
        monkeypatch.setitem(connections.settings["default"], "OPTIONS", options)
    else:
        monkeypatch.setattr(f"{__name__}.MEET_WITHIN_S", CANARY_MEETS_WITHIN_S)


def write_together(world, monkeypatch, **fields) -> tuple[list[int], list[Exception]]:
    """The numbers of what two people wrote at once, and what went wrong."""
    salon = salon_of(world.here.group)
    meeting, errors = threading.Barrier(2), []
    take = posts.next_number

    def take_and_meet(held: Salon) -> int:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=MEET_WITHIN_S)  # both have read the salon
        return take(held)

    def writer(person):
        try:
            actions.write_post(salon=salon, text="Bonjour", by=person, **fields)
        except (OperationalError, IntegrityError) as error:
            errors.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(posts, "next_number", take_and_meet)
    people = (world.amina, world.amina if fields else world.bruno)
    threads = [threading.Thread(target=writer, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(Post.objects.order_by("seq").values_list("seq", flat=True)), errors


def test_two_who_write_at_once_take_two_numbers(world, monkeypatch):
    assert write_together(world, monkeypatch) == ([1, 2], [])


@pytest.mark.usefixtures("unprotected")
def test_without_the_lock_one_of_the_two_is_refused_by_the_database(world, monkeypatch):
    """The canary: both take the same number, and the constraint leaves one of them."""
    numbers, errors = write_together(world, monkeypatch)
    assert numbers == [1]
    assert len(errors) == 1


def test_the_same_message_sent_twice_at_once_is_written_once(world, monkeypatch):
    assert write_together(world, monkeypatch, client_key=uuid4()) == ([1], [])
