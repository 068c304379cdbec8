"""Two managers publish at once: one plan is in force, the other manager is told; and what happens without guards."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from circo.errors import Refusal
from events.models import CoverPlan, CoverPlanDay
from events.plans import actions, publishing
from events.plans.rules import PlanState
from tests.events.brigade import school_day
from tests.events.days import announced
from tests.events.plans import brigade_of, prepared, solved

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plans(world) -> list[CoverPlan]:
    """Two validated plans of one day."""
    brigade_of(world.here)
    day = announced(world.here, world.inspector, school_day(world.here.schools[0], after=30), sure=True)
    assert day.on > timezone.localdate() + timedelta(days=20)
    made = []
    for _ in range(2):
        plan = solved(prepared(day, world.secretary), world.secretary)
        for target in (PlanState.PROPOSED, PlanState.VALIDATED):
            plan = actions.move(plan=plan, target=target, by=world.brigade_manager)
        made.append(plan)
    return made


def publish_at_once(plans, by) -> list[str]:
    """Publish each in a thread of its own, all starting together; return what each was told."""
    told, start = [], threading.Barrier(len(plans))

    def run(plan):
        try:
            start.wait(timeout=20)
            actions.move(plan=plan, target=PlanState.PUBLISHED, by=by)
            told.append("")
        except Refusal as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(plan,)) for plan in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(told)


def test_one_of_two_plans_is_published_and_the_other_is_told(plans, world):
    told = publish_at_once(plans, world.brigade_manager)
    assert told[0] == ""
    assert "Un autre plan" in told[1]
    assert CoverPlanDay.objects.filter(is_in_force=True).count() == 1
    assert CoverPlan.objects.filter(state=PlanState.PUBLISHED).count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time")
def test_canary_without_comparison_the_constraints_still_refuse_the_second(plans, world, monkeypatch):
    monkeypatch.setattr(publishing, "_refuse_another", lambda *_: None)
    told = publish_at_once(plans, world.brigade_manager)
    assert told[0] == ""
    assert told[1] == actions.ANOTHER


def test_canary_without_any_guard_two_plans_are_in_force(plans, world, monkeypatch):
    monkeypatch.setattr(publishing, "_refuse_another", lambda *_: None)
    with connection.schema_editor() as editor:
        for model in ("CoverPlanDay", "CoverAssignment", "AssignedHalfDay"):
            _without_guards(editor, model)
    try:
        assert publish_at_once(plans, world.brigade_manager) == ["", ""]
        assert CoverPlanDay.objects.filter(is_in_force=True).count() == 2
    finally:
        _empty()
        with connection.schema_editor() as editor:
            for model in ("CoverPlanDay", "CoverAssignment", "AssignedHalfDay"):
                _with_guards(editor, model)


def _guards(name):
    model = apps.get_model("events", name)
    return model, [one for one in model._meta.constraints if getattr(one, "condition", None) is not None]


def _without_guards(editor, name):
    model, guards = _guards(name)
    for one in guards:
        editor.remove_constraint(model, one)


def _with_guards(editor, name):
    model, guards = _guards(name)
    for one in guards:
        editor.add_constraint(model, one)


def _empty():
    CoverPlan.objects.all().delete()
