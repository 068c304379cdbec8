"""What every answer says to browsers and caches about itself."""

import pytest

from tests.house.routes import make_things, routes, url_of

MEDIA = "private, no-cache"  # bytes that the browser keeps, and asks about again each time


@pytest.mark.parametrize("persona", ["amina", "inspector"])
def test_what_one_reads_under_ones_name_is_in_no_cache(world, sign_in, persona):
    """On a shared computer, the Back button shows nothing once one has left (ASVS 14.3.2)."""
    things = make_things(world, world.here, world.amina, world.secretary)
    kept, swept = [], 0
    for route in routes():
        address = url_of(route, things)
        answer = sign_in(world.people[persona]).get(address)
        said = answer.headers.get("Cache-Control", "")
        if "no-store" not in said and not (route.name == "videos:film_media" and said == MEDIA):
            kept.append(f"{route.name}: {answer.status_code} {said}")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["X-Frame-Options"] == "DENY"
        swept += 1
    assert not kept, "\n".join(kept)
    assert swept > 60
