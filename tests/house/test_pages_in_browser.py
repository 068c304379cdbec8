"""Every page in a real browser, on a phone and on a desk: no complaint of the browser, no accessibility fault, no other
host, nothing wider than the screen. With `--screenshots FOLDER`, a picture of each, for the eye."""

from pathlib import Path

import pytest
from django.core.cache import cache

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.house.routes import make_things, url_of
from tests.house.test_access import EXPECTED, ROUTES, client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = {"telephone": {"width": 390}, "bureau-nuit": {"width": 1280, "dark": True}}
# The persona that sees most of the pages first; a page that an earlier one saw is not opened again.
PERSONAS = [
    "visitor",
    "amina",
    "secretary",
    "inspector",
    "brigade_manager",
    "substitute",
    "partner_coordinator",
    "student",
    "superuser",
    "adviser",
    "trainer",
    "head_teacher",
    "bruno",
]
# A student’s pages say other things than a teacher’s of the same name: they are opened too.
AGAIN = {"student": "partnerships:"}


def pages_of(world, things) -> dict[str, tuple[str, str]]:
    """Each page that is HTML and opens: by URL name (and persona, where another one saw such a page), the persona that
    opens it, as the access table says, and its address."""
    clients = {persona: client_of(world, persona) for persona in PERSONAS}
    found: dict[str, tuple[str, str]] = {}
    for name, method in EXPECTED:
        if name.startswith("admin:") and name.endswith(("_history", "_delete")):
            continue  # the same page for every model: tests/circo/test_admin_browser.py looks at it
        if name == "trainings:activity_player":
            continue  # opens in a frame alone: tests/trainings/test_browser_h5p.py looks at it
        opens = [one for one in PERSONAS if EXPECTED[name, method][one] == "200"] if method == "GET" else []
        again = [one for one in opens[1:] if name.startswith(AGAIN.get(one, "-"))]
        for persona in (*opens[:1], *again):
            url = url_of(ROUTES[name], things)
            cache.clear()  # rate limits have tests of their own
            response = clients[persona].get(url)
            assert response.status_code == 200, name
            if response.headers["Content-Type"].startswith("text/html"):
                found[f"{name}-{persona}" if persona in again else name] = persona, url
    return found


def test_each_page_opens_to_somebody_who_is_sent_there():
    opened = {name: who for (name, method), who in EXPECTED.items() if method == "GET" and "200" in who.values()}
    assert [name for name, who in opened.items() if not any(who[one] == "200" for one in PERSONAS)] == []


@pytest.mark.parametrize("look", LOOKS)
def test_every_page(world, page_as, look, request):  # noqa: F811
    things = make_things(world, world.here, world.amina, world.secretary)
    folder = request.config.getoption("--screenshots")
    found = pages_of(world, things)
    assert len(found) > 40
    faults, opened = [], {}
    for name, (persona, url) in sorted(found.items()):
        if persona not in opened:
            opened[persona] = page_as(None if persona == "visitor" else world.people[persona], **LOOKS[look])
        page = opened[persona]
        page.goto(url)
        page.wait_for_load_state("load")
        faults += [f"{name}: {fault}" for fault in (*page.console_errors, *page.foreign_requests, *page.axe())]
        page.console_errors.clear()
        page.foreign_requests.clear()
        if page.scrolls_sideways():
            faults.append(f"{name}: wider than the screen")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name.replace(':', '-')}-{look}.png", full_page=True)
    assert not faults, "\n".join(faults)
