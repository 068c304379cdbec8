"""What a sharing day says again of its hours, once the inspector has changed what it counts for."""

from datetime import time

import pytest

from circo.hours import recounting, replaying
from circo.hours.recounting import Asked
from circo.models import HourEntry
from events.models import SharingDay
from events.signing import actions
from events.signing.rules import Way
from tests.events.days import called, today_of


@pytest.fixture
def day(world):
    """A day that was held: Amina came in the morning, Bruno all day, Chloé not at all."""
    hours = {"morning_starts": time(0), "morning_ends": time(3), "afternoon_starts": time(3)}
    made = today_of(world.here, world.inspector, **hours, afternoon_ends=time(6), counting="COUNTS")
    amina, bruno, chloe = called(made, world.amina, world.bruno, world.chloe)
    everybody = [amina.pk, bruno.pk, chloe.pk]
    for half, came in (("AM", [amina.pk, bruno.pk]), ("PM", [bruno.pk])):
        actions.record(day=made, half=half, shown=everybody, present=came, way=Way.LIST, by=world.adviser)
    return actions.hold(day=made, by=world.adviser)


def changes(world) -> list[tuple[str, int, int]]:
    people = [world.amina.pk, world.bruno.pk, world.chloe.pk]
    found = replaying.changes(world.here.district.pk, world.year, people)
    return sorted((one.claim.person.first_name, one.was, one.becomes) for own in found.values() for one in own)


def test_as_long_as_no_rule_changes_nothing_does(world, day):
    assert HourEntry.objects.count() == 2
    assert changes(world) == []


def test_a_day_that_counts_in_part_or_not_at_all(world, day):
    SharingDay.objects.update(counting="PARTLY", counted_minutes=180)
    assert changes(world) == [("Amina", 180, 90), ("Bruno", 360, 180)]
    SharingDay.objects.update(counting="NOT", counted_minutes=None, state="CLOSED")
    assert changes(world) == [("Amina", 180, 0), ("Bruno", 360, 0)]
    SharingDay.objects.update(state="PUBLISHED")
    assert changes(world) == [], "one that is not held says nothing"


def test_a_day_is_told_in_two_queries(world, day, django_assert_num_queries):
    asked = Asked(world.here.district.pk, [world.amina.pk, world.bruno.pk], world.year.first_day, world.year.last_day)
    mine = next(one for one in recounting.recounters() if one.prefix == "events.sharingday")
    with django_assert_num_queries(2):
        assert len(list(mine.claims(asked))) == 2
