"""What happens to a plan while its repair waits, or before it is taken back."""

import pytest

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Notice
from events.days import actions as days
from events.missions import actions as missions
from events.models import CoverNeed, CoverPlan, CoverPlanDay, HeldHalfDay
from events.plans import actions as plans
from events.plans.rules import PlanState
from events.repairs import actions
from tests.events.brigade import withheld
from tests.events.test_repairs import _november, accepted, head, ill, plan, reported, worked  # noqa: F401

pytestmark = pytest.mark.django_db
# ruff: noqa: F811 (fixtures are asked for by their name)


def _published_by_its_steps(repair, world):
    for target in (PlanState.PROPOSED, PlanState.VALIDATED, PlanState.PUBLISHED):
        plans.move(plan=repair.made, target=target, by=world.brigade_manager)
    repair.made.refresh_from_db()


@pytest.mark.parametrize("verb", [actions.drop, actions.compute_again])
def test_what_each_follows_already_is_not_dropped_with_its_repair(plan, ill, world, verb):
    repair = worked(reported(ill, world))
    _published_by_its_steps(repair, world)
    with pytest.raises(Refusal, match="déjà acceptée"):
        verb(repair=repair, by=world.brigade_manager)
    made = CoverPlan.objects.get(pk=repair.made_id)
    assert (made.state, made.plan_days.get().is_in_force) == (PlanState.PUBLISHED, True)
    assert HeldHalfDay.objects.filter(person=ill.substitute).exists()


def test_not_undone_when_another_plan_took_who_was_freed(plan, ill, world):
    repair = accepted(worked(reported(ill, world)), world)
    HeldHalfDay.objects.all().delete()  # back sooner than told, and asked elsewhere
    other = CoverPlan.objects.create(departement=plan.departement, version=99, state=PlanState.PUBLISHED)
    asked = {"school": ill.need.school, "class_key": "X", "span": "DAY", "priority": "1"}
    need = CoverNeed.objects.create(day=ill.need.day, **asked)
    row = other.assignments.create(need=need, substitute=ill.substitute, is_in_force=True)
    for each in ill.half_days.all():
        row.half_days.create(plan=other, substitute=ill.substitute, day=each.day, half=each.half, is_in_force=True)
    with pytest.raises(Refusal, match="prise entre-temps"):
        actions.undo(repair=repair, by=world.brigade_manager)
    assert CoverPlanDay.objects.get(is_in_force=True).plan == repair.made


def test_not_undone_when_who_would_be_asked_again_is_ill_since(plan, ill, world):
    """The absence that the repair was about is taken back with it; another one, said since, is not."""
    teacher_stays = actions.report_staying(plan=plan, need_pk=ill.need_id, by=world.brigade_manager)
    repair = accepted(worked(teacher_stays), world)
    on = ill.need.day.on
    withheld(ill.substitute, world, HalfDay(on, "AM"), HalfDay(on, "PM"))
    with pytest.raises(Refusal, match=f"n’est plus disponible\u00a0: {ill.substitute}"):
        actions.undo(repair=repair, by=world.brigade_manager)
    assert CoverPlanDay.objects.get(is_in_force=True).plan == repair.made
    assert CoverNeed.objects.get(pk=ill.need_id).stays_at, "nothing of it is taken back"


def test_not_undone_once_its_day_was_called_off(plan, ill, world):
    repair = accepted(worked(reported(ill, world)), world)
    days.cancel(day=ill.need.day, by=world.inspector)
    Notice.objects.all().delete()
    with pytest.raises(Refusal, match="annulée"):
        actions.undo(repair=repair, by=world.brigade_manager)
    assert not Notice.objects.exists()


def test_who_confirms_a_moment_later_confirms_nothing_that_is_over(plan, ill, world):
    read_before = plan.assignments.get(pk=ill.pk)
    plan.assignments.update(confirmed_at=None)
    accepted(worked(reported(ill, world)), world)
    with pytest.raises(Refusal, match="plus, la vôtre"):
        missions.confirm(assignment=read_before, by=read_before.substitute)
    assert plan.assignments.get(pk=ill.pk).confirmed_at is None
