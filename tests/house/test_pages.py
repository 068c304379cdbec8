"""Every page that a persona may open, as HTML: nothing inline, one title, headings in order, no other host."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from tests.house.routes import make_things, routes, url_of


class Reader(HTMLParser):
    """Collect what the house forbids or asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.headings: list[int] = []
        self.lang = self.main = False
        self.title = ""
        self._in_title = self._in_script = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if "style" in given:
            self.faults.append(f"style= on <{tag}>")
        self.faults += [f"{name}= on <{tag}>" for name in given if name.startswith("on")]
        if tag == "style":
            self.faults.append("<style>")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.faults.append("inline <script>")
        if tag in ("script", "img", "link", "source", "video", "iframe"):
            address = given.get("src") or given.get("href") or ""
            if re.match(r"(https?:)?//", address):
                self.faults.append(f"<{tag}> from another host: {address}")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.lang |= tag == "html" and given.get("lang", "").startswith("fr")
        self.main |= tag == "main" or given.get("id") in ("main", "content-start")
        self._in_title = tag == "title"

    def handle_data(self, data):
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag):
        self._in_title = False


PERSONAS = ["visitor", "amina", "inspector", "secretary", "brigade_manager", "substitute", "superuser"]


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.sweep
def test_pages_are_well_made(world, persona):
    things = make_things(world, world.here, world.amina, world.secretary)
    client, seen = Client(), 0
    if persona != "visitor":
        client.force_login(world.people[persona])
    for route in routes():
        response = client.get(url_of(route, things))
        if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
            continue
        page = Reader()
        page.feed(response.content.decode())
        assert not page.faults, f"{route.name}: {page.faults}"
        assert page.title.strip(), f"{route.name} has no title"
        assert page.lang, f"{route.name} says no language"
        if route.name != "trainings:activity_player":  # in a frame: its headings are the activity's own
            assert page.headings.count(1) == 1 or route.name.startswith("admin:"), f"{route.name}: {page.headings}"
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert route.name.startswith("admin:") or all(after <= before + 1 for before, after in steps), (
            f"{route.name}: headings skip a level: {page.headings}"
        )
        assert "{{" not in response.content.decode(), f"{route.name} shows a stray tag"
        assert response.headers["Content-Security-Policy"]
        seen += 1
    assert seen >= (5 if persona == "visitor" else 15)
