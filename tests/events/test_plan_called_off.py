"""The day of a published plan is called off: nobody is asked to come, nor paid, until it takes place after all."""

import pytest
import time_machine

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Notice
from circo.rules import Role
from events.days import actions as days
from events.days.rules import DayState
from events.hosting import queries as hosting
from events.missions import agenda, queries
from events.models import AssignedHalfDay, SharingDay
from events.papers import queries as papers
from events.papers import rules
from tests.events.brigade import withheld
from tests.events.days import NOW, announced
from tests.events.plans import brigade_of, prepared, published, solved
from tests.world import person, post

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(NOW, tick=True):
        yield


def test_who_was_to_come_is_told_and_comes_no_more(world):
    brigade_of(world.here)
    head = person("direction@ecole.test", "Hélène", "Direction")
    post(head, Role.HEAD_TEACHER, world.here.schools[0])
    plan = published(solved(prepared(announced(world.here, world.inspector), world.secretary), world.secretary), world)
    one = plan.assignments.filter(need__school=world.here.schools[0]).first()
    who, day = one.substitute, one.need.day
    month = rules.month_of("2027-03", day.on)
    Notice.objects.all().delete()

    days.cancel(day=day, by=world.inspector)
    assert not queries.coming(who).exists()
    assert not queries.todos(who)
    assert not hosting.hosted(head)
    assert not papers.statement(who, who, month).days
    (off,) = agenda.events_of(who, day.on)
    assert off.cancelled
    assert "Vous ne remplacez plus" in Notice.objects.get(person=who).title
    assert Notice.objects.filter(person=head, kind="covered-classes").exists()

    days.restore(day=day, by=world.inspector)
    assert queries.coming(who).get() == one
    assert hosting.hosted(head)
    (on,) = agenda.events_of(who, day.on)
    assert (on.cancelled, on.sequence > off.sequence) == (False, True)  # calendars follow the higher number
    assert "Vous remplacez de nouveau" in Notice.objects.filter(person=who).latest("pk").title


def test_a_day_whose_plan_is_followed_is_not_taken_back_in_silence(world):
    brigade_of(world.here)
    day = announced(world.here, world.inspector)
    published(solved(prepared(day, world.secretary), world.secretary), world)
    with pytest.raises(Refusal, match="remplaçants"):
        days.unpublish(day=day, by=world.inspector)
    day.refresh_from_db()
    assert day.state == DayState.PUBLISHED


def test_substitutes_are_free_for_another_plan_while_the_day_is_called_off(world):
    brigade_of(world.here, 3)
    day = announced(world.here, world.inspector)
    plan = published(solved(prepared(day, world.secretary), world.secretary), world)
    people = set(plan.assignments.values_list("substitute_id", flat=True))
    days.cancel(day=day, by=world.inspector)
    assert not any(calendar.busy(people, day.on, day.on).values())

    other = announced(world.here, world.inspector, day.on)
    second = published(solved(prepared(other, world.secretary), world.secretary), world)
    assert people & set(second.assignments.values_list("substitute_id", flat=True))
    SharingDay.objects.filter(pk=other.pk).update(district=world.there.district)  # as that of a neighbour
    Notice.objects.all().delete()
    with pytest.raises(Refusal, match="Un autre plan a pris des remplaçants"):
        days.restore(day=day, by=world.inspector)
    day.refresh_from_db()
    assert day.state == DayState.CANCELLED
    assert not Notice.objects.exists()

    days.cancel(day=other, by=world.inspector_there)
    days.restore(day=day, by=world.inspector)
    assert set(AssignedHalfDay.objects.filter(is_in_force=True).values_list("plan_id", flat=True)) == {plan.pk}
    assert all(calendar.busy(people, day.on, day.on).values())


def test_whoever_puts_a_day_back_is_told_who_is_away_by_now(world):
    brigade_of(world.here)
    day = announced(world.here, world.inspector)
    plan = published(solved(prepared(day, world.secretary), world.secretary), world)
    ill = plan.assignments.order_by("pk").first().substitute
    days.cancel(day=day, by=world.inspector)
    withheld(ill, world, HalfDay(day.on, "AM"), HalfDay(day.on, "PM"))
    Notice.objects.all().delete()
    days.restore(day=day, by=world.inspector)
    told = Notice.objects.get(person=world.inspector)
    assert told.title.endswith(f": {ill}")
    assert told.path == f"/brigade/plans/{plan.pk}/"
