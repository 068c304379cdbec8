"""Every live channel × every persona: `live.csv` is the expectation, written apart, as `access/` is for pages."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.urls import URLPattern

from circo import asgi, live
from networks.mentoring.live import websocket_urlpatterns as of_mentoring
from networks.salons.live import websocket_urlpatterns as of_salons
from tests.house.routes import Things, make_things
from tests.house.test_access import PERSONAS
from tests.live import cookie_of, live_server, opened, outcome, valkey  # noqa: F401
from tests.world import World
from videos.live import websocket_urlpatterns as of_videos

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]
CHANNELS = [*of_mentoring, *of_salons, *of_videos]
OF_FILMS = of_videos[0]


def read_table() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("live.csv").open(newline="") as file:
        return {row.pop("channel"): row for row in csv.DictReader(file)}


EXPECTED = read_table()


def path_of(channel: URLPattern, things: Things) -> str:
    """The address of a channel, its holes filled with the objects of `things`."""
    salon = next(one.urls["networks:salon_page"] for one in things.supplied if "networks:salon_page" in one.urls)
    pair = next(one.urls["networks:mentoring_pair"] for one in things.supplied if "networks:mentoring_pair" in one.urls)
    path = str(channel.pattern).replace("<int:pair_id>", str(pair["pk"]))
    path = path.replace("<uuid:film_id>", str(things.film.pk))
    return "/" + path.replace("<int:salon_id>", str(salon["pk"]))


def test_every_channel_has_a_row_and_every_row_a_channel():
    router = asgi.routes.application_mapping["websocket"].inner
    assert list(router.routes) == [*CHANNELS, live.NOWHERE]
    assert {channel.name for channel in CHANNELS} == set(EXPECTED)
    assert all(issubclass(channel.callback.consumer_class, live.Door) for channel in CHANNELS)
    assert all(set(row) == set(PERSONAS) for row in EXPECTED.values())


def cookie(world: World, persona: str) -> str:
    if persona == "visitor":
        return ""
    person = world.inspector if persona == "no_factor" else world.people[persona]
    if persona == "no_factor":
        person.authenticator_set.all().delete()
    return cookie_of(person)


def test_each_channel_answers_as_the_table_says(live_server, world, record_property):  # noqa: F811
    things = make_things(world, world.here, world.amina, world.secretary)
    personas = sorted(PERSONAS, key="no_factor".__eq__)  # the last: it takes the inspector's factor away
    faults, checked = [], 0
    for persona in personas:
        signed_in = cookie(world, persona)
        for channel in CHANNELS:
            got, expected = outcome(live_server, path_of(channel, things), signed_in), EXPECTED[channel.name][persona]
            checked += 1
            if got != expected:
                faults.append(f"{channel.name} {persona}: {got}, the table says {expected}")
    assert not faults, "\n".join(faults)
    assert checked == len(PERSONAS) * len(CHANNELS)
    record_property("checks", checked)


def test_the_other_district_and_the_unknown_are_one(live_server, world):  # noqa: F811
    there = make_things(world, world.there, world.denis, world.secretary_there)
    bruno = cookie_of(world.bruno)
    path = path_of(OF_FILMS, there)
    missing = path.replace(str(there.film.pk), "00000000-0000-4000-8000-000000000000")
    assert outcome(live_server, path, bruno) == outcome(live_server, missing, bruno) == "4404"
    assert outcome(live_server, "/ws/films/x/", bruno) == outcome(live_server, "/films/", bruno) == "403"


STRANGERS = [
    None,
    "null",
    "https://ailleurs.test",
    "http://evil-localhost:{port}",
    "http://localhost.evil.test:{port}",
    "http://localhost:1",
    "http://localhost",
    "ftp://localhost:{port}",
    "http://a@localhost:{port}",
    "http://localhost:{port}/x",
    "http://127.0.0.1:{port}",
]


def test_a_page_of_another_site_is_refused_at_the_door(live_server, world):  # noqa: F811
    things = make_things(world, world.here, world.amina, world.secretary)
    port = live_server.url.rsplit(":", 1)[1]
    path, amina = path_of(OF_FILMS, things), cookie_of(world.amina)
    for origin in STRANGERS:
        asked = origin.format(port=port) if origin else None
        assert outcome(live_server, path, amina, origin=asked) == "403", origin
    with opened(live_server, path, amina) as channel:  # the canary: the same visit from our own page
        assert channel.recv(timeout=10)
