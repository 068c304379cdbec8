"""A real uvicorn in a process of its own, over the database and the files of the test: one that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from tests.processes import ends_with_us
from tests.servers.web import exchange, free_port
from tests.videos.worker import database_url

STARTS_WITHIN_S = 60


class WebProcess:
    """`before` runs ahead of uvicorn, in namespaces of its own: it may mount what this test alone should meet."""

    def __init__(self, *, before: str = "", **environment: str) -> None:
        self.port = free_port()
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "circo.settings",
            "DATA_DIR": str(Path(settings.MEDIA_ROOT).parent),
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": database_url(),
            "REDIS_URL": "redis://127.0.0.1:1",  # nobody rings
            "DEMO": "1",  # the files of the pages where they lie
            "SITE_URL": "http://localhost",
            "LOG_LEVEL": "CRITICAL",
            **environment,
        }
        uvicorn = [sys.executable, "-m", "uvicorn", "circo.asgi:application", "--port", str(self.port)]
        uvicorn += ["--log-level", "critical", "--lifespan", "off", "--no-access-log"]
        alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", f'{before}; exec "$@"', "sh"]
        self.command = [*alone, *uvicorn] if before else uvicorn
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(ends_with_us(self.command), env=self.environment, cwd=settings.BASE_DIR)
        give_up_at = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            assert self.process.poll() is None, "uvicorn did not start"
            assert time.monotonic() < give_up_at, "uvicorn does not answer"
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return exchange(self.port, "GET", "/nowhere/")[0] == 404
        except (OSError, IndexError):
            return False

    def kill(self) -> None:
        """No farewell: what it was writing stays as it is."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def seen(self, path: Path) -> Path:
        """A path as this process sees it, behind what it has mounted."""
        return Path(f"/proc/{self.process.pid}/root{path}")


@contextmanager
def web(**options: str) -> Iterator[WebProcess]:
    server = WebProcess(**options)
    server.start()
    try:
        yield server
    finally:
        server.kill()
