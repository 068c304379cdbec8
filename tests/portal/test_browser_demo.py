"""The main story in Chromium against what `make demo` starts: its own web server, workers, Valkey and accounts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from circo.portal.demo.accounts import DOMAIN, PASSWORD
from tests.browser import BrowserPage, browser, chromium  # noqa: F401
from tests.portal.test_serving import Platform
from tests.processes import wait_for
from tests.servers.line import Line, line_to
from tests.videos.films import real_films
from tests.videos.test_browser_deposit import card, choose
from tests.videos.test_browser_first_light import player_plays

pytestmark = [
    pytest.mark.browser,
    pytest.mark.media,
    pytest.mark.skipif(not real_films("open"), reason="no films in shared/media/open"),
]

STARTED_WITHIN_S = 240
UPLOAD_BYTES_A_SECOND = 250_000
PREPARED_WITHIN_MS = 180_000
LIVE_WITHIN_MS = 5000
GONE_WITHIN_MS = 5000
TITLE = "La consigne en deux temps"
FILMS = {"phone_android_1080p_vfr.mp4": "Les mains", "talking_face_640x480.mp4": TITLE}


@pytest.fixture
def platform(tmp_path) -> Iterator[Platform]:
    made = Platform(tmp_path, size="district")
    wait_for(made.answers, STARTED_WITHIN_S, "the platform answers")
    yield made
    made.end()


@pytest.fixture
def page_of(chromium, platform):  # noqa: F811
    """A page in which somebody of the demonstration has signed in; the port may be that of a slower line."""
    opened = []

    def build(name: str, *, width: int = 1280, port: int = 0) -> BrowserPage:
        context = chromium.new_context(viewport={"width": width, "height": 800}, locale="fr-FR")
        opened.append(context)
        page = BrowserPage(context.new_page(), f"http://localhost:{port or platform.port}")
        if name:
            page.goto("/")
            page.get_by_label("Adresse e-mail").fill(f"{name}@{DOMAIN}")
            page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Se connecter").click()
            page.wait_for_url(f"{page.base_url}/")
        return page

    yield build
    for context in opened:
        context.close()


def test_film_of_the_demonstration_from_a_phone_until_a_family_takes_it_back(page_of, platform):
    with line_to(platform.port, UPLOAD_BYTES_A_SECOND) as line:
        address = deposit_over_a_bad_line(page_of("amina", width=390, port=line.port), line)
    amina, bruno = page_of("amina", width=390), page_of("bruno")
    for page in (amina, bruno):
        page.goto(address)
        page.locator("lecteur-video[data-state=idle]").wait_for(timeout=PREPARED_WITHIN_MS)
    discuss(amina, bruno)
    for stranger in ("chloe", "denis", ""):
        assert page_of(stranger).context.request.get(f"{amina.base_url}{address}", max_redirects=0).status == (
            404 if stranger else 302
        )

    bruno.locator("lecteur-video").evaluate("player => { player.seek(0); player.play() }")
    player_plays(bruno)
    for page in (amina, bruno):
        page.check()
    withdraw(page_of("amina", width=390), page_of("", width=390))
    bruno.get_by_text("Ce film n’est plus visible pour vous").first.wait_for(timeout=GONE_WITHIN_MS)
    assert bruno.locator(".moment, #reperes .repere, #reperes .bande").count() == 0
    assert bruno.context.request.get(f"{bruno.base_url}{address}").status == 404


def deposit_over_a_bad_line(page: BrowserPage, line: Line) -> str:
    """Return the address of the first film."""
    page.goto("/films/deposer/")
    choose(page, *(file for file in real_films("open") if file.name in FILMS))
    for name, title in FILMS.items():
        film = card(page, name)
        film.get_by_label("Titre").fill(title)
        film.get_by_label("Projet de captation").select_option(index=1)
        film.get_by_role("button", name="Déposer le film").click()
        film.get_by_text("C’est noté").wait_for()
    page.until("document.querySelector('[data-part=bar]').value >= 30")
    line.cut()
    page.context.set_offline(True)
    page.get_by_text("Réseau coupé. L’envoi reprendra tout seul.").first.wait_for()
    line.mend()
    page.context.set_offline(False)
    page.get_by_text("Vos 2 films sont déposés.").wait_for(timeout=60_000)
    page.goto("/films/?vue=miens")
    return page.get_by_role("link", name=TITLE).first.get_attribute("href")


def discuss(amina: BrowserPage, bruno: BrowserPage) -> None:
    amina.get_by_text("Regardent aussi ce film : Bruno Delacourt.").wait_for(timeout=LIVE_WITHIN_MS)
    bruno.locator("lecteur-video").evaluate("player => player.play()")
    player_plays(bruno)
    bruno.locator("lecteur-video").evaluate("player => { player.video.pause(); player.seek(3.2) }")
    bruno.get_by_label("Commenter à 0:03").fill("Un silence, puis une question.")
    bruno.get_by_role("button", name="Publier le commentaire").click()
    said = amina.locator(".moment", has_text="Un silence, puis une question.")
    said.wait_for(timeout=LIVE_WITHIN_MS)
    bruno.get_by_label("Moment du film").fill("0:01")
    bruno.get_by_label("Fin du passage").fill("0:04")
    bruno.get_by_label("Commenter à 0:01").fill("Toute la consigne")
    bruno.get_by_role("button", name="Publier le commentaire").click()
    amina.locator(".moment", has_text="Toute la consigne").wait_for(timeout=LIVE_WITHIN_MS)
    said.get_by_role("link", name="Répondre").click()
    amina.get_by_label("Votre réponse").fill("Je l’ai dite deux fois.")
    amina.get_by_role("button", name="Publier la réponse").click()
    bruno.locator(".reply", has_text="Je l’ai dite deux fois.").wait_for(timeout=LIVE_WITHIN_MS)


def withdraw(amina: BrowserPage, family: BrowserPage) -> None:
    """By the link of the paper of a pupil of the film's project, without an account."""
    amina.goto("/films/captations/")
    amina.get_by_role("link", name="Projet de démonstration").click()
    amina.get_by_role("link", name="A. B.").click()
    family.goto(amina.get_by_text("/films/retrait/").inner_text())
    family.get_by_role("button", name="Retirer l’accord").click()
    family.get_by_role("heading", name="C’est noté").wait_for()
    family.check()
