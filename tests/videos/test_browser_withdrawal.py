"""A film is withdrawn: wherever it stands still on a screen, its picture goes within five seconds."""

import time

import pytest
from django.urls import reverse

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.live import running_server, valkey  # noqa: F401
from tests.videos.blurring import blurring_of
from tests.videos.excerpts import excerpt_of
from tests.videos.films import film_of
from tests.videos.grids import grid_of, round_of
from tests.videos.test_browser_first_light import film, film_file  # noqa: F401
from videos import actions
from videos.models import CaptionTrack, Language

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]

WITHIN_S = 5
SHOWN = "[...document.querySelectorAll('lecteur-video')].map((player) => player.video.videoWidth > 0)"


@pytest.fixture(params=["with a socket", "without a socket"])
def live_server(request, transactional_db, valkey):  # noqa: F811
    """The platform, whose live channels every page may or may not reach."""
    with running_server() as served:
        served.has_sockets = request.param == "with a socket"
        yield served


def without_sockets(page) -> None:
    page.page.add_init_script("window.WebSocket = class { constructor() { throw new Error('refused'); } }")


def show(page, path: str, has_sockets: bool) -> None:
    """Open a page, have each player show a picture, and hold it there."""
    if not has_sockets:
        without_sockets(page)
    page.goto(path)
    page.until("document.querySelectorAll('lecteur-video').length > 0")
    page.evaluate("document.querySelectorAll('lecteur-video').forEach((player) => player.attach())")
    page.until(f"{SHOWN}.every(Boolean)")


def pages_of(film, person) -> dict[str, str]:  # noqa: F811
    excerpt = excerpt_of(film, film.author, in_s=1, out_s=3, shared=True)
    held = round_of(film, grid_of(film.author), person)
    here = {"film_id": film.pk}
    return {
        "film": reverse("videos:film_page", kwargs=here),
        "excerpt": reverse("videos:excerpt_page", args=[film.pk, excerpt.pk]),
        "excerpts": reverse("videos:excerpt_list", kwargs=here),
        "sides": reverse("videos:side_by_side") + f"?a=film-{film.pk}&b=extrait-{excerpt.pk}",
        "round": reverse("videos:round_page", args=[film.pk, held.pk]),
    }


def test_a_withdrawn_film_leaves_every_screen_and_the_others_stay(page_as, live_server, world, film):  # noqa: F811
    shown = {}
    for name, path in pages_of(film, world.bruno).items():
        shown[name] = page_as(world.bruno)
        show(shown[name], path, live_server.has_sockets)
    hers = page_as(world.amina)  # the canary: it stays hers
    show(hers, reverse("videos:side_by_side") + f"?a=film-{film.pk}&b=film-{film.pk}", live_server.has_sockets)
    began = time.monotonic()
    actions.withdraw_film(film=film, by=world.amina)
    took = {}
    for name, page in shown.items():
        page.until(f"!{SHOWN}.some(Boolean)", within_s=WITHIN_S + 10)
        took[name] = time.monotonic() - began
        assert page.evaluate("[...document.querySelectorAll('video')].every((video) => !video.poster && !video.src)")
        assert page.get_by_text("Ce film n’est plus visible pour vous.").first.is_visible()
    assert max(took.values()) < WITHIN_S + 1, took
    assert hers.evaluate(SHOWN) == [True, True]


def test_a_removed_film_leaves_the_other_tabs_of_its_author(page_as, live_server, world, film):  # noqa: F811
    other = film_of(world.amina, world.here.group, output=film.output, duration_s=film.duration_s)
    captions = CaptionTrack.objects.create(film=film, language=Language.FRENCH)
    blurring_of(film)
    paths = [
        reverse("videos:captions_edit", args=[film.pk, captions.pk]),
        reverse("videos:blurring", args=[film.pk]),
        reverse("videos:side_by_side") + f"?a=film-{film.pk}&b=film-{other.pk}",
    ]
    tabs = [page_as(world.amina) for _ in paths]
    for tab, path in zip(tabs, paths, strict=True):
        if not live_server.has_sockets:
            without_sockets(tab)
        tab.goto(path)
        tab.until("document.querySelector('video').poster !== ''")
    actions.remove_film(film=film, by=world.amina)
    for tab in tabs:
        tab.until("document.querySelector('video').poster === ''", within_s=WITHIN_S)
    assert tabs[-1].evaluate("document.querySelectorAll('video')[1].poster !== ''"), "the canary"
