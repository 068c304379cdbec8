"""The pages of groups: one's own, and those of one's district for the team."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from networks.models import Membership
from tests.world import MARK, join, person

LIST = reverse("networks:group_list")


def page(group):
    return reverse("networks:group_page", args=[group.pk])


def test_a_teacher_sees_one_s_own_groups_only(world, sign_in):
    seen = sign_in(world.amina).get(LIST).content.decode()
    assert world.here.group.name in seen
    assert world.here.other_group.name not in seen
    assert MARK not in seen
    assert "2 membres" in seen


def test_an_adviser_finds_apart_the_groups_she_leads(world, sign_in):
    page = sign_in(world.adviser).get(LIST).content.decode()
    assert "Les groupes que vous animez" not in page
    world.here.group.adviser = world.adviser
    world.here.group.save()
    page = sign_in(world.adviser).get(LIST).content.decode()
    led, other = page.index("Les groupes que vous animez"), page.index("Les autres groupes")
    assert led < page.index(world.here.group.name) < other < page.index(world.here.other_group.name)
    home = sign_in(world.adviser).get(reverse("portal:home")).content.decode()
    assert "membre d’aucun groupe" not in home


def test_the_team_sees_the_groups_of_its_district(world, sign_in):
    seen = sign_in(world.adviser).get(LIST).content.decode()
    assert world.here.group.name in seen
    assert world.here.other_group.name in seen
    assert MARK not in seen


def test_who_has_no_group_is_told_so(world, sign_in):
    assert "aucun groupe" in sign_in(world.substitute).get(LIST).content.decode()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("amina", 200),
        ("bruno", 200),
        ("adviser", 200),
        ("inspector", 200),
        ("departement", 200),
        ("chloe", 404),  # another group of the same district
        ("denis", 404),
        ("inspector_there", 404),
        ("student", 404),
    ],
)
def test_who_opens_the_page_of_a_group(world, sign_in, name, status):
    assert sign_in(getattr(world, name)).get(page(world.here.group)).status_code == status


def test_page_shows_who_is_a_member_this_year(world, sign_in):
    join(world.chloe, world.here.group)
    Membership.objects.filter(person=world.bruno).update(standing="LEFT", left_on="2026-10-01")
    world.here.group.adviser = world.adviser
    world.here.group.save()
    seen = sign_in(world.amina).get(page(world.here.group)).content.decode()
    assert "Chloé Petit" in seen
    assert "Première année" in seen
    assert f"Animé par {world.adviser}" in seen
    assert "Bruno" not in seen
    assert sign_in(world.bruno).get(page(world.here.group)).status_code == 404  # no longer a member


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("url_of", [lambda world: LIST, lambda world: page(world.here.group)])
def test_pages_cost_the_same_with_more_rows(world, sign_in, url_of):
    client = sign_in(world.adviser)
    few = queries_of(client, url_of(world))
    for number in range(3):
        group = world.here.network.groups.create(name=f"Groupe {number}", adviser=world.trainer)
        join(person(f"p{number}@ecole.test", "P", f"P{number}"), world.here.group)
        join(world.amina, group)
    assert queries_of(client, url_of(world)) == few


def test_the_questions_of_the_team_lead_to_lists_that_answer(world, sign_in):
    client = sign_in(world.inspector)
    questions = client.get(reverse("networks:group_list")).context["questions"]
    assert len(questions) == 5
    for words, url in questions:
        assert client.get(url).status_code == 200, words
    assert sign_in(world.amina).get(reverse("networks:group_list")).context["questions"] == []
