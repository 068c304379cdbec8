"""Real films in a real browser: each is played, or refused with the reason that fits; a long one plays while it is
still on its way."""

import json
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import BrowserPage, browser, chromium, page_as  # noqa: F401
from tests.processes import wait_for
from tests.servers.line import line_to
from tests.videos.films import each, looped
from tests.videos.records import record_of
from tests.videos.test_browser_deposit import CHUNK_BYTES, card, choose
from tests.videos.test_browser_first_light import address, film_file, player_plays  # noqa: F401
from tests.videos.test_pipeline import REFUSED
from tests.videos.worker import worker  # noqa: F401
from videos.models import Film, FilmState, Upload

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]

TRICKLE_BYTES_A_SECOND = 40_000  # what is left of the film then takes minutes
WITHIN_S = 240
PLAYED = """() => {
  const video = document.querySelector("video");
  const { totalVideoFrames } = video.getVideoPlaybackQuality();
  return { width: video.videoWidth, height: video.videoHeight, at: video.currentTime, frames: totalVideoFrames };
}"""


@each("open")
def test_real_film_plays_or_says_why_not(page_as, world, film_file):  # noqa: F811
    out = StringIO()
    arguments = ["--author", world.amina.email, "--wait", "--json", "--", str(film_file)]
    if reason := REFUSED.get(film_file.name):
        with pytest.raises(SystemExit):
            call_command("deposit", *arguments, stdout=out)
        assert reason in json.loads(out.getvalue())["refusal"]
        page = page_as(world.amina, width=390)
        page.goto(address(Film.objects.get()))
        expect(page.get_by_text(reason).first).to_be_visible()
        assert page.locator("video").count() == 0
        return
    call_command("deposit", *arguments, stdout=out)
    film = Film.objects.get(state=FilmState.READY)
    page = page_as(world.amina, width=390)
    page.goto(address(film))
    page.get_by_role("button", name="Lire", exact=True).click()
    shown_s = min(0.5, 0.6 * film.duration_s)
    page.until(f"document.querySelector('video').currentTime > {shown_s}", within_s=60)
    played = page.evaluate(PLAYED)
    assert played["frames"] > 0, "pictures were really shown"
    assert (played["width"] > played["height"]) is (film.width > film.height), "and upright"
    assert min(played["width"], played["height"]) > 0
    assert page.get_by_text("ne se lit pas").count() == 0
    page.check()


@pytest.mark.parametrize("options", [(), ("-movflags", "+faststart")], ids=["index at its end", "index first"])
def test_film_plays_while_it_is_on_its_way(page_as, world, live_server, worker, film_file, tmp_path, options):  # noqa: F811
    """The last bytes wait until it has been watched: it cannot have been whole."""
    record_of(world.amina, world.here.group)
    long_film = looped(film_file, tmp_path / "séance.mp4", least_bytes=int(1.5 * CHUNK_BYTES), options=options)
    with line_to(urlsplit(live_server.url).port) as line:
        sending = page_as(world.amina, width=390)
        sending.base_url = f"http://localhost:{line.port}"
        sending.goto(reverse("videos:film_deposit"))
        line.bytes_a_second = 4_000_000
        choose(sending, long_film)
        sent = card(sending, long_film.name)
        sent.get_by_label("Titre").fill("En route")
        sent.get_by_role("button", name="Déposer le film").click()
        sending.until("document.querySelector('[name=title]').disabled")  # written down
        wait_for(Upload.objects.filter(offset_bytes__gt=0).exists, WITHIN_S, "the first chunk is there")
        line.bytes_a_second = TRICKLE_BYTES_A_SECOND

        watching = BrowserPage(sending.context.new_page(), live_server.url)
        watching.goto(address(Film.objects.get()))
        watching.locator("lecteur-video[data-state=idle]").wait_for(timeout=WITHIN_S * 1000)
        watching.get_by_role("button", name="Lire", exact=True).click()
        player_plays(watching)
        watching.evaluate("document.querySelector('lecteur-video').isTheFirst = true")
        upload = Upload.objects.get()
        assert upload.offset_bytes < upload.size_bytes
        assert Film.objects.get().state == FilmState.UPLOADING
        assert not Film.objects.visible_to(world.bruno).exists(), "others wait until it has arrived"
        watching.check()

        line.bytes_a_second = 0
        sending.wait_for_url(f"**{address(Film.objects.get())}", timeout=60_000)
    wait_for(lambda: Film.objects.get().state == FilmState.READY, WITHIN_S, "the film is ready")
    watching.until("document.querySelector('video').duration > 60")  # the same page, which was never loaded again
    watching.until("!document.querySelector('#preparation').hasAttribute('data-hx-get')")
    players = "[...document.querySelectorAll('lecteur-video')].map((player) => player.isTheFirst)"
    assert watching.evaluate(players) == [True]
    watching.check()
