"""A record in Chromium: prepared and collected on a phone, taken away by a family, without an account."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.documents import faults, text_of
from tests.videos.films import film_of
from tests.videos.records import adult, project_of, pupil
from tests.videos.test_consents import photo
from videos.consents.rules import Answer
from videos.models import Film, Recorded, RecordingProject

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sound(page) -> None:
    """No complaint of the browser, no accessibility fault, nothing wider than the screen."""
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()


@pytest.fixture
def picture(tmp_path) -> Path:
    file = tmp_path / "formulaire.jpg"
    file.write_bytes(photo())
    return file


def test_from_an_empty_list_to_a_shown_film_on_a_phone(page_as, world, picture):  # noqa: F811
    film = film_of(world.amina, world.here.group, project=None)
    page = page_as(world.amina, width=390)
    page.goto(reverse("videos:film_page", args=[film.pk]))
    page.get_by_text("Personne d’autre que vous ne voit ce film.").wait_for()
    page.get_by_role("link", name="Protéger et partager ce film").click()
    page.get_by_role("link", name="Préparer un projet").click()
    page.get_by_label("Nom du projet").fill("Problèmes à deux")
    page.get_by_label("Pourquoi filmer").fill("Étudier comment des élèves cherchent ensemble.")
    page.get_by_label("Lieu").fill("classe de CE1")
    page.get_by_label("Premier jour de captation").fill(timezone.localdate().isoformat())
    page.get_by_label("Gardé jusqu’au").fill((timezone.localdate() + timedelta(days=60)).isoformat())
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_role("heading", name="Problèmes à deux", level=1).wait_for()
    sound(page)
    page.get_by_label("Initiales des élèves").fill("Léo")
    page.get_by_role("button", name="Ajouter ces élèves").click()
    expect(page.get_by_text("jamais un nom").first).to_be_visible()
    assert page.get_by_label("Initiales des élèves").input_value() == "Léo"
    page.console_errors.clear()  # the browser reports the 422
    sound(page)
    page.get_by_label("Initiales des élèves").fill("a.b")
    page.get_by_role("button", name="Ajouter ces élèves").click()
    page.get_by_role("button", name="Déclarer la liste complète").click()
    page.get_by_role("link", name="A. B.").click()
    form = page.context.request.get(
        f"{page.base_url}{page.get_by_role('link', name='Imprimer le formulaire').get_attribute('href')}"
    ).body()
    assert faults(form) == []
    one = Recorded.objects.get()
    assert reverse("videos:withdrawal", args=[one.agreements.first().key]) in text_of(form).replace("\u200b", "")
    assert "A. B." in text_of(form)
    sound(page)
    page.get_by_label("Titulaire 1 de l’autorité parentale").check()
    page.get_by_label("Titulaire 2 de l’autorité parentale").check()
    page.get_by_label("L’élève donne aussi son accord").check()
    page.get_by_label("Signé le").fill(timezone.localdate().isoformat())
    page.get_by_label("Formulaire signé").set_input_files(picture)
    page.get_by_role("button", name="Enregistrer l’accord").click()
    page.get_by_text("dossier complet").wait_for()
    page.goto(reverse("videos:film_protection", args=[film.pk]))
    page.get_by_label("Projet de captation").select_option(label="Problèmes à deux")
    page.get_by_role("button", name="Enregistrer").click()
    page.get_by_text("Vous, et 1 personne. Personne d’autre.").wait_for()
    expect(page.get_by_text("Bruno Petit")).to_be_visible()
    sound(page)
    assert Film.objects.visible_to(world.bruno).get() == film


def test_family_takes_a_film_away_while_it_is_watched(page_as, world):  # noqa: F811
    film = film_of(world.amina, world.here.group)
    bruno, family = page_as(world.bruno), page_as(None, width=390)
    segment = f"{bruno.base_url}{reverse('videos:film_media', args=[film.pk, 'video-240-00000.m4s'])}"
    assert bruno.context.request.get(segment).status == 200
    one = Recorded.objects.get(pupil=True)
    family.goto(reverse("videos:withdrawal", args=[one.agreements.first().key]))
    family.get_by_text(film.project.purpose).wait_for()
    assert film.title not in family.content()
    sound(family)
    family.get_by_role("button", name="Retirer l’accord").focus()
    family.keyboard.press("Enter")
    family.get_by_role("heading", name="C’est noté : l’accord est retiré").wait_for()
    for url in (segment, f"{bruno.base_url}{reverse('videos:film_page', args=[film.pk])}"):
        assert bruno.context.request.get(url).status == 404, "as soon as the family is told"
    sound(family)
    amina = page_as(world.amina, dark=True)
    amina.goto(reverse("portal:notices"))
    expect(amina.get_by_text("ne veut plus apparaître").first).to_be_visible()


def test_without_javascript(page_as, world):  # noqa: F811
    project = project_of(world.amina, world.here.group, declared_at=None)
    film = film_of(world.amina, world.here.group, project=project)
    one = pupil(project, "C. D.", Answer.AGREED, Answer.PENDING)
    page = page_as(world.amina, javascript=False)
    page.goto(reverse("videos:project_page", args=[project.pk]))
    page.get_by_role("button", name="Déclarer la liste complète").click()
    page.goto(reverse("videos:film_protection", args=[film.pk]))
    page.get_by_role("button", name="N’apparaît pas C. D.").click()
    page.get_by_text("Personne d’autre.").wait_for()
    page.goto(reverse("videos:recorded_page", args=[project.pk, one.pk]))
    page.get_by_role("button", name="Noter un refus C. D.").click()
    page.get_by_text("C’est noté.").wait_for()
    assert Film.objects.visible_to(world.bruno).exists(), "the pupil is not in this film"


LOOKS = [{"width": 390}, {"width": 1280, "dark": True}]


@pytest.mark.parametrize("look", LOOKS, ids=["telephone", "bureau-nuit"])
def test_long_names_errors_and_empty_lists_hold(page_as, world, look, request):  # noqa: F811
    long = "Chercher ensemble des problèmes à étapes en mathématiques, avec et sans schéma, au CE1 et au CE2 de l’école"
    project = project_of(world.amina, world.here.group, title=long, purpose=long * 4, declared_at=None)
    film = film_of(world.amina, world.here.group, project=project, title=long)
    pupil(project, "A. B.")
    pupil(project, "C. D.", Answer.AGREED, Answer.PENDING)
    one = pupil(project, "É. F. G. 2", Answer.REFUSED)
    adult(project, "Marie-Antoinette de La Rochefoucauld-Montmorency-Laval")
    adult(project, "Noé Martin", Answer.WITHDRAWN)
    empty = RecordingProject.objects.get(pk=project_of(world.amina, world.here.group).pk)
    page, folder = page_as(world.amina, **look), request.config.getoption("--screenshots")
    places = {
        "liste": reverse("videos:project_list"),
        "projet": reverse("videos:project_page", args=[project.pk]),
        "projet-vide": reverse("videos:project_page", args=[empty.pk]),
        "fiche": reverse("videos:recorded_page", args=[project.pk, one.pk]),
        "qui-voit": reverse("videos:film_protection", args=[film.pk]),
        "film": reverse("videos:film_page", args=[film.pk]),
        "formulaire": reverse("videos:project_new"),
        "retrait": reverse("videos:withdrawal", args=[one.agreements.first().key]),
    }
    for name, url in places.items():
        page.goto(url)
        if name == "formulaire":
            page.get_by_role("button", name="Enregistrer").click()
            page.get_by_text("Donnez un nom à ce projet.").first.wait_for()
            page.console_errors.clear()  # the browser reports the 422
        if folder:
            mode = "nuit" if look.get("dark") else "jour"
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}-{look['width']}-{mode}.png", full_page=True)
        sound(page)
