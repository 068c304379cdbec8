"""The words of the admin: those that a secretary says, where Django's own French stumbles."""

from html import unescape

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME as CHOSEN

from circo.models import Person, School
from networks.models import Membership, MutualisationGroup
from tests.circo.admin_world import url
from tests.house.routes import make_things
from videos.models import Film

STOCK = [
    "Modification de",
    "Ajout de",
    "Ajouter personne",
    "un objet",
    "l’objet",
    "l'objet",
    "Filtrer par",
    "Impossible de",
]


def text(answer):
    return unescape(answer.content.decode())


@pytest.fixture
def pages(world):
    group = world.here.group.pk
    return [
        url(School, "add"),
        url(School, "change", world.here.schools[0].pk),
        url(School, "delete", world.here.schools[1].pk),
        url(School, "history", world.here.schools[0].pk),
        url(Person, "change", world.amina.pk),
        url(MutualisationGroup, "change", group),
        url(Membership, "changelist"),
    ]


def test_no_page_speaks_as_django_does(world, sign_in, pages):
    client = sign_in(world.inspector)

    for address in pages:
        html = text(client.get(address))
        assert [words for words in STOCK if words in html] == [], address


def test_a_form_says_what_it_is_about(world, sign_in):
    client = sign_in(world.inspector)

    assert "<h1>Ajouter\u00a0: école</h1>" in text(client.get(url(School, "add")))
    html = text(client.get(url(School, "change", world.here.schools[0].pk)))
    assert "<h1>École</h1>" in html
    assert f"<h2>{world.here.schools[0]}</h2>" in html


@pytest.mark.parametrize("several", [False, True])
def test_what_still_serves_says_what_for_in_one_line_each(world, sign_in, several):
    film = make_things(world, world.here, world.amina, world.secretary).film
    Film.objects.create(author=film.author, group=film.group, title="Une lecture")
    client, group = sign_in(world.superuser), world.here.group

    if several:
        chosen = {"action": "delete_selected", CHOSEN: [group.pk]}
        html = text(client.post(url(MutualisationGroup, "changelist"), chosen))
    else:
        html = text(client.get(url(MutualisationGroup, "delete", group.pk)))

    assert "<h1>Suppression impossible</h1>" in html
    assert "<li>Film (3)</li>" in html
