"""A real uvicorn around our application, in this process: it sees the settings and the database of the test."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from django.conf import settings
from django.db import connections

from circo import threads
from circo.bodies import KnownSenders


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving() -> Iterator[int]:
    """Serve the application, and give its port."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        pages = threads.Pages()
        application = threads.apart(KnownSenders(pages))
        config = uvicorn.Config(application, log_level="warning", lifespan="off", access_log=False, ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "uvicorn did not start"
            time.sleep(0.02)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(timeout=10)
            let_go(pages)
        assert not thread.is_alive(), "uvicorn did not stop"


def let_go(pages: threads.Pages) -> None:
    """Close what each of its threads holds of the database of the test."""
    all_here = threading.Barrier(settings.WEB_THREADS)

    def close() -> None:
        all_here.wait(timeout=20)
        connections.close_all()

    for closed in [pages.threads.submit(close) for _ in range(settings.WEB_THREADS)]:
        closed.result()


def exchange(port: int, method: str, target: str, headers: dict[str, str] | None = None) -> tuple[int, dict, bytes]:
    """Send a request whose target goes out as it is written: no client of Python's tidies its dots away."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        received = b"".join(iter(lambda: line.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    status, *told = head.decode("latin-1").split("\r\n")
    answered = {name.lower(): value for name, _, value in (line.partition(": ") for line in told)}
    if answered.get("transfer-encoding") == "chunked":
        body = unchunked(body)
    return int(status.split()[1]), answered, body


def unchunked(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        whole, body = whole + body[:length], body[length + 2 :]
    return whole
