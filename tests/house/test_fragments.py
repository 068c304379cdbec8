"""A fragment is a piece of its page: what htmx receives stands, letter for letter, in the page loaded whole."""

import re

import pytest
from django.test import Client

from tests.house.routes import make_things, routes, url_of

CHANGING = re.compile(rb'(name="(csrfmiddlewaretoken|client_key|brouillon)" value="|nonce-|"/brouillons/)[^"]+')


def settled(body: bytes) -> bytes:
    """Without what differs at each request, and with white space folded."""
    return re.sub(rb"\s+", b" ", CHANGING.sub(b"", body)).strip()


@pytest.mark.parametrize("persona", ["amina", "secretary"])
@pytest.mark.sweep
def test_fragment_equals_page(world, persona):
    things = make_things(world, world.here, world.amina, world.secretary)
    client = Client()
    client.force_login(world.people[persona])
    fragments = 0
    for route in routes():
        if route.name.startswith("admin:"):
            continue
        url = url_of(route, things)
        page = client.get(url)
        if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
            continue
        part = client.get(url, headers={"HX-Request": "true"})
        back = client.get(url, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
        assert settled(part.content) in settled(page.content), f"{route.name}: the fragment is not in the page"
        assert settled(back.content) == settled(page.content), f"{route.name}: the Back button gets a fragment"
        if settled(part.content) != settled(page.content):
            fragments += 1
            assert "HX-Request" in page.headers["Vary"]
            assert "HX-Request" in part.headers["Vary"]
    assert fragments >= 1
