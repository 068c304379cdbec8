"""First light, in Chromium: a film is deposited from a phone, prepared by a real worker, watched and discussed."""

import gzip
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser import browser, chromium, page_as  # noqa: F401
from tests.videos.films import folder_of, prepare
from tests.videos.published import levels
from tests.videos.records import record_of
from tests.videos.worker import worker  # noqa: F401
from videos import actions, paths, rules
from videos.models import Film, FilmState, Moment

pytestmark = [pytest.mark.browser, pytest.mark.media, pytest.mark.django_db(transaction=True)]

PREPARED_WITHIN_MS = 180_000
PAGE_MAX_BYTES = 110_000  # before play; hls.js, 117 kB, comes with the first play
DEPOSIT_MAX_BYTES = 85_000


@pytest.fixture(scope="session")
def film_file(tmp_path_factory) -> Path:
    """A real film: the shared one where it is, else one made here."""
    shared = settings.BASE_DIR.parent / "shared/media/open/talking_face_640x480.mp4"
    if shared.exists():
        return shared
    made = tmp_path_factory.mktemp("films") / "classe.mp4"
    ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error"]
    picture = ["-f", "lavfi", "-i", "testsrc=size=640x480:rate=25:duration=6"]
    sound = ["-f", "lavfi", "-i", "sine=frequency=440:duration=6"]
    subprocess.run([*ffmpeg, *picture, *sound, "-c:v", "libx264", "-pix_fmt", "yuv420p", str(made)], check=True)
    return made


@pytest.fixture
def film(world, film_file) -> Film:
    """A film of Amina's, deposited and prepared in this process."""
    with film_file.open("rb") as file:
        sent = actions.keep_file(file=file, size_bytes=film_file.stat().st_size, file_name="classe.mp4", by=world.amina)
    project = record_of(world.amina, world.here.group)
    made = actions.deposit(
        upload=sent, title="Problèmes en CE1", group=world.here.group, project=project, by=world.amina
    )
    made = prepare(made)
    assert made.state == FilmState.READY
    return made


def address(film: Film) -> str:
    return reverse("videos:film_page", args=[film.pk])


def published(film: Film) -> list[str]:
    """The address of each file that the film is made of."""
    stored = {file.name for file in folder_of(paths.output_key(film.pk, film.output)).iterdir()} - {rules.DOWNLOAD_NAME}
    names = [*sorted(stored), "master.m3u8", "audio.m3u8", *(f"{name}.m3u8" for name in levels(film))]
    return [reverse("videos:film_media", args=[film.pk, name]) for name in names]


def player_plays(page) -> None:
    """Wait until the picture really moves: time alone would pass on a black screen too."""
    page.until("(video => video.currentTime > 0.5 && video.videoWidth > 0)(document.querySelector('video'))")


def test_first_light(page_as, world, worker, film_file):  # noqa: F811
    record_of(world.amina, world.here.group)
    amina = page_as(world.amina, width=390)
    amina.goto(reverse("videos:film_deposit"))
    assert amina.axe() == []
    amina.locator("input[type=file]").set_input_files(film_file)
    amina.get_by_label("Titre").fill("Problèmes en CE1 : le schéma en barres")
    amina.get_by_text("Le fichier est arrivé.").wait_for()
    amina.get_by_label("Projet de captation (").select_option(index=1)
    amina.get_by_role("button", name="Déposer le film").click()
    amina.get_by_role("heading", name="Votre film se prépare").wait_for()
    expect(amina.get_by_role("progressbar", name="Préparation du film")).to_be_visible()
    amina.locator("lecteur-video[data-state=idle]").wait_for(timeout=PREPARED_WITHIN_MS)  # it came by itself
    amina.get_by_text("Le film est prêt.").wait_for()
    assert amina.axe() == []
    assert not amina.scrolls_sideways()
    amina.check()
    film = Film.objects.get()
    assert film.state == FilmState.READY
    watch_and_comment(page_as(world.bruno), film)
    for stranger in (world.chloe, world.denis):
        refused_everywhere(page_as(stranger), film)
    seen_in_the_list(page_as(world.bruno, width=390), film)


def watch_and_comment(page, film: Film) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address(film), wait_until="networkidle")
    assert not [url for url in asked if url.endswith((".m3u8", ".m4s", "init.mp4")) or "hls" in url]
    page.get_by_role("button", name="Lire", exact=True).click()
    player_plays(page)
    page.get_by_role("button", name="Mettre en pause").click()
    page.locator("lecteur-video").evaluate("player => player.seek(3.2)")
    page.get_by_label("Commenter à 0:03").fill("La consigne est reformulée par un élève.")
    page.get_by_label("point d’appui").check()
    page.get_by_role("button", name="Publier le commentaire").click()
    page.locator(".moment", has_text="reformulée par un élève").wait_for()
    moment = Moment.objects.get()
    assert (moment.at_s, moment.author.first_name) == (3.0, "Bruno")
    marker = page.locator(f"#reperes [data-moment='{moment.pk}']")
    assert float(marker.get_attribute("x").rstrip("%")) == pytest.approx(100 * 3 / film.duration_s, abs=0.1)
    page.until("document.getElementById('annonce').textContent.includes('Commentaire publié à 0:03')")
    expect(page.locator(f"#moment-{moment.pk}")).to_be_focused()
    assert page.evaluate("document.querySelector('video').videoWidth") > 0, "the player stayed as it was"
    assert page.axe() == []
    page.check()


def refused_everywhere(page, film: Film) -> None:
    """Through real HTTP, with this person's own cookie: the film does not exist."""
    files = published(film)
    assert {Path(url).suffix for url in files} == {".m3u8", ".m4s", ".mp4", ".jpg", ".json"}
    for url in [address(film), reverse("videos:film_state", args=[film.pk]), *files]:
        assert page.context.request.get(f"{page.base_url}{url}").status == 404, url


def seen_in_the_list(page, film: Film) -> None:
    for url in published(film):  # the canary of the refusals: these very addresses do answer a member
        assert page.context.request.get(f"{page.base_url}{url}").status == 200, url
    page.goto(reverse("videos:film_list"))
    card = page.get_by_role("article").filter(has_text=film.title)
    expect(card.get_by_text("1 commentaire")).to_be_visible()
    page.until("document.querySelector('.film img').naturalWidth > 0")
    assert page.axe() == []
    page.check()


def weight(page, url: str) -> int:
    """The bytes of a first visit, as a front server that compresses sends them."""
    bodies: dict[str, bytes] = {}
    page.on("requestfinished", lambda asked: bodies.setdefault(asked.url, asked.response().body()))
    page.goto(url, wait_until="networkidle")
    bodies = {url: body for url, body in bodies.items() if not url.startswith("data:")}
    assert len(bodies) > 8
    packed = (".woff2", ".jpg", ".png")
    return sum(len(body) if url.endswith(packed) else len(gzip.compress(body)) for url, body in bodies.items())


def test_pages_are_light(page_as, world, film):  # noqa: F811
    assert weight(page_as(world.bruno, width=390), address(film)) <= PAGE_MAX_BYTES
    assert weight(page_as(world.bruno, width=390), reverse("videos:film_deposit")) <= DEPOSIT_MAX_BYTES


def test_a_comment_without_a_word_is_answered_in_our_words(page_as, world, film):  # noqa: F811
    page = page_as(world.bruno, width=390)
    page.goto(address(film))
    page.get_by_role("button", name="Publier le commentaire").click()  # the browser's own bubble would stop it here
    page.get_by_text("Écrivez votre commentaire.").wait_for()
    assert page.evaluate("document.activeElement.name") == "text"
    assert page.axe() == []
