"""Groups and their members in the admin: an adviser animates, and nobody lets oneself in."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from circo.models import Person, Posting, School
from networks.models import Membership, MutualisationGroup, Network, Stage, Standing
from tests.circo import admin_world
from tests.circo.admin_world import url
from tests.world import join, post
from tests.world import person as make_person


def group(world, *lines: dict, initial: int = 0, **fields) -> dict:
    data = {"network": world.here.network.pk, "name": "Nouveau", "adviser": world.trainer.pk, **fields}
    data |= {"memberships-TOTAL_FORMS": len(lines), "memberships-INITIAL_FORMS": initial}
    for index, line in enumerate(lines):
        data |= {f"memberships-{index}-{name}": value for name, value in {"stage": "FIRST_YEAR", **line}.items()}
    return data


refused = partial(admin_world.refused, says="errorlist")


def test_adviser_makes_a_group_with_its_members_of_this_year(world, sign_in):
    client = sign_in(world.adviser)
    lines = ({"person": world.amina.pk}, {"person": world.bruno.pk, "stage": "SECOND_YEAR"})
    assert client.post(url(MutualisationGroup, "add"), group(world, *lines)).status_code == 302
    made = MutualisationGroup.objects.get(name="Nouveau")
    assert [(one.person, one.school_year) for one in made.memberships.all()] == [
        (world.amina, world.year),
        (world.bruno, world.year),
    ]
    body = client.get(url(MutualisationGroup, "change", made.pk)).content.decode()
    assert "Amina Petit" in body


@pytest.mark.parametrize("who", ["adviser", "inspector"])
@pytest.mark.parametrize("whom", ["denis", "adviser", "inspector", "deactivated"])
def test_members_come_from_the_own_district_and_nobody_lets_oneself_in(world, sign_in, who, whom):
    if (who, whom) == ("inspector", "adviser"):
        return
    client, whom = sign_in(getattr(world, who)), getattr(world, whom)
    refused(client, url(MutualisationGroup, "add"), group(world, {"person": whom.pk}))
    year = {"group": world.here.group.pk, "school_year": world.year.pk, "stage": "RELAY"}
    refused(client, url(Membership, "add"), {"person": whom.pk, **year})


@pytest.mark.parametrize("field", ["network", "adviser"])
def test_group_keeps_its_network_and_its_adviser_here(world, sign_in, field):
    foreign = {"network": world.there.network.pk, "adviser": world.adviser_there.pk}[field]
    refused(sign_in(world.inspector), url(MutualisationGroup, "add"), group(world, **{field: foreign}))
    data = group(world, **{field: foreign})
    refused(sign_in(world.inspector), url(MutualisationGroup, "change", world.here.group.pk), data)


def test_adviser_does_not_open_the_films_of_a_group_to_oneself(world, sign_in):
    data = group(world, adviser=world.adviser.pk, name=world.here.group.name)
    refused(sign_in(world.adviser), url(MutualisationGroup, "change", world.here.group.pk), data)
    named = group(world, adviser=world.adviser.pk, name=world.here.group.name)
    address = url(MutualisationGroup, "change", world.here.group.pk)
    assert sign_in(world.inspector).post(address, named).status_code == 302


def test_inspector_does_not_become_the_one_who_animates_and_so_watches(world, sign_in):
    post(world.inspector, "TRAINER", world.here.district)  # a role that the secretary gives
    for who in (world.inspector, world.adviser):
        refused(sign_in(who), url(MutualisationGroup, "add"), group(world, adviser=world.inspector.pk))


def test_membership_joins_no_group_of_another_district(world, sign_in):
    data = {"person": world.amina.pk, "group": world.there.group.pk, "school_year": world.year.pk, "stage": "RELAY"}
    refused(sign_in(world.adviser), url(Membership, "add"), data)
    refused(sign_in(world.adviser), url(Network, "add"), {"district": world.there.district.pk, "name": "R"})
    theirs = world.denis.memberships.get()
    refused(sign_in(world.adviser), url(Membership, "change", theirs.pk), {"stage": "RELAY"}, says="", status=404)


def test_the_own_membership_is_seen_and_not_changed(world, sign_in):
    own = join(world.adviser, world.here.group)
    client = sign_in(world.adviser)
    assert client.get(url(Membership, "change", own.pk)).status_code == 200
    refused(client, url(Membership, "change", own.pk), {"stage": "RELAY"}, says="", status=404)
    own.standing, own.left_on = Standing.LEFT, world.year.first_day
    own.save()
    lines = {"id": own.pk, "group": world.here.group.pk, "person": own.person_id, "stage": "RELAY", "left_on": ""}
    data = group(world, lines, initial=1, name="Renommé")
    assert client.post(url(MutualisationGroup, "change", world.here.group.pk), data).status_code == 302
    own.refresh_from_db()
    assert (own.stage, own.left_on) == (Stage.FIRST_YEAR, world.year.first_day)


def test_member_twice_and_name_twice_are_answered_near_the_field(world, sign_in):
    client = sign_in(world.adviser)
    own = world.amina.memberships.get()
    lines = ({"id": own.pk, "group": own.group_id, "person": own.person_id}, {"person": world.amina.pk})
    address = url(MutualisationGroup, "change", own.group_id)
    refused(client, address, group(world, *lines, initial=1), says="errorlist")
    refused(client, url(MutualisationGroup, "add"), group(world, name=world.here.group.name), says="porte déjà ce nom")


@pytest.mark.parametrize("who", ["secretary", "departement"])
def test_readers_of_groups_write_nothing(world, sign_in, who):
    client, address = sign_in(getattr(world, who)), url(MutualisationGroup, "change", world.here.group.pk)
    assert client.get(address).status_code == 200
    refused(client, address, group(world), says="", status=404)
    refused(client, url(MutualisationGroup, "delete", world.here.other_group.pk), {"post": "yes"}, says="", status=404)


@pytest.mark.parametrize("model", [Person, Posting, School, Network, MutualisationGroup, Membership])
def test_lists_cost_the_same_number_of_queries_however_long(world, sign_in, model):
    client = sign_in(world.inspector)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url(model, "changelist")).status_code == 200
        return len(queries)

    client.get(url(model, "changelist"))
    before = cost()
    for index in range(12):
        who = make_person(f"p{index}@ecole.test", f"P{index}", "Durand")
        post(who, "TEACHER", world.here.schools[index % 2])
        join(who, world.here.group)
    assert cost() == before
    assert before <= 16


@pytest.mark.parametrize("count", [1, 3, 12])
def test_group_form_costs_the_same_with_many_members(world, sign_in, count, django_assert_max_num_queries):
    for index in range(count):
        join(make_person(f"p{index}@ecole.test", f"P{index}", "Durand"), world.here.other_group)
    client, address = sign_in(world.inspector), url(MutualisationGroup, "change", world.here.other_group.pk)
    client.get(address)
    with django_assert_max_num_queries(24):
        assert client.get(address).status_code == 200
