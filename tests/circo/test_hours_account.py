"""The account of the 18 hours: one function, the same figure for whoever reads it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circo.hours import queries
from circo.hours.rules import COUNTED_STATES, DISTANCE, Category, Mode, State
from circo.models import HourEntry, HoursQuota, Posting
from circo.rules import Role
from tests.circo.hours import entry_of
from tests.world import post

NAMES = ("amina", "bruno", "denis")
ROWS = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.sampled_from(State),
        st.sampled_from(Category),
        st.sampled_from(Mode),
        st.integers(1, 24).map(lambda quarters: quarters * 15),
    ),
    max_size=8,
)


@given(rows=ROWS)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_account_of_one_is_that_of_many_and_the_sum_of_the_entries(world, rows):
    HourEntry.objects.all().delete()
    for number, (name, state, category, mode, minutes) in enumerate(rows):
        person = getattr(world, name)
        said = {"category": category, "mode": mode, "minutes": minutes, "source": f"tests:{number}"}
        entry_of(person, world.superuser, state, **said)
    people = [getattr(world, name) for name in NAMES]
    many = queries.accounts([person.pk for person in people], world.year)
    for person in people:
        one = queries.account(person, world.year)
        assert one == many[person.pk]
        entries = [entry for entry in HourEntry.objects.filter(person=person) if entry.state in COUNTED_STATES]
        assert one.done_minutes == sum(entry.minutes for entry in entries)
        assert one.formation_minutes == sum(
            entry.minutes for entry in entries if entry.category == Category.TRAINING_FORMATION
        )
        assert one.distance_minutes == sum(entry.minutes for entry in entries if entry.mode in DISTANCE)


@pytest.mark.parametrize("count", [1, 3])
def test_accounts_cost_four_queries(world, count, django_assert_num_queries):
    people = [getattr(world, name) for name in NAMES[:count]]
    for person in people:
        entry_of(person, world.superuser)
    with django_assert_num_queries(4):
        queries.accounts([person.pk for person in people], world.year)


def quota(world, person) -> int:
    return queries.account(person, world.year).quota_minutes // 60


def test_the_quota_follows_the_part_time(world):
    assert quota(world, world.amina) == 18
    Posting.objects.filter(person=world.amina).update(share_percent=80)
    assert quota(world, world.amina) == 15
    post(world.amina, Role.HEAD_TEACHER, world.here.schools[0], share_percent=80)
    assert quota(world, world.amina) == 15
    Posting.objects.filter(person=world.bruno).update(share_percent=50)
    assert quota(world, world.bruno) == 9


def test_the_team_sets_another_quota(world):
    HoursQuota.objects.create(person=world.amina, school_year=world.year, minutes=0)
    assert quota(world, world.amina) == 0


def test_those_who_owe_nothing(world):
    assert quota(world, world.inspector) == quota(world, world.student) == 0


def test_a_trainer_without_a_class_owes_the_full_hours(world):
    assert quota(world, world.trainer) == 18


def test_a_posting_of_another_year_says_nothing(world):
    Posting.objects.filter(person=world.amina).update(
        starts_on=world.year.last_day + timedelta(days=1), ends_on=world.year.last_day + timedelta(days=300)
    )
    assert quota(world, world.amina) == 0
    assert quota(world, world.former) == 18, "left yesterday, after a full service"


def test_the_hours_of_a_mover_are_counted_whole(world):
    entry_of(world.amina, world.adviser, source="tests:1")
    today = timezone.localdate()
    Posting.objects.filter(person=world.amina).update(ends_on=today - timedelta(days=1))
    post(world.amina, Role.TEACHER, world.there.schools[0], starts_on=today)
    entry_of(world.amina, world.adviser_there, source="tests:2")
    assert queries.account(world.amina, world.year).done_minutes == 360
