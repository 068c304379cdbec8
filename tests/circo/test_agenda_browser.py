"""The agenda in a real browser: the month by the keyboard, the table and the list, the address to copy."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from circo.calendar.agenda import rules
from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.circo.calendar_things import open_feed_of
from tests.circo.events import event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Rencontre du groupe Manipuler pour compter et anticonstitutionnellement raisonner"


@pytest.fixture
def today(events):
    """Three things on today's agenda, one of which is called off; one of them is named at length."""
    now = timezone.localtime().replace(hour=17, minute=0)
    events += [event(uid=str(n), starts_at=now, ends_at=now, title=f"{LONG} {n}", cancelled=n == 2) for n in range(3)]
    return now.date()


def test_the_months_turn_by_the_keyboard(world, page_as, today):  # noqa: F811
    page = page_as(world.amina)
    page.goto("/agenda/")
    expect(page.locator("table.agenda .event")).to_have_count(3)
    expect(page.locator("ol.agenda-list")).to_be_hidden()
    page.locator("#mois-apres").press("Enter")
    following = rules.months_from(today, 1)
    expect(page.locator("h2")).to_have_text(rules.month_in_words(following).capitalize())
    page.until(f"location.search === '?mois={rules.month_code(following)}'")
    page.until("document.activeElement.id === 'mois-apres'")
    page.get_by_role("link", name="Aujourd’hui").press("Enter")
    expect(page.locator("[aria-current=date]").first).to_be_visible()
    expect(page.locator("table.agenda .event")).to_have_count(3)
    page.go_back()
    expect(page.locator("h2")).to_have_text(rules.month_in_words(following).capitalize())
    page.check()


@pytest.mark.parametrize(("width", "dark"), [(320, False), (390, True), (1280, False), (1280, True)])
def test_the_agenda_is_accessible_and_fits(world, page_as, today, width, dark):  # noqa: F811
    open_feed_of(world.amina)
    page = page_as(world.amina, width, dark=dark)
    for path in ("/agenda/", "/mon-annee/", "/agenda/recevoir/"):
        page.goto(path)
        assert not page.scrolls_sideways(), path
        assert page.axe() == [], path
    page.goto("/agenda/")
    shown, hidden = ("ol.agenda-list", "table.agenda") if width < 768 else ("table.agenda", "ol.agenda-list")
    expect(page.locator(f"{shown} .event")).to_have_count(3)
    expect(page.locator(shown)).to_be_visible()
    expect(page.locator(hidden)).to_be_hidden()
    page.check()


def test_it_all_works_without_javascript(world, page_as, today):  # noqa: F811
    page = page_as(world.amina, javascript=False)
    page.goto("/agenda/")
    page.locator("#mois-avant").click()
    expect(page.locator("h2")).to_have_text(rules.month_in_words(rules.months_from(today, -1)).capitalize())
    page.goto("/agenda/recevoir/")
    page.get_by_role("button", name="Créer mon adresse").click()
    expect(page.get_by_label("Adresse de votre agenda")).to_have_value(
        re.compile(r"/agenda/abonnement/[\w-]{43}\.ics$")
    )
