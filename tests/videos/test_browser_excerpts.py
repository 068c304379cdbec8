"""Excerpts and two films side by side, really played, in Chromium."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.videos.excerpts import excerpt_of
from tests.videos.test_browser_first_light import film, film_file  # noqa: F401
from videos.models import Excerpt

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]

NOTE_SEEKS = """() => {
  const video = document.querySelector("video");
  video.addEventListener("seeked", () => { window.sought = video.currentTime; });
}"""
TIMES = "[...document.querySelectorAll('lecteur-video')].map((player) => player.time)"


def test_an_excerpt_is_taken_from_the_player_and_stops_at_its_end(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno, width=390)
    page.goto(reverse("videos:film_page", args=[film.pk]))
    page.locator("lecteur-video").evaluate("player => player.seek(1)")
    page.get_by_role("link", name="Extraits", exact=True).click()
    expect(page.get_by_label("Début", exact=True)).to_have_value("0:01")
    page.locator("lecteur-video").evaluate("player => player.seek(2)")
    page.get_by_role("button", name="Prendre le moment actuel, 0:02 (fin)").click()
    page.get_by_label("Titre", exact=True).fill("Une seconde")
    page.get_by_role("button", name="Garder cet extrait").click()
    expect(page.get_by_role("heading", name="Une seconde", exact=True)).to_be_visible()
    assert Excerpt.objects.filter(in_s=1, out_s=2).exists()
    page.get_by_role("button", name="Lire", exact=True).click()
    page.until("document.querySelector('lecteur-video').dataset.ended === 'yes'")
    assert page.evaluate("document.querySelector('video').paused")
    page.evaluate(NOTE_SEEKS)
    assert 1.9 < page.evaluate("document.querySelector('video').currentTime") < 2.8
    page.get_by_role("button", name="Lire", exact=True).click()  # again, from its beginning
    page.until("window.sought < 1.7")
    assert not page.scrolls_sideways()
    page.check()


def test_what_is_wrong_is_not_hidden_under_the_film(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno, width=390)
    page.goto(reverse("videos:excerpt_list", args=[film.pk]))
    page.get_by_role("button", name="Garder cet extrait").click()
    page.until("document.activeElement.name === 'out_s'")
    error = page.locator(".field--bad", has_text="Indiquez la fin").bounding_box()
    seen = page.locator(".observer__film").bounding_box()
    assert error["y"] >= seen["y"] + seen["height"]


def test_two_sides_play_as_one(page_as, world, film):  # noqa: F811
    excerpt = excerpt_of(film, world.amina, in_s=1, out_s=5, shared=True)
    page = page_as(world.bruno)
    page.goto(reverse("videos:side_by_side") + f"?a=film-{film.pk}&b=extrait-{excerpt.pk}")
    assert page.evaluate(TIMES) == [0, 1]
    assert page.axe() == []
    page.get_by_role("button", name="Lire les deux").focus()
    page.keyboard.press("Enter")
    page.until(f"{TIMES}[0] > 0.4")
    first, second = page.evaluate(TIMES)
    assert abs(second - first - 1) < 0.6
    page.keyboard.press("Enter")
    page.until("[...document.querySelectorAll('video')].every((video) => video.paused)")
    page.locator("#premier").evaluate("player => player.seek(2)")
    page.until(f"Math.abs({TIMES}[1] - 3) < 0.4")
    page.get_by_label("Garder le décalage").uncheck()
    page.locator("#premier").evaluate("player => player.seek(1)")
    page.until(f"Math.abs({TIMES}[0] - 1) < 0.4")
    assert abs(page.evaluate(TIMES)[1] - 3) < 0.4
    muted = "[...document.querySelectorAll('video')].map((video) => video.muted)"
    assert page.evaluate(muted) == [False, True]
    page.locator("[data-cotes-son]").select_option("1")
    assert page.evaluate(muted) == [True, False]
    page.check()
