"""Find a class with a free seat on one day, or on one half of it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from circo import registries
from tests.networks.visits_things import site_of, visit_of
from tests.world import person, post

LIST = reverse("networks:site_list")
NOW = datetime(2026, 11, 26, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))  # a Thursday
TUESDAY = date(2026, 12, 8)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def shown(world, sign_in):
    """What the list shows Chloé for these parameters: titles, each with its free half-days; and how many it says."""
    client = sign_in(world.chloe)

    def ask(**asked):
        page = client.get(LIST, asked).context["page"]
        return {row.site.title: row.free for row in page.rows}, page.count.replace("\u00a0", " ")

    return ask


def test_only_classes_with_a_seat_on_that_half_day_are_shown(world, shown):
    site = site_of(world.amina, title="La dictée", week=["TUE_AM", "TUE_PM"])
    site_of(world.bruno, title="Le calcul", week=["MON_AM"], dates=["2026-12-08_PM"])
    morning, afternoon = "mardi 8 décembre, matin", "mardi 8 décembre, après-midi"
    assert shown(jour="2026-12-08", moment="AM") == ({"La dictée": [morning]}, f"Une classe libre {morning}")
    assert shown(jour="08/12/2026", moment="PM") == (
        {"La dictée": [afternoon], "Le calcul": [afternoon]},
        f"2 classes libres {afternoon}",
    )
    assert shown(jour="2026-12-08")[0] == {"La dictée": [morning, afternoon], "Le calcul": [afternoon]}
    visit_of(site, world.bruno, TUESDAY)
    assert shown(jour="2026-12-08", moment="AM") == ({}, f"Aucune classe libre {morning}")
    assert shown(jour="2026-12-09") == ({}, "Aucune classe libre mercredi 9 décembre")
    assert shown(jour="2026-12-08", niveau="CM2")[0] == {}
    assert shown(jour="2026-12-21")[0] == {}, "holidays"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"jour": "demain"}, "Écrivez un jour comme 12/01/2027."),
        ({"jour": "2026-02-30"}, "Écrivez un jour comme 12/01/2027."),
        ({"jour": "2026-11-25"}, "Ce jour est passé."),
        ({"jour": "2027-06-01"}, "jusqu’au 18/02/2027."),
        ({"jour": "2026-12-08", "moment": "NIGHT"}, "Choisissez le matin ou l’après-midi."),
    ],
)
def test_a_day_that_cannot_be_is_said_and_narrows_nothing(world, sign_in, asked, says):
    site_of(world.amina)
    client = sign_in(world.chloe)
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get(LIST, asked, headers=headers)
        body = answer.content.decode()
        assert says in body
        assert "La liste n’en tient pas compte." in body
        assert answer.context["page"].rows.object_list
    whole = client.get(LIST, asked).content.decode()
    assert f'value="{asked["jour"]}"' in whole, "what was typed stays"


def test_the_day_is_kept_in_the_address_of_the_next_page(world, sign_in):
    for n in range(21):
        host = person(f"hote{n}@ecole.test", f"Hôte{n}", "Petit")
        post(host, "TEACHER", world.here.schools[0])
        site_of(host, title=f"Classe {n:02}")
    body = sign_in(world.chloe).get(LIST, {"jour": "2026-12-08", "moment": "AM"}).content.decode()
    assert "jour=2026-12-08&amp;moment=AM&amp;page=2" in body


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_no_more_than_the_list(world, sign_in, count, django_assert_num_queries):
    for n in range(count):
        host = person(f"hote{n}@ecole.test", f"Hôte{n}", "Petit")
        post(host, "TEACHER", world.here.schools[n % 2])
        site_of(host, title=f"Classe {n}", network=world.here.network)
    client = sign_in(world.bruno)
    client.get(LIST)
    with django_assert_num_queries(10 + len(registries.busy_providers())):
        client.get(LIST, {"jour": "2026-12-08"})
