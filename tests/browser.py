"""Chromium over the live server: what a person really sees, and what the browser complains about.

A test module that drives a browser imports the fixtures, is marked `browser`, and uses the real database rows:

    from tests.browser import browser, page_as  # noqa: F401
    pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

    def test_home(page_as, world):
        page = page_as(world.amina, width=390)
        page.goto("/")
        page.check()                      # no CSP report, no script error, no request to another host
        assert page.axe() == []           # no accessibility fault
        assert not page.scrolls_sideways()
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
PATIENCE_S = 30  # with what is to come: the machines of CI are slow, and what never comes is a fault all the same
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
TRACED = ["toplevel", "disabled-by-default-devtools.timeline"]
AXE = Path(__file__).parent / "vendor/axe.min.js"
AXE_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  const where = (fault) => fault.nodes.map((node) => node.target).join(", ");
  return found.violations.map((fault) => `${fault.id} (${fault.impact}): ${where(fault)}`);
}"""


class BrowserPage:
    """A Playwright page that remembers what went wrong; every other name is Playwright's own."""

    def __init__(self, page, base_url: str):
        self.page = page
        self.base_url = base_url
        self.console_errors: list[str] = []  # scripts, missing files, and the reports of the Content-Security-Policy
        self.foreign_requests: list[str] = []  # anything asked of another host
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.console_errors.append(f"script: {error}"))
        page.on("request", self._on_request)

    def __getattr__(self, name: str):
        return getattr(self.page, name)

    def goto(self, path: str, **options):
        """Open a path of the live server (or a whole address)."""
        address = path if "://" in path else f"{self.base_url}{path}"
        return self.page.goto(address, **options)

    def get_by_text(self, text, **options):
        """What shows this text; not the line that is read aloud, which says it again some instants later."""
        return self.page.get_by_text(text, **options).and_(self.page.locator(":not(#annonce)"))

    def _on_console(self, message) -> None:
        # Django's test server speaks no WebSocket: pages do without, as they do wherever a proxy refuses it.
        deaf = message.text.startswith(f"WebSocket connection to '{self.base_url.replace('http', 'ws', 1)}/ws/")
        if message.type == "error" and not deaf:
            self.console_errors.append(f"{message.text} [{message.location.get('url', '')}]")

    def _on_request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != urlsplit(self.base_url).netloc:
            self.foreign_requests.append(request.url)

    def check(self) -> None:
        """Fail if the browser complained, or asked anything of another host."""
        assert self.console_errors == []
        assert self.foreign_requests == []

    def until(self, what: str | Callable[[], object], within_s: float = PATIENCE_S) -> None:
        """Wait until a JavaScript expression, or what a function reads, is true.

        Playwright's own wait needs an eval that our pages forbid.
        """
        is_true = what if callable(what) else functools.partial(self.page.evaluate, what)
        give_up_at = time.monotonic() + within_s
        while not is_true():
            assert time.monotonic() < give_up_at, f"never true: {what}"
            self.page.wait_for_timeout(100)

    @contextmanager
    def tasks_ms(self) -> Iterator[list[float]]:
        """The processor time that each task takes on the page's thread; what else this machine does is not in it."""
        tasks: list[float] = []
        browser = self.page.context.browser
        browser.start_tracing(page=self.page, categories=TRACED)
        yield tasks
        events = json.loads(browser.stop_tracing())["traceEvents"]
        threads = {(one["pid"], one["tid"]): one["args"].get("name") for one in events if one["name"] == "thread_name"}
        for one in events:
            if one["name"] == "RunTask" and threads.get((one["pid"], one["tid"])) == "CrRendererMain" and "tdur" in one:
                tasks.append(one["tdur"] / 1000)

    def axe(self) -> list[str]:
        """The accessibility faults of the page as it stands, one line each."""
        # evaluate() goes through the debugging protocol: the page's own policy stays strict.
        self.page.evaluate(AXE.read_text())
        return self.page.evaluate(AXE_RUN)

    def scrolls_sideways(self) -> bool:
        return self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for the session. Without it: a failure in CI, a plainly said skip elsewhere."""
    if not CHROMIUM.exists():
        reason = f"no Chromium at {CHROMIUM}: the tests in a browser did not run (apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return _launched()


@functools.cache
def _launched():
    """Launch it once for the process: each module that imports the fixture has a fixture of its own."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 (its loop starts with the first browser test)

    expect.set_options(timeout=1000 * PATIENCE_S)
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGS)


@pytest.fixture
def browser(chromium):
    """The session's Chromium, under a name that a test may shadow."""
    return chromium


@pytest.fixture
def page_as(chromium, live_server) -> Iterator:
    """Return `page_as(person, width=1280, dark=False, javascript=True)`: a page signed in as that person, or as a
    visitor if `person` is None. Each call is a browser of its own, with its own cookies."""
    contexts = []

    def open_page(person=None, width: int = 1280, *, dark: bool = False, javascript: bool = True) -> BrowserPage:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 700 else 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
            locale="fr-FR",
            timezone_id=settings.TIME_ZONE,
            service_workers="block",
        )
        contexts.append(context)
        if person is not None:
            client = Client()
            client.force_login(person)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(1000 * PATIENCE_S)
        return BrowserPage(page, live_server.url)

    yield open_page
    for context in contexts:
        context.close()
