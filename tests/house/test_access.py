"""The access table: every URL, every method, every persona. The expectation is written apart: `access/`, one an app.

Cells: a status; `login` = sent to sign in; `2fa` = sent to add a second factor. A method that the table does not name
for a URL must be refused with 405 (or hidden) to everybody.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.conftest import writes
from tests.house.routes import Things, make_things, routes, url_of
from tests.world import MARK, World

TABLES = sorted(Path(__file__).with_name("access").glob("*.csv"))
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
METHODS = {"GET", "HEAD", "OPTIONS"} | UNSAFE
PERSONAS = [
    "visitor",
    "former",
    "deactivated",
    "no_factor",
    "amina",
    "bruno",
    "chloe",
    "denis",
    "head_teacher",
    "trainer",
    "adviser",
    "inspector",
    "secretary",
    "brigade_manager",
    "substitute",
    "departement",
    "partner_coordinator",
    "student",
    "superuser",
    "adviser_there",
    "inspector_there",
    "secretary_there",
    "departement_there",
]
HERE = [name for name in PERSONAS if name not in ("denis", "superuser") and not name.endswith("_there")]
DRAWN = {"visitor", "amina", "inspector"}  # who reads the page of what does not exist
# Views of others read an odd verb as a GET, or answer before they look at it: they must still write nothing.
OF_OTHERS = ("admin:", "account_", "mfa_", "usersessions_")
ALLOWED = {"200", "204", "201", "302", "422", "400"}  # what an open door may answer


def read_table() -> dict[tuple[str, str], dict[str, str]]:
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for table in TABLES:
        with table.open(newline="") as file:
            for row in csv.DictReader(file):
                assert rows.setdefault((row["url"], row["method"]), row) is row, (
                    f"{table.name}: {row['url']} is said twice"
                )
    return rows


EXPECTED = read_table()
ROUTES = {route.name: route for route in routes()}


@pytest.fixture
def things(world: World) -> Things:
    return make_things(world, world.here, world.amina, world.secretary)


@pytest.fixture
def things_there(world: World) -> Things:
    return make_things(world, world.there, world.denis, world.secretary_there, mark=f" {MARK}")


@pytest.fixture(autouse=True)
def _no_page_is_drawn_for_nothing(request, monkeypatch):
    """The page of what does not exist, or takes no such method, is the same for every address: drawn for a few, left
    blank for the others, which saves a third of the sweep."""
    callspec = getattr(request.node, "callspec", None)
    if callspec and (callspec.params["persona"] not in DRAWN or "undeclared" in request.node.name):
        monkeypatch.setattr("circo.portal.errors.render", lambda *_, status: HttpResponse(status=status))


def client_of(world: World, persona: str) -> Client:
    client = Client(raise_request_exception=True)
    if persona == "visitor":
        return client
    person = world.inspector if persona == "no_factor" else world.people[persona]
    if persona == "no_factor":
        person.authenticator_set.all().delete()
    client.force_login(person)
    return client


def outcome(response) -> str:
    """What the persona met, as the table writes it."""
    where = response.headers.get("Location", "")
    if response.status_code == 302 and where.startswith(reverse("account_login")):
        return "login"
    if response.status_code == 302 and where == reverse("mfa_index"):
        return "2fa"
    return str(response.status_code)


def ask(client: Client, method: str, url: str):
    """Send one request, take back whatever it wrote, and say what it wrote."""
    cache.clear()  # each request is somebody's first: rate limits have tests of their own
    cookies = client.cookies.copy()
    with transaction.atomic(), writes() as written:
        response = client.generic(method, url, headers={"Tus-Resumable": "1.0.0"})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies = cookies  # signing out is taken back too
    return response, body, written


def test_every_url_has_a_name_and_a_row_and_every_row_a_url():
    unnamed = [name for name in ROUTES if name.startswith("unnamed")]
    assert not unnamed
    assert len(list(routes())) == len(ROUTES), "two URLs share a name"
    assert set(ROUTES) == {url for url, _ in EXPECTED}
    assert len(ROUTES) > 60
    assert all(set(row) == {"url", "method", *PERSONAS} for row in EXPECTED.values())


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.sweep
def test_each_door_answers_as_the_table_says(world, things, things_there, persona, record_property):
    """Own objects: the table. Reading writes nothing; a closed door writes nothing; no body holds the other mark."""
    client, checked, faults = client_of(world, persona), 0, []
    for (name, method), row in EXPECTED.items():
        url = url_of(ROUTES[name], things)
        response, body, written = ask(client, method, url)
        got = outcome(response)
        if got != row[persona]:
            faults.append(f"{method} {name}: {got}, the table says {row[persona]}")
        if written and (method not in UNSAFE or got not in ALLOWED):
            faults.append(f"{method} {name}: answered {got} and wrote: {written[0][:90]}")
        if persona in HERE and MARK.encode() in body + str(response.headers).encode():
            faults.append(f"{method} {name}: shows the other district")
        checked += 3
    assert not faults, "\n".join(faults)
    assert checked >= 3 * len(ROUTES)
    record_property("checks", checked)


@pytest.mark.parametrize("persona", HERE)
@pytest.mark.sweep
def test_the_other_district_is_nowhere(world, things, things_there, persona, record_property):
    """Foreign objects: the same answer as for an object that does not exist, and not a letter of them."""
    client, checked, faults = client_of(world, persona), 0, []
    for (name, method), row in EXPECTED.items():
        url = url_of(ROUTES[name], things_there)
        if url == url_of(ROUTES[name], things) or row["visitor"] in ALLOWED:
            continue  # no object in it, or a secret link: whoever holds it is whom it was sent to
        response, body, written = ask(client, method, url)
        got = outcome(response)
        if got in ("200", "201", "204", "302") or (got != row[persona] and got != "404"):
            faults.append(f"{method} {name}: {got} on an object of the other district")
        if written or MARK.encode() in body + str(response.headers).replace(url, "").encode():
            faults.append(f"{method} {name}: writes or shows the other district")
        checked += 2
    assert not faults, "\n".join(faults)
    assert checked > 20
    record_property("checks", checked)


@pytest.mark.parametrize("persona", ["visitor", "amina", "inspector"])
@pytest.mark.sweep
def test_undeclared_methods_are_refused(world, things, persona):
    client, faults = client_of(world, persona), []
    for name in ROUTES:
        declared = {method for url, method in EXPECTED if url == name}
        for method in METHODS - declared - {"OPTIONS"} - ({"HEAD"} if "GET" in declared else set()):
            response, _, written = ask(client, method, url_of(ROUTES[name], things))
            refused = outcome(response) in ("405", "404", "403", "login", "2fa") or name.startswith(OF_OTHERS)
            if not refused or written:
                faults.append(f"{method} {name}: {outcome(response)} {written[:1]}")
    assert not faults, "\n".join(faults)
