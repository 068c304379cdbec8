"""What a segment costs the servers, for 300 viewers at once; writes its table where BENCH_SEGMENTS_OUT says."""

import os
from pathlib import Path

import pytest
from django.db import connection

from tests.bench.segments import SEGMENT_BYTES, VIEWERS, measure, table
from tests.videos.films import film_of
from tests.videos.inventory import cookies_of
from videos import paths


@pytest.mark.bench
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the platform is started on the file of the test's database")
@pytest.mark.django_db(transaction=True)
def test_segments(world, tmp_path):
    film = film_of(world.amina, world.here.group)
    key = paths.media_key(film.pk, film.output, "video-240-00000.m4s")
    (tmp_path / "media" / key).write_bytes(os.urandom(SEGMENT_BYTES))
    cookies = [cookies_of(world.bruno) for _ in range(VIEWERS)]
    ways = measure(tmp_path, f"/films/{film.pk}/media/video-240-00000.m4s", f"/{key}", cookies)
    told = table(ways)
    if out := os.environ.get("BENCH_SEGMENTS_OUT"):
        Path(out).write_text(told + "\n")
    assert all(way.asked >= 100 for way in ways)
