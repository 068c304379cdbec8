"""What the sweeps need of cover plans."""

from __future__ import annotations

from typing import Any

from circo.models import Person
from events.models import AssignedHalfDay, CoverAssignment, CoverNeed, CoverPlan, CoverPlanDay, CoverRepair, CoverTrial
from tests.events.needs_things import need_of
from tests.events.plans import scale
from tests.house.supplying import Scene, Supplied

OF_PLAN = [
    f"events:plan_{verb}"
    for verb in ("page", "paper", "classes", "board", "map", "solve", "stop", "move", "undo", "export")
]
OF_CLASS = [f"events:cover_{verb}" for verb in ("choice", "assign", "lock", "link")]


def taken(plan: CoverPlan, need: CoverNeed, who: Person, *, is_in_force: bool) -> CoverAssignment:
    """One class of a plan, taken."""
    CoverPlanDay.objects.create(plan=plan, day=need.day, is_in_force=is_in_force)
    held = CoverAssignment.objects.create(plan=plan, need=need, substitute=who, is_in_force=is_in_force)
    AssignedHalfDay.objects.create(
        assignment=held, plan=plan, substitute=who, day=need.day.on, half="AM", is_in_force=is_in_force
    )
    return held


def plan_rows(day: Any) -> dict[type, Any]:
    """What the admin shows of plans."""
    plan = CoverPlan.objects.create(departement=day.district.departement, version=1)
    CoverPlanDay.objects.create(plan=plan, day=day)
    return {CoverPlan: plan}


def supply(scene: Scene) -> Supplied:
    """A draft, and a published plan in which the substitute of the ground has a mission."""
    need = need_of(scene)
    who = scene.world.people["substitute_there" if scene.mark else "substitute"]
    plan = CoverPlan.objects.create(departement=scene.ground.departement, version=1)
    taken(plan, need, who, is_in_force=False)
    published = CoverPlan.objects.create(departement=scene.ground.departement, version=2, state="PUBLISHED")
    mission = {"pk": taken(published, need, who, is_in_force=True).pk}
    repair = CoverRepair.objects.create(plan=published, made=plan)
    trial = CoverTrial.objects.create(plan=plan, kind="LOCK", need=need, words=f"Sans le verrou{scene.mark}")
    return Supplied(
        urls={
            **{f"events:trial_{verb}": {"pk": plan.pk} for verb in ("list", "ask", "prices", "forget")},
            "events:trial_lift": {"pk": trial.pk},
            **{f"events:repair_{verb}": {"pk": published.pk} for verb in ("new", "report")},
            **{f"events:repair_{verb}": {"pk": repair.pk} for verb in ("page", "accept", "again", "drop", "undo")},
            **{name: {"pk": plan.pk} for name in OF_PLAN},
            **{name: {"pk": plan.pk, "need_pk": need.pk} for name in OF_CLASS},
            **{f"events:statement_{verb}": {"pk": who.pk} for verb in ("page", "export", "paper")},
            **{f"events:mission_{verb}": mission for verb in ("page", "confirm")},
        },
        admin={"coverplan": plan, "issrscale": scale()},
    )
