"""Cover plans for the tests: substitutes around two schools, a day with three classes, a plan that is computed."""

from __future__ import annotations

from circo import jobs
from circo.models import Job, JobState, Person
from events.models import CoverPlan, IssrScale, SharingDay
from events.plans import actions, queries
from events.plans.rules import PlanState
from tests.events.brigade import substitute
from tests.world import Ground, World

STEPS = [[0, 1594], [10, 2104], [20, 2616], [30, 3087], [40, 3686], [50, 4289], [60, 4924]]


def scale() -> IssrScale:
    """The scale that a migration seeds, where a test has emptied the tables."""
    return IssrScale.objects.get_or_create(
        since="2022-01-01",
        defaults={"source": "Arrêté", "steps": STEPS, "last_km": 80, "further_km": 20, "further_cents": 734},
    )[0]


def placed(ground: Ground) -> None:
    """Give a place to the schools: about 12 km apart by road."""
    for number, school in enumerate(ground.schools):
        school.latitude, school.longitude = 49.1 + number / 12, 1.1
        school.save()


def brigade_of(ground: Ground, count: int = 4) -> list[Person]:
    placed(ground)
    scale()
    names = ("Lucie", "Marc", "Nora", "Omar", "Paula", "Rose")[:count]
    return [substitute(f"{name}{ground.departement.code}", ground.schools[n % 2]) for n, name in enumerate(names)]


def prepared(day: SharingDay, by: Person) -> CoverPlan:
    return actions.prepare(days=[day], by=by)


def solved(plan: CoverPlan, by: Person) -> CoverPlan:
    """Ask for it, and do the worker's part."""
    actions.ask_to_solve(plan=plan, by=by)
    for pk in Job.objects.filter(kind=queries.SOLVE, state=JobState.QUEUED).values_list("pk", flat=True):
        jobs.run(pk)
    plan.refresh_from_db()
    return plan


def published(plan: CoverPlan, world: World) -> CoverPlan:
    for target in (PlanState.PROPOSED, PlanState.VALIDATED, PlanState.PUBLISHED):
        plan = actions.move(plan=plan, target=target, by=world.brigade_manager)
    return plan
