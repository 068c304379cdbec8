"""Two managers change one class at the same instant: one is told; and what happens where nobody compares."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from circo.errors import Refusal
from events.models import CoverPlan
from events.plans import actions, handing
from events.plans.rules import Changed, mark_of
from tests.events.brigade import school_day
from tests.events.days import announced
from tests.events.plans import brigade_of, prepared, solved

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plan(world) -> CoverPlan:
    brigade_of(world.here)
    day = announced(world.here, world.inspector, school_day(world.here.schools[0], after=30), sure=True)
    return solved(prepared(day, world.secretary), world.secretary)


def change_at_once(plan, world) -> list[str]:
    """Lock a class and take it off, each by a manager who saw the same thing; return what each was told."""
    held = plan.assignments.first()
    seen = mark_of(held.substitute_id, is_locked=False)
    told, start = [], threading.Barrier(2)

    def run(verb, by, **asked):
        try:
            start.wait(timeout=20)
            verb(plan=plan, need_pk=held.need_id, by=by, seen=seen, **asked)
            told.append("")
        except Changed as refusal:
            told.append(str(refusal))
        except Refusal as refusal:
            told.append(f"refusé : {refusal}")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(actions.lock, world.secretary), kwargs={"is_locked": True}),
        threading.Thread(target=run, args=(actions.assign, world.inspector), kwargs={"substitute_pk": None}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(told)


def test_one_of_two_hands_is_told(plan, world):
    told = change_at_once(plan, world)
    assert told[0] == ""
    assert "vient d’être changée" in told[1]
    assert plan.edits.count() == 1


def test_canary_without_the_mark_nobody_is_told_of_the_other(plan, world, monkeypatch):
    monkeypatch.setattr(handing, "refuse_if_changed", lambda *_: None)
    assert not any("vient d’être changée" in words for words in change_at_once(plan, world))
