"""The shell in a real browser: phone and desk, light and dark, keyboard, without JavaScript; its weight, its words."""

import gzip
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from circo.models import Notice
from tests.browser import browser, chromium, page_as  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OWN = ["home", "year", "profile", "profile_edit", "search", "components"]
PUBLIC = ["accessibility", "legal", "privacy", "help"]
BUDGET = 80_000  # bytes of an ordinary page at the first visit, static files compressed
FOCUSED = "() => (document.activeElement.innerText || document.activeElement.name || '').trim()"


@pytest.mark.parametrize(("width", "dark"), [(320, False), (390, True), (900, False), (1280, True)])
def test_every_page_is_accessible_and_fits(world, page_as, width, dark):  # noqa: F811
    Notice.objects.create(person=world.amina, kind="x", key="1", title="Bruno a commenté votre film", path="/")
    page = page_as(world.amina, width, dark=dark)
    for name in OWN + PUBLIC:
        page.goto(reverse(f"portal:{name}"))
        assert not page.scrolls_sideways(), name
        if width != 320:
            assert page.axe() == [], name
    page.check()


def test_the_open_menu_is_accessible_and_escape_closes_it(world, page_as):  # noqa: F811
    page = page_as(world.inspector, width=390)
    page.goto("/")
    page.click("details.menu > summary")
    assert page.axe() == []
    expect(page.get_by_role("button", name="Déconnexion")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Déconnexion")).to_be_hidden()
    assert "Mon compte" in page.evaluate(FOCUSED)
    page.click("details.menu > summary")
    page.click("h1")
    expect(page.get_by_role("button", name="Déconnexion")).to_be_hidden()
    page.check()


def test_the_keyboard_goes_from_the_skip_link_through_the_places(world, page_as):  # noqa: F811
    page = page_as(world.amina)
    page.goto("/")
    order = []
    for _ in range(9):
        page.keyboard.press("Tab")
        order.append(re.sub(r"\s+", " ", page.evaluate(FOCUSED)))
    assert order[0] == "Aller au contenu"
    assert order[1].startswith("Les partages")
    assert order[2] == "À faire"
    assert order.index("Films") < order.index("Groupes") < order.index("Déposer un film") < order.index("Chercher")
    page.keyboard.press("Shift+Tab")
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenu"


def test_targets_are_large_enough_for_a_thumb(world, page_as):  # noqa: F811
    page = page_as(world.amina, width=390)
    page.goto("/")
    small = page.evaluate(
        """() => [...document.querySelectorAll("header a, header summary, footer a, .button")]
          .filter((element) => !element.classList.contains("skip"))
          .map((element) => [element.innerText.trim(), element.getBoundingClientRect()])
          .filter(([, box]) => box.width && (box.height < 44 || box.width < 38)).map(([text]) => text)"""
    )
    assert small == []


def test_an_ordinary_page_keeps_its_budget(world, page_as):  # noqa: F811
    page = page_as(world.amina)
    seen = []
    page.on("response", lambda response: seen.append(response))  # noqa: PLW0108 (Playwright marks its handlers)
    page.goto("/", wait_until="networkidle")
    bodies = {answer.url: answer.body() for answer in seen}
    # The live server sends texts as they are; in production they leave compressed. The font is so already.
    packed = [body if url.endswith(".woff2") else gzip.compress(body) for url, body in bodies.items()]
    assert sum(url.endswith(".woff2") for url in bodies) == 1
    assert 0 < sum(map(len, packed)) < BUDGET


def test_a_wrong_form_takes_the_focus_to_its_first_bad_field(world, page_as):  # noqa: F811
    page = page_as(world.amina, width=390)
    page.goto(reverse("portal:profile_edit"))
    page.fill("[name=first_name]", "")
    page.fill("[name=last_name]", "Petit-Lemoine")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/profil/enregistrer/")
    assert page.evaluate("document.activeElement.name") == "first_name"
    assert page.input_value("[name=last_name]") == "Petit-Lemoine"
    page.until("document.getElementById('annonce').textContent === 'Une erreur est à corriger.'")
    assert page.axe() == []


def test_what_has_been_done_is_said_aloud(world, page_as):  # noqa: F811
    page = page_as(world.amina)
    page.goto(reverse("portal:profile_edit"))
    page.fill("[name=first_name]", "Aminata")
    page.get_by_role("button", name="Enregistrer").click()
    page.wait_for_url("**/profil/")
    page.until("document.getElementById('annonce').textContent === 'Votre nom est enregistré.'")
    page.check()


def test_search_answers_while_one_types_and_says_how_many(world, page_as):  # noqa: F811
    page = page_as(world.inspector)
    page.goto(reverse("portal:search"))
    page.type("#search-words", "petit")
    page.wait_for_selector("text=3 résultats pour")
    page.until("document.getElementById('annonce').textContent === '3 résultats'")
    assert "q=petit" in page.url
    assert page.evaluate("document.activeElement.id") == "search-words"
    page.check()
    assert page.axe() == []


def test_a_failure_of_the_network_is_said_and_loses_nothing(world, page_as):  # noqa: F811
    page = page_as(world.inspector)
    page.goto(reverse("portal:search"))
    page.route("**/chercher/?q=*", lambda route: route.abort())
    page.type("#search-words", "petit")
    page.wait_for_selector("#messages >> text=La page n’a pas répondu.")
    assert page.input_value("#search-words") == "petit"


def test_everything_works_without_javascript(world, page_as):  # noqa: F811
    page = page_as(world.inspector, width=390, javascript=False)
    page.goto("/")
    page.click("details.menu > summary")
    page.get_by_role("link", name="Mon profil").click()
    page.get_by_role("link", name="Modifier mon nom").click()
    page.fill("[name=first_name]", "Inès")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Votre nom est enregistré.")).to_be_visible()
    page.get_by_role("link", name="Chercher").click()
    page.fill("#search-words", "petit")
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_role("heading", name="Personnes")).to_be_visible()
    page.check()
