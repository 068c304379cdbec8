"""The workshop of paths in Chromium: steps are put in order by keyboard and by drag, with and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.trainings.written import draft_of, module_of, step_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def version(world):
    version = draft_of(world.here, world.trainer)
    first, second = module_of(version, "Observer"), module_of(version, "Essayer")
    for title in ("Lire", "Regarder", "Répondre"):
        step_of(first, title=title)
    step_of(second, title="Filmer")
    return version


def steps_of(version):
    return [[step.title for step in module.steps.all()] for module in version.modules.all()]


def names(page):
    return page.locator(".atelier-etape__nom > a").all_inner_texts()


def test_steps_are_put_in_order_by_keyboard_and_by_drag(page_as, world, version):  # noqa: F811
    page = page_as(world.trainer)
    page.goto(reverse("trainings:path_page", args=[version.path_id]))
    page.get_by_role("button", name="Descendre Lire").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".atelier-etape__nom > a").first).to_have_text("Regarder")
    expect(page.locator("[data-etape]").nth(1)).to_be_focused()
    assert steps_of(version) == [["Regarder", "Lire", "Répondre"], ["Filmer"]]

    with page.expect_navigation():
        page.locator("[data-etape]", has_text="Répondre").drag_to(page.locator("[data-etape]", has_text="Filmer"))
    assert steps_of(version)[0] == ["Regarder", "Lire"]
    assert sorted(steps_of(version)[1]) == ["Filmer", "Répondre"]

    with page.expect_navigation():
        page.locator("[data-module]", has_text="Essayer").locator("h3").drag_to(
            page.locator("[data-module]").first, target_position={"x": 40, "y": 5}
        )
    assert [module.title for module in version.modules.all()] == ["Essayer", "Observer"]
    page.check()
    assert page.axe() == []


def test_a_step_is_taken_out_and_brought_back_without_javascript(page_as, world, version):  # noqa: F811
    page = page_as(world.trainer, javascript=False)
    page.goto(reverse("trainings:path_page", args=[version.path_id]))
    page.get_by_role("button", name="Retirer Regarder").click()
    assert names(page) == ["Lire", "Répondre", "Filmer"]
    page.get_by_role("button", name="Annuler").click()
    assert names(page) == ["Lire", "Regarder", "Répondre", "Filmer"]
    page.get_by_role("button", name="Monter Filmer").click()
    assert steps_of(version) == [["Lire", "Regarder", "Répondre", "Filmer"], []]
