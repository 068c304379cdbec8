"""What every answer says to browsers and caches about itself."""

import pytest

from tests.house.routes import make_things, routes, url_of

ASKED_AGAIN = "private, no-cache"  # kept by who reads, and asked about again each time
# Bytes of a film, pictures of a salon, and an agenda that other calendars read.
FRAMED = {"trainings:activity_player": "SAMEORIGIN"}  # by the page of its step, and held in a sandbox
KEPT = ("videos:film_media", "networks:post_file", "calendar:feed", "events:festival_picture")


@pytest.mark.parametrize("persona", ["amina", "inspector"])
@pytest.mark.sweep
def test_what_one_reads_under_ones_name_is_in_no_cache(world, sign_in, persona):
    """On a shared computer, the Back button shows nothing once one has left (ASVS 14.3.2)."""
    things = make_things(world, world.here, world.amina, world.secretary)
    kept, swept = [], 0
    for route in routes():
        address = url_of(route, things)
        answer = sign_in(world.people[persona]).get(address)
        said = answer.headers.get("Cache-Control", "")
        if "no-store" not in said and not (route.name in KEPT and said == ASKED_AGAIN):
            kept.append(f"{route.name}: {answer.status_code} {said}")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        if answer.status_code == 404 or route.name not in FRAMED:
            assert answer.headers["X-Frame-Options"] == "DENY"
        else:
            assert answer.headers["X-Frame-Options"] == FRAMED[route.name]
        swept += 1
    assert not kept, "\n".join(kept)
    assert swept > 60
