"""A thousand players at once; writes its table where BENCH_BEATS_OUT says."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from django.utils import timezone

from circo.rules import Role
from tests.bench import beats as bench
from tests.bench.beats import Player
from tests.bench.measuring import engine
from tests.conftest import A_WRITE
from tests.live import cookie_of
from tests.servers.process import WebProcess, web
from tests.trainings.watching_things import URL, excerpt_in_path, learning, send
from tests.videos.films import film_of
from tests.world import person, post
from trainings.models import WatchedExcerpt
from trainings.watching import tokens
from videos.consents.rules import Audience

PATHS = 20
BY_BEATS_S = bench.ROUNDS * bench.EVERY_S


@pytest.fixture
def learners(world):
    """A thousand people of the district, in twenty paths, each of which has a film of an hour."""
    films = [film_of(world.amina, world.here.group, duration_s=3600, audience=Audience.DISTRICT) for _ in range(PATHS)]
    excerpts = [excerpt_in_path(world.here.district, film, out_s=3600) for film in films]
    made = []
    for number in range(bench.PLAYERS):
        who = person(f"p{number}@ecole.test", f"Prénom{number}", "Dupont")
        post(who, Role.TEACHER, world.here.schools[number % 2])
        made.append(learning(who, excerpts[number % PATHS]))
    return made


def players(learners, now) -> list[Player]:
    """Their pages were opened a minute ago: the first beat of each finds its ten seconds of clock."""
    found = []
    for one in learners:
        token = tokens.token_for(one.enrolment, one.excerpt, now=now - timedelta(minutes=1))
        found.append(Player(f"session={cookie_of(one.enrolment.person)}", token, 0))
    return found


def unplayed() -> None:
    """Each row as after its first beat, with clock enough: what is measured is the web, not the rule."""
    rows = WatchedExcerpt.objects.all()
    rows.update(stretches=[], seconds=0, position_s=0)


def lost() -> int:
    """How many beats are in no row, by the seconds that the rows hold."""
    rows = WatchedExcerpt.objects.all()
    assert rows.count() == bench.PLAYERS
    held = sum(rows.values_list("seconds", flat=True))
    return round((bench.PLAYERS * (bench.ROUNDS + 1) * bench.EVERY_S - held) / bench.EVERY_S)


def cost_of_one(one) -> str:
    """What one beat asks of the database, the second and later ones."""
    client = Client()
    client.force_login(one.enrolment.person)
    token = one.token(ago=timedelta(minutes=1))
    with override_settings(FILM_RIGHTS_KEPT_S=60):
        for _ in range(2):  # who sends it is asked, then whether the film is shown
            send(client, token, "3500000-3500001", "3500")
        with CaptureQueriesContext(connection) as seen:
            assert send(client, token, "3500000-3500002", "3500").status_code == 200
    asked = [query["sql"] for query in seen.captured_queries if not query["sql"].startswith(("BEGIN", "COMMIT"))]
    writes = [sql for sql in asked if A_WRITE.match(sql)]
    return f"A beat writes {len(writes)} row, and reads {len(asked) - len(writes)} times."


@pytest.mark.bench
@pytest.mark.skipif("BENCH_BEATS_OUT" not in os.environ, reason="make bench-beats")
@pytest.mark.django_db(transaction=True)
def test_a_thousand_players(learners):
    told = cost_of_one(learners[0])
    WatchedExcerpt.objects.all().delete()
    runs, missing = [], {}
    ours = players(learners, timezone.now())
    for name in ("beats", "beats again"):
        with web() as server:
            at = server.port, server.process.pid, reverse(URL)
            runs.append(asyncio.run(bench.run(name, *at, ours)))
        missing[name] = lost() + runs[-1].refused
        unplayed()
    bare = WebProcess()
    bare.command[bare.command.index("circo.asgi:application")] = "tests.bench.bare_beats:application"
    rows = WatchedExcerpt.objects.order_by("pk").values_list("pk", flat=True)
    bare.start()
    try:
        of_bare = [Player("session=x", str(pk), 0) for pk in rows]
        runs.append(asyncio.run(bench.run("bare view", bare.port, bare.process.pid, "/", of_bare)))
    finally:
        bare.kill()
    missing["bare view"] = runs[-1].refused
    with Path(os.environ["BENCH_BEATS_OUT"]).open("a") as out:
        out.write(f"**{engine()}**. {told}\n\n{bench.table(runs, missing)}\n\n")
    assert not any(missing.values()), missing
