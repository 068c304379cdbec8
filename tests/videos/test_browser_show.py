"""The whole story, in real browsers over the real server, a real worker and a line that is really cut: a teacher films
with a phone, colleagues watch and discuss the same evening, and a family takes it all back."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from playwright.sync_api import expect

from circo.models import Notice
from tests.browser import BrowserPage, browser, chromium, page_as  # noqa: F401
from tests.house.routes import routes
from tests.live import closing_code, cookie_of, live_server, opened, outcome, valkey  # noqa: F401
from tests.processes import wait_for
from tests.servers.line import Line, line_to
from tests.videos.films import looped
from tests.videos.records import record_of
from tests.videos.test_browser_deposit import card, choose
from tests.videos.test_browser_first_light import address, film_file, player_plays, published  # noqa: F401
from tests.videos.worker import worker  # noqa: F401
from videos import paths, queries
from videos.models import CaptionTrack, Film, FilmState, Recorded, Upload

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]

CHUNK_BYTES = 8 * 1024**2
UPLOAD_BYTES_A_SECOND = 4_000_000
PREPARED_WITHIN_S = 240
LIVE_WITHIN_MS = 12_000  # sooner than a page whose channel is deaf asks by itself
GONE_WITHIN_S = 5  # for whoever asks; a page is told of it when this machine has the time
TITLE = "Problèmes en CE1 : le schéma en barres"


@pytest.fixture
def line(live_server) -> Iterator[Line]:  # noqa: F811
    with line_to(urlsplit(live_server.url).port, UPLOAD_BYTES_A_SECOND) as made:
        yield made


@pytest.fixture
def long_film(film_file, tmp_path) -> Path:  # noqa: F811
    """Four chunks of a real film."""
    return looped(film_file, tmp_path / "séance.mp4", least_bytes=int(3.4 * CHUNK_BYTES))


@pytest.fixture
def picture_of(request) -> Callable:
    """Leave a picture of a page where `--screenshots` says."""
    folder = request.config.getoption("--screenshots")

    def take(page, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)

    return take


def test_film_from_a_phone_until_a_family_takes_it_back(
    page_as,  # noqa: F811
    world,
    worker,  # noqa: F811
    live_server,  # noqa: F811
    line,
    long_film,
    film_file,  # noqa: F811
    settings,
    picture_of,
):
    settings.FILM_RIGHTS_KEPT_S = 4.0  # as in production: a right may be remembered, but not for 5 s
    record_of(world.amina, world.here.group)  # the families have signed
    phone = page_as(world.amina, width=390)
    phone.base_url = f"http://localhost:{line.port}"
    amina = deposit_over_a_bad_line(phone, line, long_film, film_file, picture_of)
    film, other = Film.objects.get(title=TITLE), Film.objects.exclude(title=TITLE).get()

    amina.goto(address(film))
    amina.locator("lecteur-video[data-state=idle]").wait_for(timeout=PREPARED_WITHIN_S * 1000)
    bruno = page_as(world.bruno)
    discuss(amina, bruno, film)
    picture_of(amina, "discussion-390")
    picture_of(bruno, "discussion-1280")

    wait_for(lambda: set(states()) == {FilmState.READY}, PREPARED_WITHIN_S, "both films are ready")
    film.refresh_from_db()
    CaptionTrack.objects.create(film=film, rows=[[1000, 2500, "Bonjour"]], text="Bonjour", shown_at=timezone.now())
    read = [url for url, status in ask(amina, addresses_of(film)).items() if status == 200]
    assert {Path(url).suffix for url in read} >= {"", ".m3u8", ".m4s", ".mp4", ".jpg", ".json", ".vtt", ".csv", ".pdf"}
    pages = ("film_page", "film_state", "film_discussion", "film_download", "film_original", "captions")
    assert {reverse(f"videos:{name}", args=[film.pk]) for name in pages} <= set(read)
    for stranger in (world.chloe, world.denis):
        assert set(ask(page_as(stranger), read).values()) == {404}
        assert outcome(live_server, channel_of(film), cookie_of(stranger)) == "4404"

    seen = [url for url, status in ask(bruno, read).items() if status == 200] + [address(other)]
    assert len(seen) > 100
    assert outcome(live_server, channel_of(film), cookie_of(world.bruno)) == "open"
    play(bruno)
    with opened(live_server, channel_of(film), cookie_of(world.bruno)) as held:
        withdrawn_at = withdraw(page_as(None, width=390))
        for gone in ("Cette discussion", "Ce film"):
            bruno.get_by_text(f"{gone} n’est plus visible pour vous").first.wait_for(timeout=LIVE_WITHIN_MS)
        assert closing_code(held, LIVE_WITHIN_MS / 1000) == 4404
    expect(bruno.locator(".moment, #reperes .repere, #reperes .bande")).to_have_count(0)
    bruno.until("document.querySelector('video').readyState === 0")  # nothing of the film is left to play
    bruno.until("document.querySelector('video').poster === ''")
    expect(bruno.get_by_role("button", name="Lire", exact=True)).to_be_visible()
    picture_of(bruno, "retire-1280")
    time.sleep(max(0, withdrawn_at + GONE_WITHIN_S - time.monotonic()))
    assert set(ask(bruno, seen).values()) == {404}
    assert outcome(live_server, channel_of(film), cookie_of(world.bruno)) == "4404"

    amina.goto(address(film))
    expect(amina.locator("lecteur-video")).to_be_visible()  # her own film is still hers
    assert Notice.objects.filter(person=world.amina, kind=queries.CONSENT_WITHDRAWN).exists()
    picture_of(amina, "retire-390")


# --- A teacher deposits two films; the network is cut half-way, then the tab is closed --------------------------------
def deposit_over_a_bad_line(page, line: Line, long_film: Path, short_film: Path, picture_of) -> BrowserPage:
    """Return the page in which it ended well."""
    chunks: list[int] = []
    page.context.on("request", lambda asked: chunks.append(int(asked.headers.get("upload-offset", "-1"))))
    page.goto(reverse("videos:film_deposit"))
    choose(page, long_film)
    film = card(page, long_film.name)
    film.get_by_label("Titre").fill(TITLE)
    film.get_by_label("Projet de captation").select_option(index=1)
    film.get_by_role("button", name="Déposer le film").click()
    film.get_by_text("C’est noté").wait_for()
    page.until("document.querySelector('[name=title]').disabled")
    page.until(sent_at_least(40))
    picture_of(page, "depot-390")
    page.check()

    line.cut()
    page.context.set_offline(True)
    film.get_by_text("Réseau coupé. L’envoi reprendra tout seul.").wait_for()
    picture_of(page, "depot-coupe-390")
    assert page.axe() == []
    assert not page.scrolls_sideways()
    arrived = arrived_bytes()
    assert 0 < arrived < long_film.stat().st_size / 2
    line.mend()
    page.context.set_offline(False)
    page.until(sent_at_least(70))
    page.page.close()
    assert arrived < arrived_bytes() < long_film.stat().st_size

    page = BrowserPage(page.context.new_page(), page.base_url)
    page.goto(reverse("videos:film_deposit"))
    film = card(page, long_film.name)
    film.get_by_text("Un envoi n’est pas terminé").wait_for()
    assert film.get_by_label("Titre").input_value() == TITLE, "what was typed is still there"
    arrived = arrived_bytes()
    chunks.clear()
    choose(page, long_film, short_film)
    second = card(page, short_film.name)
    second.get_by_label("Titre").fill("La suite")
    second.get_by_label("Projet de captation").select_option(index=1)
    second.get_by_role("button", name="Déposer le film").click()
    page.get_by_text("Vos 2 films sont déposés.").wait_for(timeout=90_000)
    assert next(offset for offset in chunks if offset >= 0) >= arrived, "nothing that had arrived was sent again"
    upload = Upload.objects.get(film__title=TITLE)
    assert digest_of(paths.source(upload.pk)) == digest_of(long_film)
    assert Upload.objects.count() == Film.objects.count() == 2
    assert page.axe() == []
    page.check()
    return page


def sent_at_least(percent: int) -> str:
    return f"document.querySelector('[data-part=bar]').value >= {percent}"


def arrived_bytes() -> int:
    """How much of the long film has arrived, at least: the server may still be writing what it has received."""
    return Upload.objects.get(film__title=TITLE).offset_bytes


def digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def states() -> list[str]:
    return list(Film.objects.order_by("pk").values_list("state", flat=True))


# --- A colleague posts a moment and a passage; the author sees them come, and answers ---------------------------------
def discuss(amina, bruno, film: Film) -> None:
    bruno.goto(address(film))
    bruno.until("document.querySelector('lecteur-video')?.dataset.state === 'idle'")
    for page in (amina, bruno):
        page.evaluate("window.wasNeverLoadedAgain = true")
    amina.get_by_text("Regardent aussi ce film : Bruno Petit.").wait_for(timeout=LIVE_WITHIN_MS)
    play(bruno)
    bruno.locator("lecteur-video").evaluate("player => { player.video.pause(); player.seek(3.2) }")
    bruno.get_by_label("Commenter à 0:03").fill("Un silence, puis une question.")
    bruno.get_by_role("button", name="Publier le commentaire").click()
    amina.locator(".moment", has_text="Un silence, puis une question.").wait_for(timeout=LIVE_WITHIN_MS)

    bruno.get_by_label("Moment du film").fill("0:01")
    bruno.get_by_label("Fin du passage").fill("0:04")
    bruno.get_by_label("Commenter à 0:01").fill("Toute la consigne")
    bruno.get_by_role("button", name="Publier le commentaire").click()
    passage = amina.locator(".moment", has_text="Toute la consigne")
    passage.wait_for(timeout=LIVE_WITHIN_MS)

    passage.get_by_role("link", name="Répondre").click()
    amina.get_by_label("Votre réponse").fill("Je l’ai dite deux fois.")
    amina.get_by_role("button", name="Publier la réponse").click()
    bruno.locator(".reply", has_text="Je l’ai dite deux fois.").wait_for(timeout=LIVE_WITHIN_MS)
    assert list(film.moments.order_by("at_s").values_list("at_s", "ends_at_s")) == [(1, 4), (3, None)]
    for page in (amina, bruno):
        assert page.evaluate("window.wasNeverLoadedAgain")
        assert page.axe() == []
        assert not page.scrolls_sideways()
        page.check()


def play(page) -> None:
    page.locator("lecteur-video").evaluate("player => { player.seek(0); player.play() }")
    player_plays(page)


# --- Everything that is of a film, asked for by somebody -------------------------------------------------------------
def addresses_of(film: Film) -> list[str]:
    """Each address of the platform that names this film, its discussion or its captions, and each of its files."""
    moment, track = {"moment_id": film.moments.get(at_s=3).pk}, {"track_id": film.caption_tracks.get().pk}
    forms = [{"form": form} for form in ("vtt", "srt", "csv", "pdf")]
    found = published(film)
    for route in routes():
        for more in ({}, moment, track, *forms, *(track | form for form in forms)):
            with suppress(NoReverseMatch):
                found.append(reverse(route.name, kwargs={"film_id": film.pk} | more))
    return found


def ask(page, urls: list[str]) -> dict[str, int]:
    """What a browser with this person's cookie is answered."""
    asked = page.context.request
    return {url: asked.get(f"{page.base_url}{url}", max_redirects=0).status for url in urls}


def channel_of(film: Film) -> str:
    return f"/ws/films/{film.pk}/"


# --- A family takes its agreement back -------------------------------------------------------------------------------
def withdraw(family) -> float:
    """By the link of the paper, without an account; return when it was pressed."""
    pupil = Recorded.objects.get(pupil=True)
    family.goto(reverse("videos:withdrawal", args=[pupil.agreements.first().key]))
    pressed_at = time.monotonic()
    family.get_by_role("button", name="Retirer l’accord").click()
    family.get_by_role("heading", name="C’est noté").wait_for()
    family.check()
    return pressed_at
