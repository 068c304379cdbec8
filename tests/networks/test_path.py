"""The path of a person through the years, at the foot of the page of one of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from circo.models import SchoolYear
from networks.groups.rules import Stage, Standing, Verb
from networks.models import Membership, MembershipMove


@pytest.fixture
def years(world) -> list[Membership]:
    """Amina's years: a first one in the other district, a second one here, paused; a relay now."""
    first = world.year.first_day
    former = [
        SchoolYear.objects.create(
            first_day=first.replace(year=first.year - back), last_day=first.replace(year=first.year - back + 1) - day
        )
        for back, day in ((2, timedelta(days=1)), (1, timedelta(days=1)))
    ]
    made = [
        Membership.objects.create(person=world.amina, group=world.there.group, school_year=former[0]),
        Membership.objects.create(
            person=world.amina,
            group=world.here.other_group,
            school_year=former[1],
            stage=Stage.SECOND_YEAR,
            standing=Standing.PAUSED,
        ),
        world.amina.memberships.get(school_year=world.year),
    ]
    Membership.objects.filter(pk=made[2].pk).update(stage=Stage.RELAY)
    enrolled = {"verb": Verb.ENROL, "to_stage": Stage.SECOND_YEAR, "to_standing": Standing.ACTIVE}
    MembershipMove.objects.create(membership=made[1], why="Elle le souhaitait", **enrolled)
    return made


def shown(client, membership) -> str:
    body = client.get(reverse("networks:membership_page", args=[membership.pk])).content.decode()
    return body.split('id="chemin"')[1].split("</main>")[0].replace("\u00a0", " ")


def test_each_year_names_its_stage(world, sign_in, years):
    path = shown(sign_in(world.amina), years[2])
    labels = [str(one.school_year) for one in years]
    words = ("relais", "deuxième année, en pause", "première année")
    places = [path.index(f"{label} : {said}") for label, said in zip(reversed(labels), words, strict=True)]
    assert places == sorted(places), "the last year first"
    assert places[1] < path.index("Elle le souhaitait") < places[2]
    assert reverse("networks:membership_page", args=[years[0].pk]) in path


def test_a_team_reads_only_the_years_of_its_groups(world, sign_in, years):
    path = shown(sign_in(world.adviser), years[2])
    assert "deuxième année" in path
    assert str(years[0].school_year) not in path
    assert world.there.group.name not in path


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_for_one_year_and_three(world, sign_in, years, count, django_assert_num_queries):
    Membership.objects.filter(pk__in=[one.pk for one in years[: 3 - count]]).delete()
    client = sign_in(world.amina)
    shown(client, years[2])
    with django_assert_num_queries(12):
        shown(client, years[2])
