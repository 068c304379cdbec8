"""The library as one uses it: words, filters, what narrows taken off, the Back button, by keyboard, on a phone."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.house.routes import picture
from tests.videos.films import film_of
from videos import actions, paths
from videos.models import CaptionTrack, Film, FilmState, Moment, MomentKind, Subject

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def films(world) -> list[Film]:
    group = world.here.group
    made = [
        film_of(world.amina, group, title="Une dictée négociée à deux", levels=["CE1"], subject=Subject.LANGUAGE),
        film_of(world.bruno, group, title="Problèmes : chercher, montrer, expliquer", duration_s=1200, levels=["CM2"]),
        film_of(world.amina, group, title="Accueil du matin", duration_s=400),
    ]
    for film in made:
        poster = paths.media_key(film.pk, film.output, "poster.jpg")
        default_storage.delete(poster)
        default_storage.save(poster, ContentFile(picture()))
    film_of(world.amina, group, title="En route", output="", state=FilmState.PROCESSING)
    text = "On écoute la consigne, puis chacun redit ce qu’il a compris."
    rows = [[134_000, 137_000, text]]
    CaptionTrack.objects.create(film=made[0], rows=rows, text=text, shown_at=timezone.now())
    ask = "Que comprennent ceux qui redisent la consigne ?"
    Moment.objects.create(film=made[1], author=world.amina, at_s=12, kind=MomentKind.QUESTION, text=ask)
    return made


@pytest.mark.parametrize("look", [{"width": 390}, {"width": 1280, "dark": True}], ids=["phone", "desk"])
def test_words_and_filters_narrow_the_page_as_one_types(page_as, world, films, look, request):  # noqa: F811
    page = page_as(world.amina, **look)
    page.goto(reverse("videos:film_list"))
    expect(counted(page)).to_have_text(re.compile(r"^4\sfilms?$"))
    _picture(page, request, "films", look)
    page.get_by_role("searchbox").last.press_sequentially("CONSIGNE")
    expect(counted(page)).to_have_text(re.compile(r"^2\sfilms?$"))
    expect(page.page).to_have_url(re.compile(r"/films/\?q=CONSIGNE$"))
    expect(page.locator("mark")).to_have_text(["consigne", "consigne"])
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.get_by_text("Filtrer et trier").click()
    page.get_by_label("Durée", exact=True).select_option("long")
    expect(counted(page)).to_have_text(re.compile(r"^1\sfilms?$"))
    expect(page.get_by_role("searchbox").last).to_have_value("CONSIGNE")
    _picture(page, request, "films-filtres", look)
    page.get_by_role("link", name="plus de 15\u00a0minutes").press("Enter")
    expect(counted(page)).to_have_text(re.compile(r"^2\sfilms?$"))
    page.go_back()
    expect(counted(page)).to_have_text(re.compile(r"^1\sfilms?$"))
    page.goto(reverse("videos:film_list", query={"q": "consigne", "niveau": "CP"}))
    expect(page.get_by_text("Aucun film ne réunit tout cela.")).to_be_visible()
    _picture(page, request, "films-rien", look)
    assert page.axe() == []
    page.check()


def test_a_place_that_was_found_begins_the_film_there(page_as, world, films):  # noqa: F811
    page = page_as(world.bruno, width=390)
    page.goto(reverse("videos:film_list", query={"q": "redit"}))
    page.get_by_role("link", name="Dans les sous-titres, à 2:14").click()
    expect(page.page).to_have_url(re.compile(r"\?t=134.0$"))


@pytest.mark.parametrize("look", [{"width": 390}, {"width": 1280, "dark": True}], ids=["phone", "desk"])
def test_an_author_describes_removes_and_brings_back(page_as, world, films, look, request):  # noqa: F811
    page = page_as(world.amina, **look)
    page.goto(reverse("videos:film_page", args=[films[0].pk]))
    _picture(page, request, "film", look)
    page.get_by_role("link", name="Titre, niveaux, domaine").click()
    page.get_by_label("CE2", exact=True).check()
    _picture(page, request, "decrire", look)
    assert page.axe() == []
    page.get_by_role("button", name="Enregistrer").press("Enter")
    page.get_by_role("link", name="Ce qu’il a fait naître").click()
    _picture(page, request, "chiffres", look)
    assert page.axe() == []
    page.go_back()
    page.get_by_role("link", name="Supprimer…").click()
    _picture(page, request, "suppression", look)
    assert page.axe() == []
    page.get_by_role("button", name="Supprimer ce film").click()
    _picture(page, request, "supprime", look)
    assert page.axe() == []
    page.get_by_role("link", name="Films supprimés").click()
    _picture(page, request, "supprimes", look)
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.get_by_role("button", name="Remettre").click()
    expect(page.get_by_role("heading", name=films[0].title)).to_be_visible()
    assert Film.objects.visible_to(world.bruno).filter(pk=films[0].pk, levels=["CE1", "CE2"]).exists()


def test_a_film_sent_by_the_script_says_which_one_it_will_replace(page_as, world, films, request):  # noqa: F811
    actions.start_upload(size_bytes=99, file_name="Un tout autre film.mp4", by=world.amina)
    page = page_as(world.amina, width=390)
    page.goto(reverse("videos:film_page", args=[films[0].pk]))
    page.get_by_role("link", name="Remplacer par un autre fichier").click()
    expect(page.get_by_text("plusieurs films")).to_have_count(0)
    page.until("document.querySelector('[data-depot]').dataset.ready")
    assert not page.evaluate("document.querySelector('input[type=file]').multiple")
    page.locator("input[type=file]").set_input_files({"name": "a.mp4", "mimeType": "video/mp4", "buffer": b"0" * 64})
    expect(page.get_by_label("Titre", exact=True)).to_have_value(films[0].title)
    _picture(page, request, "remplacer", {"width": 390})
    expect(page.locator("[data-depot-part=picker]")).to_be_hidden()
    second = {"name": "b.mp4", "mimeType": "video/mp4", "buffer": b"1" * 65}
    page.locator("input[type=file]").set_input_files(second)
    page.until("!document.querySelector('input[type=file]').files.length")
    expect(page.locator("[data-depot-part=films] > *")).to_have_count(1)  # neither that one nor the other upload
    expect(page.get_by_text("Ce film sera visible comme l’ancien")).to_be_hidden()
    page.locator("#film1_project").select_option(str(films[0].project_id))
    expect(page.get_by_text("Ce film sera visible comme l’ancien")).to_be_visible()
    page.get_by_role("button", name="Déposer le film").click()
    page.page.wait_for_url(re.compile(r"/films/[0-9a-f-]{36}/$"))
    new = Film.objects.get(replaces=films[0])
    assert new.title == films[0].title
    assert new not in Film.objects.visible_to(world.bruno)
    Film.objects.filter(pk=new.pk).update(
        state=FilmState.READY, output="1", duration_s=30, playable_at=timezone.now(), ready_at=timezone.now()
    )
    page.goto(reverse("videos:film_page", args=[new.pk]))
    assert page.axe() == []
    assert not page.scrolls_sideways()
    _picture(page, request, "remplace", {"width": 390})
    page.get_by_role("button", name="Remplacer maintenant").click()
    expect(page.get_by_text("Personne d’autre que vous ne voit plus l’ancien film.").first).to_be_visible()
    assert new in Film.objects.visible_to(world.bruno)
    assert films[0] not in Film.objects.visible_to(world.bruno)


def counted(page):
    return page.locator("#films p").filter(has_text=re.compile(r"^\d+\sfilms?$"))


def _picture(page, request, name: str, look: dict) -> None:
    if folder := request.config.getoption("--screenshots"):
        page.screenshot(path=f"{folder}/{name}-{look['width']}.png", full_page=True)
