"""The new year of 3,300 memberships, opened and taken back, on the database that is given. Run by `make bench`."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter

import pytest
from django.db import connection
from django.utils import timezone

from circo.models import Person, Posting
from circo.rules import Role
from networks.cycle import actions
from networks.cycle.queries import preview
from networks.models import Membership, Wish, WishCampaign
from tests import world as world_module

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
MEMBERS = 3300  # a whole département; a district has three hundred
LONGEST_S = 5.0


def test_opening_the_year_of_three_thousand_memberships(django_assert_max_num_queries):
    world = world_module.build()
    campaign = _department(world)
    begun = perf_counter()
    with django_assert_max_num_queries(12):
        seen = preview(campaign, "")
    previewed = perf_counter() - begun
    assert seen.total == MEMBERS + 3
    begun = perf_counter()
    with django_assert_max_num_queries(80):
        opening = actions.open_year(campaign=campaign, by=world.inspector)
    opened = perf_counter() - begun
    assert opening.memberships.count() > MEMBERS * 0.7
    begun = perf_counter()
    actions.take_back(opening=opening, by=world.inspector)
    undone = perf_counter() - begun
    assert not Membership.objects.filter(opening=opening).exists()
    print(f"\n{connection.vendor}: preview {previewed:.2f} s, open {opened:.2f} s, take back {undone:.2f} s")  # noqa: T201
    assert opened < LONGEST_S


def _department(world) -> WishCampaign:
    """Members in many groups, a wish for nine of ten, movers and people without a posting among them."""
    groups = [world.here.network.groups.create(name=f"G{number}") for number in range(200)]
    people = Person.objects.bulk_create(
        [
            Person(email=f"m{number}@ecole.test", first_name="M", last_name=f"M{number}", password="!x")
            for number in range(MEMBERS)
        ],
        batch_size=1000,
    )
    schools = [*world.here.schools, world.there.schools[0]]
    Posting.objects.bulk_create(
        [
            Posting(
                person=who,
                role=Role.TEACHER,
                school=schools[2 if number % 50 == 0 else number % 2],
                starts_on=world.year.first_day,
            )
            for number, who in enumerate(people)
        ],
        batch_size=1000,
    )
    rows = Membership.objects.bulk_create(
        [
            Membership(
                person=who,
                group=groups[number % len(groups)],
                school_year=world.year,
                stage=("FIRST_YEAR", "SECOND_YEAR", "RELAY")[number % 3],
            )
            for number, who in enumerate(people)
        ],
        batch_size=1000,
    )
    Wish.objects.bulk_create(
        [
            Wish(membership=row, answer="PAUSE" if number % 13 == 0 else "CONTINUE")
            for number, row in enumerate(rows)
            if number % 10
        ],
        batch_size=1000,
    )
    return WishCampaign.objects.create(
        district=world.here.district,
        school_year=world.year,
        closes_on=timezone.localdate() - timedelta(days=1),
        opened_by=world.inspector,
    )
