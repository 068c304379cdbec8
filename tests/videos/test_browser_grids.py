"""A grid filled while one watches, in Chromium: keyboard, a network that goes away, and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.videos.films import film_of
from tests.videos.grids import entry_of, grid_of, look_of, round_of
from videos import actions
from videos.models import CriterionKind, Entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(world):
    film = film_of(world.amina, world.here.group, duration_s=600)
    return round_of(film, grid_of(world.amina, title="Qui parle pendant la mise en commun ?"), world.amina, world.bruno)


def address(opened):
    return reverse("videos:round_page", args=[opened.film_id, opened.pk])


def at(page, seconds):
    page.locator("lecteur-video").evaluate(f"player => player.seek({seconds})")


def noted(person):
    rows = Entry.objects.filter(observation__observer=person, removed_at=None).order_by("created_at", "pk")
    return [(entry.criterion.kind, round(entry.at_s, 1), entry.value, entry.text) for entry in rows]


def test_one_notes_with_the_keyboard_while_one_watches(page_as, world, opened):  # noqa: F811
    page = page_as(world.bruno)
    page.goto(address(opened))
    at(page, 12.4)
    page.keyboard.press("1")
    expect(page.get_by_text("Mes notes (1)")).to_be_visible()
    at(page, 75)
    page.keyboard.press("3")  # the second level
    expect(page.get_by_role("button", name="en groupe")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("En quelques mots").fill("12 élèves lèvent la main")  # digits are digits in a field
    page.get_by_role("button", name="Garder cette note").click()
    expect(page.get_by_text("Mes notes (3)")).to_be_visible()
    expect(page.get_by_label("En quelques mots")).to_have_value("")
    assert noted(world.bruno) == [
        ("COUNTER", 12.4, None, ""),
        ("SCALE", 75, 1, ""),
        ("NOTE", 75, None, "12 élèves lèvent la main"),
    ]
    page.get_by_label("Noter avec les chiffres du clavier").uncheck()
    page.keyboard.press("1")
    page.get_by_role("button", name="Retirer la note de 0:12").click()
    expect(page.get_by_text("Note retirée.", exact=True)).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("Mes notes (3)")).to_be_visible()
    page.get_by_role("button", name="J’ai terminé").click()
    expect(page.get_by_text("Votre regard est terminé.")).to_be_visible()
    page.check()
    assert page.axe() == []


def test_nothing_is_lost_while_the_network_is_away(page_as, world, opened):  # noqa: F811
    page = page_as(world.bruno, width=390)
    page.goto(address(opened))
    page.context.set_offline(True)
    for seconds in (5, 6.5, 8):
        at(page, seconds)
        page.keyboard.press("1")
    expect(page.get_by_text("3 notes attendent la connexion.")).to_be_visible()
    assert noted(world.bruno) == []
    page.context.set_offline(False)
    expect(page.get_by_text("Mes notes (3)")).to_be_visible()
    assert [at_s for _, at_s, _, _ in noted(world.bruno)] == [5, 6.5, 8]
    assert not page.scrolls_sideways()


def test_a_refused_note_gives_its_words_back(page_as, world, opened):  # noqa: F811
    page = page_as(world.bruno)
    page.goto(address(opened))
    page.get_by_label("Moment du film").fill("demain")
    page.get_by_label("En quelques mots").fill("à ne pas perdre")
    page.get_by_role("button", name="Garder cette note").click()
    expect(page.get_by_text("Écrivez le moment comme sur le lecteur")).to_be_visible()
    expect(page.get_by_label("En quelques mots")).to_have_value("à ne pas perdre")


def test_without_javascript_one_types_the_moment(page_as, world, opened):  # noqa: F811
    page = page_as(world.bruno, width=390, javascript=False)
    page.goto(address(opened))
    page.get_by_label("Moment du film").fill("1:02")
    page.get_by_role("button", name="Noter : Un élève pose une question").click()
    expect(page.get_by_text("Mes notes (1)")).to_be_visible()
    page.get_by_role("button", name="J’ai terminé").click()
    expect(page.get_by_text("Votre regard est terminé.")).to_be_visible()
    assert noted(world.bruno) == [("COUNTER", 62, None, "")]


def test_looks_are_compared_on_a_phone(page_as, world, opened):  # noqa: F811
    for who, seconds in ((world.amina, (5, 40, 300)), (world.bruno, (6, 300))):
        for at_s in seconds:
            entry_of(opened, who, CriterionKind.COUNTER, at_s)
        entry_of(opened, who, CriterionKind.SCALE, 12, value=1)
        entry_of(opened, who, CriterionKind.NOTE, 14, text="« Attends, je recommence »")
        actions.finish(observation=look_of(opened, who), by=who)
    page = page_as(world.amina, width=390)
    page.goto(address(opened))
    expect(page.get_by_role("table", name="Ce que chaque personne a noté")).to_be_visible()
    page.get_by_text("Comment ces chiffres sont calculés").click()
    assert page.axe() == []
    assert not page.scrolls_sideways()
    page.check()
