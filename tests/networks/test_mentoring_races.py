"""Two people who propose to each other at the same moment have one pair, and the second is told so."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError, OperationalError, connection

from circo.errors import Refusal
from networks.mentoring import actions
from networks.mentoring.actions import pairs as verbs
from networks.models import MentoringPair, Stage
from tests.networks.mentoring_things import stage

pytestmark = pytest.mark.django_db(transaction=True)

MEET_WITHIN_S = 1  # where the second is made to wait by a lock, the first goes on after that
CANARY_MEETS_WITHIN_S = 20  # nothing makes the second wait but a busy machine


def propose_together(world, monkeypatch) -> tuple[int, int]:
    """How many pairs were made, and how many were told no."""
    stage(world.amina, Stage.RELAY)
    stage(world.bruno, Stage.FIRST_YEAR)
    meeting, refused = threading.Barrier(2), []
    known = verbs.queries.district_of

    def known_and_meet(newcomer, mentor):
        found = known(newcomer, mentor)
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=MEET_WITHIN_S)
        return found

    def proposer(by, to):
        try:
            actions.propose(to=to, by=by)
        except (Refusal, OperationalError, IntegrityError) as error:
            refused.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(verbs.queries, "district_of", known_and_meet)
    both = ((world.amina, world.bruno), (world.bruno, world.amina))
    threads = [threading.Thread(target=proposer, args=pair) for pair in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return MentoringPair.objects.count(), len(refused)


def test_two_who_propose_at_once_have_one_pair(world, monkeypatch):
    assert propose_together(world, monkeypatch) == (1, 1)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one transaction write at a time")
def test_without_the_constraint_they_have_two(world, monkeypatch):
    """The canary."""
    monkeypatch.setattr(f"{__name__}.MEET_WITHIN_S", CANARY_MEETS_WITHIN_S)
    constraint = next(one for one in MentoringPair._meta.constraints if one.name == "mentoring_pair_open_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(MentoringPair, constraint)
    try:
        assert propose_together(world, monkeypatch) == (2, 0)
    finally:
        MentoringPair.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(MentoringPair, constraint)
