"""A message seen by 300 people; writes its table where BENCH_SALON_OUT says."""

import asyncio
import os
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from circo.rules import Role
from tests.bench import salon as bench
from tests.bench.measuring import engine
from tests.live import cookie_of, valkey  # noqa: F401
from tests.networks.salon_things import salon_of
from tests.servers.process import WebProcess
from tests.world import person, post


@pytest.mark.bench
@pytest.mark.skipif("BENCH_SALON_OUT" not in os.environ, reason="make bench-salon")
@pytest.mark.django_db(transaction=True)
def test_a_message_is_seen_by_three_hundred(world, valkey):  # noqa: F811
    cookies = []
    for number in range(bench.PEOPLE):
        who = person(f"p{number}@ecole.test", f"Prénom{number}", "Dupont")
        post(who, Role.TEACHER, world.here.schools[0])
        cookies.append(cookie_of(who))
    salon = salon_of(world.here.district)
    path, write_path = f"/ws/salons/{salon.pk}/", f"/salons/{salon.pk}/messages/"
    server = WebProcess(REDIS_URL=settings.REDIS_URL)
    server.command += ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false"]
    server.start()
    try:
        at = server.port, server.process.pid, path, write_path, cookies
        alone = asyncio.run(bench.run("salon, nothing beside", *at))
        with bench.transcoding():
            beside = asyncio.run(bench.run("salon, a film being transcoded beside", *at))
    finally:
        server.kill()
    with bench.bare_server() as (port, pid), bench.transcoding():
        bare = asyncio.run(bench.run("bare broadcast, a film beside", port, pid, "/", "/", cookies))
    told = f"**{engine()}**\n\n{bench.table([alone, beside], bare)}\n"
    with Path(os.environ["BENCH_SALON_OUT"]).open("a") as out:
        out.write(told + "\n")
    connection.close()
    assert alone.missing == beside.missing == 0
