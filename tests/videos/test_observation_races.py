"""Two observers who finish at the same moment: the looks of both are shown, and each is told once."""

import threading
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, connections
from django.db.models import QuerySet

from circo.models import Notice
from tests.videos.films import film_of
from tests.videos.grids import grid_of, look_of, round_of
from videos import actions, queries
from videos.models import Observation

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


def finish_together(world, monkeypatch) -> tuple[bool, int, list[Exception]]:
    """Whether the looks are shown, how many people were told so, and what went wrong."""
    made = round_of(film_of(world.amina, world.here.group), grid_of(world.amina), world.amina, world.bruno)
    meeting, errors = threading.Barrier(2), []
    save = Observation.save

    def save_and_meet(look, **options):
        save(look, **options)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=MEET_WITHIN_S)

    def observer(person):
        try:
            actions.finish(observation=look_of(made, person), by=person)
        except OperationalError as error:
            errors.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(Observation, "save", save_and_meet)
    threads = [threading.Thread(target=observer, args=(person,)) for person in (world.amina, world.bruno)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.refresh_from_db()
    return made.is_revealed, Notice.objects.filter(kind=queries.OBSERVATION_SHOWN).count(), errors


def test_two_who_finish_at_once_see_each_other(world, monkeypatch):
    assert finish_together(world, monkeypatch) == (True, 1, [])


@pytest.mark.usefixtures("unprotected")
def test_without_the_lock_nobody_sees_anything(world, monkeypatch):
    """The canary: each sees the other at work still; SQLite refuses one of the two instead."""
    shown, told, errors = finish_together(world, monkeypatch)
    assert (shown, told) == (False, 0)
    assert bool(errors) is (connection.vendor == "sqlite")
