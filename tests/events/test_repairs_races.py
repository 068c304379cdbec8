"""Two managers accept the same repair at once: one does, the other is told who; and what happens without the guard."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from circo.errors import Refusal
from circo.models import Notice
from events.models import CoverPlanDay, CoverPlanMove, CoverRepair
from events.plans import publishing
from events.plans.rules import PlanState
from events.repairs import actions, queries
from tests.events.brigade import school_day
from tests.events.days import announced
from tests.events.plans import brigade_of, prepared, published, solved
from tests.events.test_repairs import reported, worked

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def repair(world) -> CoverRepair:
    brigade_of(world.here)
    day = announced(world.here, world.inspector, school_day(world.here.schools[0], after=30), sure=True)
    plan = published(solved(prepared(day, world.secretary), world.secretary), world)
    Notice.objects.all().delete()
    return worked(reported(plan.assignments.order_by("pk").first(), world))


def accepted_at_once(repair, world) -> list[str]:
    """Accept in two threads, both starting together; return what each was told."""
    told, start, seen = [], threading.Barrier(2), queries.mark_of(repair.made)

    def run(by):
        try:
            start.wait(timeout=20)
            actions.accept(repair=repair, seen=seen, by=by)
            told.append("")
        except Refusal as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(by,)) for by in (world.brigade_manager, world.superuser)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(told)


def times_published(repair) -> int:
    return CoverPlanMove.objects.filter(plan=repair.made, state=PlanState.PUBLISHED).count()


def test_one_accepts_and_the_other_is_told(repair, world):
    told = accepted_at_once(repair, world)
    assert told[0] == ""
    assert "déjà acceptée par" in told[1]
    assert CoverPlanDay.objects.get(is_in_force=True).plan == repair.made
    assert times_published(repair) == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_canary_without_the_guard_both_accept(repair, world, monkeypatch):
    real, both = publishing.publish, threading.Barrier(2)

    def together(plan):
        both.wait(timeout=20)
        real(plan)

    rows = CoverRepair.objects.select_related("plan__departement", "made")
    monkeypatch.setattr(actions, "_open", lambda repair, _: rows.get(pk=repair.pk))
    monkeypatch.setattr(publishing, "_refuse_another", lambda *_: None)
    monkeypatch.setattr(publishing, "publish", together)
    assert accepted_at_once(repair, world) == ["", ""]
    assert times_published(repair) == 2
