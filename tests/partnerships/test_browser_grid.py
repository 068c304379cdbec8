"""The grid as one uses it: arrows, Enter, Escape; a list of links on a phone; no fault for those who listen to it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.partnerships.placed import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
GRID = reverse("partnerships:grid_page")
WHERE = "() => { const one = document.activeElement; return [one.parentElement.rowIndex, one.cellIndex]; }"


def test_arrows_walk_and_enter_opens_beside(world, page_as):  # noqa: F811
    stage = Stage(world)
    stage.other_class()
    page = page_as(stage.by, width=1280)
    page.goto(f"{GRID}?qui=e{stage.ines.pk}")
    page.locator(".stages-grille tbody td").first.focus()
    first = page.evaluate(WHERE)
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate(WHERE) == [first[0], first[1] + 2], "there is nothing above the first class"
    page.keyboard.press("Enter")
    page.wait_for_selector("#case .card")
    page.wait_for_function("() => document.activeElement.closest('#case')")
    assert page.axe() == []
    page.keyboard.press("Escape")
    assert page.evaluate(WHERE) == [first[0], first[1] + 2]
    page.check()


def test_on_a_phone_classes_and_days_are_links(world, page_as):  # noqa: F811
    stage = Stage(world)
    page = page_as(stage.by, width=390)
    page.goto(f"{GRID}?qui=e{stage.ines.pk}")
    assert not page.locator(".stages-grille tbody td").first.is_visible()
    assert not page.scrolls_sideways()
    page.locator(".stages-grille tbody th a").first.click()
    page.wait_for_url("**/stages/grille/classe/**")
    assert not page.scrolls_sideways()
    assert page.axe() == []
    page.check()
