"""A teacher asks to join while the team invites the same teacher: one of the two is first, and neither page breaks."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import OperationalError, connection
from django.db.models import QuerySet

from circo.errors import Refusal
from networks.groups import actions
from networks.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)

MEET_WITHIN_S = 1  # where the second is made to wait by a lock, the first goes on after that
CANARY_MEETS_WITHIN_S = 20  # nothing makes the second wait but a busy machine


def ask_and_invite_together(world, monkeypatch) -> tuple[int, list[Exception]]:
    """How many memberships there are in the end, and what went wrong; a refusal is none of it."""
    meeting, errors, met = threading.Barrier(2), [], threading.local()
    find_year = actions._year

    def find_year_and_meet():
        if not getattr(met, "once", False):  # one holds the person by now, the other the group
            met.once = True
            with suppress(threading.BrokenBarrierError):
                meeting.wait(timeout=MEET_WITHIN_S)
        return find_year()

    def run(act):
        try:
            with suppress(Refusal):
                act()
        except OperationalError as error:
            errors.append(error)
        finally:
            connection.close()

    monkeypatch.setattr(actions, "_year", find_year_and_meet)
    group = world.here.group
    acts = (
        lambda: actions.request(group=group, by=world.chloe),
        lambda: actions.invite(person=world.chloe, group=group, by=world.adviser),
    )
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Membership.objects.filter(person=world.chloe, group=group).count(), errors


def test_asking_and_being_invited_at_once_end_in_one_membership(world, monkeypatch):
    assert ask_and_invite_together(world, monkeypatch) == (1, [])


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_the_canary_a_stronger_lock_on_the_person_makes_them_wait_for_each_other(world, monkeypatch):
    monkeypatch.setattr(f"{__name__}.MEET_WITHIN_S", CANARY_MEETS_WITHIN_S)
    lock = QuerySet.select_for_update
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **asked: lock(rows, **{**asked, "no_key": False}))
    _, errors = ask_and_invite_together(world, monkeypatch)
    assert len(errors) == 1
