"""The package in a real SCORM 1.2 runtime (scorm-again), in Chromium: done on one device, resumed on another."""

import io
import re
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser import BrowserPage, browser, chromium  # noqa: F401
from tests.trainings.packages.paths import PATH
from trainings.packages import scorm
from trainings.quizzes.rules import folded

pytestmark = [pytest.mark.browser]

RUNTIME = Path(__file__).parents[2] / "vendor/scorm12/scorm12.min.js"
# What a learning platform is to a package: a frame around it, with the API and what it remembers of the learner.
PLATFORM = """<!doctype html><html lang="fr"><title>Plateforme</title><script src="/scorm12.min.js"></script>
<script>
  window.API = new Scorm12API({autocommit: false, logLevel: 5});
  const kept = JSON.parse(decodeURIComponent(location.hash.slice(1) || "null"));
  if (kept) window.API.loadFromJSON(kept);
</script><iframe id="sco" title="Module" src="/paquet/module-01.html" style="width:100%;height:95vh"></iframe></html>"""
KINDS = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".png": "image/png"}


@pytest.fixture(scope="module")
def platform():
    """A server of the package and of its runtime; yields its address."""
    out = io.BytesIO()
    scorm.write(PATH, out)
    package = zipfile.ZipFile(out)
    files = {f"/paquet/{name}": package.read(name) for name in package.namelist()}
    files |= {"/": PLATFORM.encode(), "/scorm12.min.js": RUNTIME.read_bytes(), "/favicon.ico": b""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = files.get(self.path.split("?")[0].split("#")[0])
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", KINDS.get(Path(self.path).suffix, "text/html; charset=utf-8"))
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *args):
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(chromium, platform):  # noqa: F811
    contexts = []

    def open_page(path="/", width=1280):
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, locale="fr-FR", reduced_motion="reduce"
        )
        contexts.append(context)
        found = BrowserPage(context.new_page(), platform)
        found.goto(path)
        return found

    yield open_page
    for context in contexts:
        context.close()


def state(page, name):
    return page.evaluate(f"window.API.renderCMIToJSONObject().cmi.{name}")


def test_a_module_is_done_on_one_device_and_resumed_on_another(page):
    first = page(width=390)
    sco = first.frame_locator("#sco")
    sco.get_by_role("heading", name="Pourquoi").wait_for()
    assert state(first, "core.lesson_status") == "incomplete"

    sco.get_by_role("button", name="J’ai terminé cette étape").click()
    sco.get_by_role("heading", name="Regarder").wait_for()
    sco.get_by_role("button", name="J’ai terminé cette étape").click()
    sco.get_by_role("heading", name="Vérifier").wait_for()
    sco.get_by_label("l’anglais").check()  # wrong
    sco.get_by_label("rouge").check()
    sco.get_by_label("jaune").check()
    for rank, item in enumerate(["labourer", "semer", "récolter"], 1):
        sco.get_by_label(item).select_option(str(rank))
    sco.get_by_label("Votre réponse").fill("  le PRINTEMPS. ")
    sco.get_by_role("button", name="Vérifier mes réponses").click()
    sco.get_by_text("3 justes sur 4. Cette étape est faite.").wait_for()
    sco.get_by_text("Relisez.").wait_for()
    sco.get_by_text("La bulle le disait.").wait_for()
    assert state(first, "core.lesson_status") == "passed"
    assert [state(first, f"core.score.{one}") for one in ("raw", "min", "max")] == ["75", "0", "100"]
    assert state(first, "core.exit") == ""
    first.check()

    kept = first.evaluate("JSON.stringify(window.API.renderCMIToJSONObject().cmi)")
    second = page(f"/#{kept}")
    sco = second.frame_locator("#sco")
    sco.get_by_role("heading", name="Vérifier").wait_for()
    assert sco.get_by_text("fait, 75 %").count() == 1
    assert state(second, "core.lesson_status") == "passed"
    second.check()


def test_what_is_half_done_is_suspended_and_taken_up_where_it_was(page):
    first = page()
    sco = first.frame_locator("#sco")
    sco.get_by_role("button", name="J’ai terminé cette étape").click()
    sco.get_by_role("button", name="Étape suivante").click()
    sco.get_by_role("heading", name="Vérifier").wait_for()
    sco.get_by_role("button", name="Vérifier mes réponses").click()
    sco.get_by_text("0 juste sur 4. Il en faut 75 %").wait_for()
    assert state(first, "core.lesson_status") == "incomplete"
    assert state(first, "core.exit") == "suspend"
    assert state(first, "core.score.raw") == "0"
    first.wait_for_timeout(1100)
    sco.get_by_role("button", name="Vérifier mes réponses").click()
    assert re.fullmatch(r"00:00:(0[1-9]|[1-5]\d)", state(first, "core.session_time"))
    kept = first.evaluate("JSON.stringify(window.API.renderCMIToJSONObject().cmi)")

    first.evaluate("document.getElementById('sco').src = 'about:blank'")
    first.until("window.API.isTerminated()")

    second = page(f"/#{kept}")
    sco = second.frame_locator("#sco")
    sco.get_by_role("heading", name="Vérifier").wait_for()
    sco.get_by_role("link", name="Regarder").click()
    sco.get_by_role("button", name="J’ai terminé cette étape").click()
    assert state(second, "suspend_data") == '{"d":"110","b":{"2":0}}'


def test_the_page_compares_short_answers_as_we_do(page):
    alone = page("/paquet/module-01.html")
    for text in (
        "L’Été  !",
        " le\u00a0PRINTEMPS. ",
        "Cœur",
        "Straße",
        "ÇA VA ? ",
        "n\u0303",
        "a . !",
        "ﬁn",
        "5 %",
        "—",
        "Ἀθῆναι",
    ):
        assert alone.evaluate("(text) => folded(text)", text) == folded(text)


def test_a_state_that_is_not_ours_does_no_harm(page):
    for kept in (
        '{"suspend_data":"<b>"}',
        '{"suspend_data":"{\\"d\\":7,\\"b\\":[9,\\"x\\",1e9]}","core":{"lesson_location":"99"}}',
    ):
        found = page(f"/#{kept}")
        found.frame_locator("#sco").get_by_role("heading", name="Pourquoi").wait_for()
        found.check()


def test_the_page_stands_alone_and_anybody_can_read_it(page):
    for width in (390, 1280):
        alone = page("/paquet/module-01.html", width)
        alone.get_by_text("votre avancement n’est pas noté").wait_for()
        for step in ("Pourquoi", "Regarder", "Vérifier"):
            alone.get_by_role("link", name=step).click()
            assert alone.evaluate("document.activeElement.textContent") == step
            assert alone.axe() == []
            assert not alone.scrolls_sideways()
        alone.check()
