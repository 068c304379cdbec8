"""Whom to call: the relays of one's district, and nobody else's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from networks.groups.rules import Stage, Standing
from networks.models import Membership, ObservationSite, RelayCommitment
from tests.networks.visits_things import site_of
from tests.world import join, person, post

PAGE = reverse("networks:relay_list")


def relay(who, territory: str, *schools) -> RelayCommitment:
    mine = who.memberships.get()
    Membership.objects.filter(pk=mine.pk).update(stage=Stage.RELAY)
    made = RelayCommitment.objects.create(membership=mine, territory=territory)
    made.schools.set(schools)
    return made


def body(client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode().split("<h1>")[1]


def test_colleagues_of_the_district_find_whom_to_call(world, sign_in):
    relay(world.amina, "Val-de-Reuil et Léry", world.here.schools[1])
    relay(world.denis, "Très loin d’ici")
    site = site_of(world.amina, title="Un débat de maths")
    for who in (world.chloe, world.head_teacher, world.adviser):
        page = body(sign_in(who))
        for words in ("Amina Petit", "Val-de-Reuil et Léry", world.here.schools[0].name, world.here.schools[1].name):
            assert words in page, words
        assert "Très loin d’ici" not in page
        assert reverse("networks:site_page", args=[site.pk]) in page
    away = body(sign_in(world.denis))
    assert "Très loin d’ici" in away
    assert "Amina" not in away


def test_the_list_is_narrowed_by_a_commune_or_a_school(world, sign_in):
    """A relay answers for where one works, for the schools that one named, and for the communes that one wrote."""
    first, second = world.here.schools
    relay(world.amina, "Tout près", second)
    relay(world.bruno, "Léry")
    relay(world.denis, "Très loin d’ici")
    post(world.denis, "TEACHER", first)  # works here too; relay elsewhere
    client = sign_in(world.chloe)

    def shown(**asked) -> set[str]:
        return {line.person.first_name for line in client.get(PAGE, asked).context["lines"]}

    assert shown() == {"Amina", "Bruno"}
    assert shown(ecole=first.pk) == {"Amina", "Bruno"}
    assert shown(ecole=second.pk) == shown(commune=second.commune) == {"Amina"}
    RelayCommitment.objects.filter(territory="Léry").update(territory=f"Léry et {second.commune.lower()}")
    assert shown(commune=second.commune) == {"Amina", "Bruno"}
    assert shown(commune=first.commune, ecole=second.pk) == {"Amina"}
    for unknown in ("0", "x", "1" * 40, world.there.schools[0].pk):
        assert shown(ecole=unknown) == {"Amina", "Bruno"}
    assert shown(commune=world.there.schools[0].commune) == {"Amina", "Bruno"}
    RelayCommitment.objects.filter(membership__person=world.amina).delete()
    assert second.name not in client.get(PAGE).content.decode(), "what nobody answers for is not offered"


def test_a_class_that_is_closed_is_not_offered(world, sign_in):
    relay(world.amina, "Léry")
    site_of(world.amina, title="Un débat de maths")
    ObservationSite.objects.update(state="PAUSED")
    assert "Un débat de maths" not in body(sign_in(world.chloe))


@pytest.mark.parametrize(
    "gone", [{"standing": Standing.PAUSED}, {"stage": Stage.SECOND_YEAR}, {"standing": Standing.LEFT}]
)
def test_who_is_no_relay_today_is_not_called(world, sign_in, gone):
    left = {"left_on": world.year.first_day} if gone.get("standing") == Standing.LEFT else {}
    made = relay(world.amina, "Léry")
    Membership.objects.filter(pk=made.membership_id).update(**gone, **left)
    page = body(sign_in(world.chloe))
    assert "Léry" not in page
    assert "Aucun relais n’a encore dit son territoire" in page


def test_an_account_that_is_closed_is_not_called(world, sign_in):
    relay(world.amina, "Léry")
    world.amina.is_active = False
    world.amina.save()
    assert "Léry" not in body(sign_in(world.chloe))


def test_the_groups_page_and_the_visits_page_lead_there(world, sign_in):
    client = sign_in(world.chloe)
    for name in ("group_list", "site_list"):
        assert f'href="{PAGE}"' in client.get(reverse(f"networks:{name}")).content.decode(), name


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_whatever_it_holds(world, sign_in, count, django_assert_num_queries):
    for number in range(count):
        who = person(f"r{number}@ecole.test", f"R{number}", "Relais")
        post(who, "TEACHER", world.here.schools[0])
        join(who, world.here.group)
        relay(who, f"Commune {number}", *world.here.schools)
        site_of(who, title=f"Classe {number}")
    client = sign_in(world.chloe)
    client.get(PAGE)
    with django_assert_num_queries(10):
        client.get(PAGE)
