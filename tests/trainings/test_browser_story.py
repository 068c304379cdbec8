"""One path from end to end: written by a trainer from a film, begun on a phone, finished on a desk, validated."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from circo.hours.rules import State
from circo.models import HourEntry
from tests.browser import BrowserPage, browser, chromium, page_as  # noqa: F401
from tests.documents import text_of
from tests.videos.films import film_of
from tests.videos.streams import SECONDS, Stream
from trainings.models import Enrolment, PathVersion
from videos.consents.rules import Audience
from videos.models import CaptionTrack

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]
AT = "document.querySelector('video').currentTime"


@pytest.fixture
def film(world):
    film = film_of(world.bruno, world.here.group, audience=Audience.DISTRICT, duration_s=SECONDS, title="Une dictée")
    film.project.ends_on = world.year.last_day
    film.project.save()
    CaptionTrack.objects.create(film=film, rows=[[1000, 2500, "Bonjour"]], text="Bonjour", shown_at=timezone.now())
    return film


def seen(page: BrowserPage) -> None:
    """What one looks at is whole, narrow enough, and clear to those who listen to it."""
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()


def press(page: BrowserPage, name: str) -> None:
    """Press a button or a link, and wait for the page that it leads to."""
    with page.expect_navigation():
        found(page, name).click()


def found(page: BrowserPage, name: str):
    return page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first


def add_step(page: BrowserPage, kind: str, title: str, text: str = "") -> None:
    page.get_by_role("link", name="Ajouter une étape").first.click()
    page.get_by_role("link", name=kind).click()
    page.get_by_label("Titre").fill(title)
    if text:
        page.locator("#id_text").fill(text)
    press(page, "Ajouter cette étape")


def write_path(page: BrowserPage) -> PathVersion:
    """The trainer's act: six steps in one module, checked and published."""
    page.goto(reverse("trainings:path_list"))
    press(page, "Créer un parcours")
    page.get_by_label("Titre").fill("Mener une dictée")
    page.get_by_label("En quelques lignes").fill("Regarder, répondre, essayer.")
    press(page, "Commencer ce parcours")
    press(page, "Ajouter un module")
    page.get_by_label("Titre").fill("Observer")
    page.get_by_label("Durée annoncée, en minutes").fill("60")
    press(page, "Ajouter ce module")
    version = PathVersion.objects.get()
    home = reverse("trainings:path_page", args=[version.path_id])
    add_step(page, "Texte à lire", "Avant de regarder", "Trois choses à **regarder**.")
    page.goto(home)
    add_step(page, "Extrait à regarder", "La dictée")
    press(page, "Choisir un film")
    page.locator("a[href*='film=']").click()
    page.get_by_label("Début").fill("0:00")
    page.get_by_label("Fin").fill("0:06")
    page.get_by_role("textbox", name="Titre").fill("Le début")
    press(page, "Enregistrer l’extrait")
    page.goto(home)
    add_step(page, "Questions", "Ce que j’ai vu")
    press(page, "Ajouter une question")
    page.get_by_label("Question", exact=True).fill("Que fait-elle du silence ?")
    page.locator("#id_choice_0").fill("Elle attend")
    page.get_by_label("La réponse 1 est juste").check()
    page.locator("#id_choice_1").fill("Elle relance")
    press(page, "Enregistrer la question")
    for kind, title in (("Journal de bord", "Mon essai"), ("Film à déposer", "Ma classe"), ("Texte à lire", "La fin")):
        page.goto(home)
        add_step(page, kind, title, "Quelques mots.")
    page.goto(home)
    seen(page)
    press(page, "Vérifier et publier")
    seen(page)
    press(page, "Publier")
    expect(page.get_by_text("Ce parcours est publié.")).to_be_visible()
    return version


def begin_on_a_phone(page: BrowserPage, version: PathVersion) -> None:
    """The learner's first evening: reads, watches, answers."""
    Stream().serve(page)
    page.goto(reverse("trainings:path_show", args=[version.path_id]))
    press(page, "Suivre à mon rythme")
    press(page, "Commencer")
    seen(page)
    press(page, "J’ai lu, je continue")
    expect(page.get_by_role("heading", name="La dictée")).to_be_visible()
    press(page, "J’ai regardé, je continue")
    expect(page.get_by_text("Il reste à regarder « Le début ».")).to_be_visible()
    page.console_errors.clear()  # of that refusal
    page.get_by_role("button", name="Lire", exact=True).click()
    page.until(f"{AT} > 5.8")
    expect(page.locator("[data-suivi-etat]")).to_have_text("C’est vu.")
    seen(page)
    press(page, "J’ai regardé, je continue")
    page.get_by_label("Elle relance").check()
    press(page, "Envoyer mes réponses")
    expect(page.get_by_text("À revoir")).to_be_visible()
    page.get_by_label("Elle attend").check()
    press(page, "Envoyer mes réponses")
    expect(page.get_by_text("Réussi")).to_be_visible()
    seen(page)


def finish_on_a_desk(page: BrowserPage, version: PathVersion) -> None:
    """Another evening, another machine: goes on where the phone stopped."""
    page.goto(reverse("portal:home"))
    page.get_by_role("link", name="Continuer le parcours").click()
    expect(page.get_by_role("progressbar", name="Avancement")).to_have_js_property("value", 3)
    press(page, "Continuer")
    page.get_by_label("Mon journal").fill("J’ai attendu trois secondes.")
    press(page, "Enregistrer")
    page.get_by_role("link", name="Étape suivante").click()
    page.get_by_label("Mon film").select_option(label="Ma dictée")
    press(page, "C’est ce film")
    page.get_by_role("link", name="Étape suivante").click()
    press(page, "J’ai lu, je continue")
    expect(page.get_by_role("heading", name="Parcours terminé")).to_be_visible()
    expect(page.get_by_text("1 h de formation")).to_be_visible()
    seen(page)


def test_a_path_from_its_author_to_the_hours_of_its_learner(world, film, page_as):  # noqa: F811
    film_of(world.amina, world.here.group, title="Ma dictée")
    trainer = page_as(world.trainer)
    version = write_path(trainer)
    begin_on_a_phone(page_as(world.amina, width=390), version)
    desk = page_as(world.amina)
    finish_on_a_desk(desk, version)

    with desk.expect_download() as download:
        found(desk, "Mon attestation (PDF)").click()
    assert "Mener une dictée" in text_of(download.value.path().read_bytes())
    desk.goto(reverse("hours:mine"))
    expect(desk.get_by_role("link", name="Parcours « Mener une dictée »")).to_be_visible()
    seen(desk)

    for persona, tab, move in (("adviser", "PROPOSED", "Confirmer"), ("inspector", "CONFIRMED", "Valider")):
        page = page_as(world.people[persona])
        page.goto(reverse("hours:entry_list", query={"etat": tab}))
        page.locator("input[name=entries]").check()
        page.get_by_role("button", name=move).first.click()
        expect(page.get_by_role("button", name="Annuler")).to_be_visible()
    entry = HourEntry.objects.get(person=world.amina)
    assert (entry.state, entry.minutes) == (State.VALIDATED, 60)
    assert Enrolment.objects.get().credited_minutes == 60
