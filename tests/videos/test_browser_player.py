"""The player and the comments in Chromium: keyboard alone, errors, undo, and without JavaScript."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.videos.test_browser_first_light import address, film, film_file, player_plays  # noqa: F401
from videos.models import Film, FilmState, Moment, MomentKind

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]


def test_keyboard_alone(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno)
    page.goto(address(film))
    page.get_by_label("Vitesse").select_option(label="0,5×")  # and the film outlasts a slow machine
    page.get_by_role("button", name="Lire", exact=True).focus()
    page.keyboard.press("Enter")
    player_plays(page)
    page.keyboard.press("k")
    page.until("document.querySelector('video').paused")
    assert page.evaluate("document.querySelector('video').playbackRate") == 0.5
    slider = page.get_by_role("slider", name="Position dans le film")
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.until("Math.abs(document.querySelector('video').currentTime - 5) < 0.3")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("^5 secondes sur "))
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Remettre le son")).to_be_visible()
    page.get_by_label("Qualité de l’image").select_option(label="360p")
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.until("document.querySelector('video').videoHeight === 360")
    page.locator("lecteur-video").evaluate("player => player.video.pause()")
    page.get_by_label("Commenter à").focus()
    page.keyboard.type("kmj k")  # letters are letters outside the player
    assert page.evaluate("document.querySelector('video').paused")
    page.check()


def test_time_stays_where_one_began_to_write(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno)
    page.goto(address(film))
    page.locator("lecteur-video").evaluate("player => player.seek(2)")
    expect(page.get_by_label("Moment du film")).to_have_value("0:02")
    page.get_by_label("Commenter à 0:02").type("Je vois")
    page.locator("lecteur-video").evaluate("player => player.seek(4)")
    expect(page.get_by_role("button", name="Prendre le moment actuel, 0:04")).to_be_visible()
    assert page.get_by_label("Moment du film").input_value() == "0:02"
    page.get_by_role("button", name="Prendre le moment actuel, 0:04").click()
    expect(page.get_by_label("Commenter à 0:04")).to_have_value("Je vois")


def test_bad_time_keeps_what_was_typed(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno, width=390)
    page.goto(address(film))
    page.get_by_label("Commenter à").fill("Un long commentaire à ne pas perdre")
    page.get_by_label("piste").check()
    page.get_by_label("Moment du film").fill("9:59")
    page.get_by_role("button", name="Publier le commentaire").click()
    page.get_by_text("choisissez un moment avant la fin").wait_for()
    assert page.get_by_label("Commenter à").input_value() == "Un long commentaire à ne pas perdre"
    assert page.get_by_label("piste").is_checked()
    assert page.evaluate("document.activeElement.name") == "at_s"
    assert page.axe() == []
    page.get_by_label("Moment du film").fill("0:01")
    page.get_by_role("button", name="Publier le commentaire").click()
    page.locator(".moment", has_text="à ne pas perdre").wait_for()
    assert Moment.objects.get().at_s == 1.0


def test_click_on_a_time_or_a_marker_seeks(page_as, world, film):  # noqa: F811
    moment = film.moments.create(author=world.amina, at_s=3.5, kind=MomentKind.QUESTION, text="Et là ?")
    page = page_as(world.bruno)
    page.goto(address(film))
    for place in (page.get_by_role("link", name="Aller à 0:03"), page.locator(f"#reperes [data-moment='{moment.pk}']")):
        place.click()
        page.until("document.querySelector('video').videoWidth > 0")
        page.until("document.querySelector('video').currentTime >= 3.4")
        page.locator("lecteur-video").evaluate("player => { player.video.pause(); player.seek(0) }")
    page.check()


def test_undo_of_a_removal(page_as, world, film):  # noqa: F811
    film.moments.create(author=world.bruno, at_s=1, kind=MomentKind.FACT, text="À reprendre")
    film.moments.create(author=world.amina, at_s=2, kind=MomentKind.FACT, text="D’Amina")
    page = page_as(world.bruno)
    page.goto(address(film))
    assert page.get_by_role("button", name="Supprimer mon commentaire").count() == 1, "one's own only"
    page.get_by_role("button", name="Supprimer mon commentaire à 0:01").click()
    page.get_by_text("Commentaire supprimé.", exact=True).wait_for()
    expect(page.locator("#reperes [data-moment]")).to_have_count(1)
    expect(page.get_by_role("button", name="Annuler")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".moment", has_text="À reprendre").wait_for()
    expect(page.locator("#reperes [data-moment]")).to_have_count(2)


def test_revoked_access_is_said_in_french(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno)
    page.goto(address(film))
    world.bruno.memberships.all().delete()
    page.get_by_role("button", name="Lire", exact=True).click()
    page.get_by_text("Ce film n’est plus visible pour vous.").wait_for()


def test_lost_network_is_said_and_mended(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno)
    page.goto(address(film))
    page.route("**/hls.light*", lambda route: route.abort())
    page.get_by_role("button", name="Lire", exact=True).click()
    page.get_by_text("Le film ne se charge pas.").wait_for()
    page.unroute("**/hls.light*")
    page.route("**/*.m4s", lambda route: route.abort())
    page.get_by_role("button", name="Lire", exact=True).click()
    page.get_by_text("La connexion est coupée.").wait_for()
    page.unroute("**/*.m4s")
    player_plays(page)  # by itself


def test_without_javascript(page_as, world, film_file, film):  # noqa: F811
    page = page_as(world.amina, width=390, javascript=False)
    page.goto(reverse("videos:film_deposit"))
    page.locator("input[type=file]").set_input_files(film_file)
    page.get_by_role("button", name="Déposer le film").click()  # no title: the browser itself would say so
    page.get_by_label("Titre").fill("Sans script")
    page.get_by_role("button", name="Déposer le film").click()
    page.get_by_role("heading", name="Votre film se prépare").wait_for()
    expect(page.get_by_role("link", name="Actualiser")).to_be_visible()
    assert Film.objects.get(title="Sans script").state == FilmState.PROCESSING

    page = page_as(world.bruno, width=390, javascript=False)
    page.goto(address(film))
    assert page.locator("video[controls] source").get_attribute("src").startswith(f"{address(film)}media/master.m3u8")
    page.get_by_label("Commenter à").fill("Écrit sans script")
    page.get_by_label("Moment du film").fill("0:03")
    page.get_by_role("button", name="Publier le commentaire").click()
    page.locator(".moment", has_text="Écrit sans script").wait_for()
    assert page.locator("#reperes [data-moment]").count() == 1
    page.get_by_role("button", name="Supprimer mon commentaire à 0:03").click()
    page.get_by_role("button", name="Annuler").click()
    page.locator(".moment", has_text="Écrit sans script").wait_for()
