"""The worker that seeks a plan is killed while it writes: the last good plan stays, and the job is taken again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from circo.models import Job, JobState
from events.brigade import actions as brigade
from events.brigade.actions import Profile
from events.models import CoverPlan
from events.plans import actions, queries
from tests.events.brigade import school_day
from tests.events.days import announced
from tests.events.plans import brigade_of, prepared, solved
from tests.faults.stage import Stage
from tests.processes import wait_for
from tests.world import World

pytestmark = pytest.mark.fault


@pytest.fixture
def platform(_platform) -> tuple[Stage, World]:
    return _platform[:2]


@pytest.fixture
def plan(platform) -> Iterator[CoverPlan]:
    """A plan that is computed, and whose data have changed since: computing it again gives another one."""
    made, world = platform
    staff = brigade_of(world.here)
    day = announced(world.here, world.inspector, school_day(world.here.schools[0], after=30), sure=True)
    plan = solved(prepared(day, world.secretary), world.secretary)
    assert plan.assignments.count() == 3
    taken = set(plan.assignments.values_list("substitute_id", flat=True))
    one = next(one for one in staff if one.pk in taken)
    brigade.describe(person=one, profile=Profile(is_reserve=True), by=world.brigade_manager)
    yield plan
    made.stop(*(made.running.keys() - {"broker"}))
    CoverPlan.objects.all().delete()
    day.delete()
    for person in staff:
        person.delete()
    Job.objects.all().delete()


def taken(plan: CoverPlan) -> dict[int, int]:
    return dict(plan.assignments.order_by("pk").values_list("need_id", "substitute_id"))


@contextmanager
def held(made: Stage, plan: CoverPlan) -> Iterator[psycopg.Connection]:
    """Keep whoever writes this plan waiting, in the middle of the transaction that writes it."""
    with psycopg.connect(made.database.url) as keeper:
        keeper.execute("SELECT 1 FROM events_coverplan WHERE id = %s FOR UPDATE", [plan.pk])
        yield keeper
        keeper.rollback()


def killed_while_writing(made: Stage, plan: CoverPlan, name: str) -> None:
    with held(made, plan) as keeper, psycopg.connect(made.database.url, autocommit=True) as looking:
        waits = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
        made.start_worker(name, queues="light")
        mine = [keeper.info.backend_pid]
        wait_for(lambda: looking.execute(waits, mine).fetchone() != (0,), 120, "a worker is about to write the plan")
        made.stop(name)


def test_f31_a_killed_worker_leaves_the_last_good_plan_and_another_takes_over(platform, plan):
    made, world = platform
    before = taken(plan)
    actions.ask_to_solve(plan=plan, by=world.secretary)
    killed_while_writing(made, plan, "first")
    assert taken(plan) == before
    assert queries.job_of(plan) is not None, "the page still says that it is being computed"
    made.start_sweeper()
    made.start_worker("second", queues="light")
    wait_for(lambda: queries.job_of(plan) is None, 120, "another worker has done it")
    job = Job.objects.get(kind=queries.SOLVE)
    assert (job.state, job.attempt) == (JobState.DONE, 2)
    plan.refresh_from_db()
    assert taken(plan) != before
    assert plan.failure == ""


def test_f32_killed_each_time_the_plan_stays_and_the_page_says_so(platform, plan):
    made, world = platform
    before = taken(plan)
    actions.ask_to_solve(plan=plan, by=world.secretary)
    killed_while_writing(made, plan, "first")
    made.start_sweeper()
    wait_for(lambda: Job.objects.filter(state=JobState.QUEUED).exists(), 30, "its lease has ended")
    killed_while_writing(made, plan, "second")
    wait_for(lambda: Job.objects.filter(state=JobState.FAILED).exists(), 60, "nobody tries again")
    plan.refresh_from_db()
    assert taken(plan) == before
    assert "arrêté plusieurs fois" in plan.failure
    assert plan.proof
