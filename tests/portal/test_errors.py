"""The error pages: in French, with the right status, and the last of them without a database."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.urls import path

from circo.access import public
from circo.errors import Refusal
from circo.portal import errors
from circo.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401 (read by Django)


@public
def broken(request):
    raise RuntimeError("a fault of ours")


@public
def cut_off(request):
    raise OperationalError("server closed the connection unexpectedly")


@public
def closed(request):
    raise PermissionDenied


@public
def outrun(request):
    raise Refusal("Quelqu’un a été plus rapide.")


urlpatterns = [
    *urlpatterns,
    path("broken/", broken),
    path("cut-off/", cut_off),
    path("closed/", closed),
    path("outrun/", outrun),
]
here = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def test_404_says_neither_that_it_exists_nor_that_it_does_not(world, sign_in):
    answer = sign_in(world.amina).get("/nulle-part/")

    assert answer.status_code == 404
    assert "Elle n’existe pas, ou elle n’est pas ouverte à votre compte." in answer.content.decode()
    assert "Déconnexion" in answer.content.decode()


def test_404_of_a_visitor(visitor, db):
    answer = visitor.get("/nulle-part/")

    assert answer.status_code == 404
    assert "Se connecter" in answer.content.decode()


@here
@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/broken/", 500, "Quelque chose s’est cassé de notre côté"),
        ("/cut-off/", 503, "De retour dans un instant"),
        ("/closed/", 403, "Cette page ne vous est pas ouverte"),
        ("/outrun/", 409, "Quelqu’un a été plus rapide."),
    ],
)
def test_other_errors(visitor, db, address, status, words):
    answer = visitor.get(address)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert "Content-Security-Policy" in answer.headers


@here
def test_503_says_when_to_come_back(visitor, db):
    assert visitor.get("/cut-off/").headers["Retry-After"] == "30"


def test_400_of_an_unknown_host(visitor):
    answer = visitor.get("/aide/", headers={"host": "ailleurs.example"})

    assert answer.status_code == 400
    assert "Cette demande est illisible" in answer.content.decode()


def test_the_address_of_a_form_read_as_a_page(world, sign_in):
    answer = sign_in(world.amina).get("/profil/enregistrer/")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "Elle ne sert qu’à enregistrer un formulaire." in answer.content.decode()


def test_a_machine_gets_an_empty_405(world, sign_in):
    answer = sign_in(world.amina).get("/profil/enregistrer/", headers={"accept": "application/json"})

    assert answer.status_code == 405
    assert not answer.content


def test_a_form_without_its_token_is_refused_in_words(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.amina)

    answer = client.post("/profil/enregistrer/", {"first_name": "Eve"})

    assert answer.status_code == 403
    assert "rien n’a été enregistré" in answer.content.decode()


@pytest.mark.parametrize("template", ["400.html", "500.html", "503.html"])
def test_the_last_pages_need_no_context_and_no_database(template):
    # No `db` mark: pytest-django refuses any query here.
    assert "<h1>" in render_to_string(template)


def test_the_very_last_words(rf, monkeypatch):
    def no_template(*args, **kwargs):
        raise OSError("no such file")

    monkeypatch.setattr(errors, "render_to_string", no_template)

    answer = errors.server_error(rf.get("/"))

    assert answer.status_code == 500
    assert "La page n’a pas pu s’afficher." in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/ecoles/%00/", "/chercher/?q=a%00b", "/admin/circo/posting/?role__exact=%00", "/invitation/%00/"]
)
def test_an_address_that_holds_a_nul_is_not_found_before_any_database(world, sign_in, address):
    assert sign_in(world.inspector).get(address).status_code == 404
    assert sign_in(world.inspector).get("/chercher/?q=%2500").status_code == 200


@here
def test_refusal_stands_beside_what_htmx_would_replace(visitor, db):
    answer = visitor.get("/outrun/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Reswap"] == "beforebegin"
    assert "plus rapide" in answer.content.decode()
    assert "<html" not in answer.content.decode()
