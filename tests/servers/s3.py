"""A real S3 server on loopback (SeaweedFS), and a line to it that fails as lines and servers do."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from circo import bucket
from tests.processes import ends_with_us
from videos import bucket_setup

KEYS = {"accessKey": "platform", "secretKey": "a-secret-only-for-tests"}
BUCKET = "films"
WEED = Path(sys.executable).parent / "weed"


@contextmanager
def s3_server(folder: Path) -> Iterator[int]:
    """Serve S3 from a folder, and give its port."""
    config = folder / "s3.json"
    config.write_text(json.dumps({"identities": [{"name": "p", "credentials": [KEYS], "actions": ["Admin"]}]}))
    names = ("master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc")
    names = (*names, "s3.port", "s3.port.grpc")
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    options = ["-dir", str(folder), "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3", "-filer", f"-s3.config={config}"]
    options += [
        "-master.volumeSizeLimitMB=64",
        "-volume.max=30",
        "-s3.iam=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    ]
    options += [f"-{name}={port}" for name, port in ports.items()]
    log = (folder / "log.txt").open("wb")
    command = ends_with_us([str(WEED), "-logtostderr=true", "server", *options])
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_for_http(ports["s3.port"], process, folder / "log.txt")
        yield ports["s3.port"]
    finally:
        process.kill()  # asked to stop, it takes half a minute
        process.wait()
        log.close()


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(number)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def wait_for_http(port: int, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-2000:]
        with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=2)) as line:
            line.request("GET", "/")
            if line.getresponse().status in (200, 403):
                return
        time.sleep(0.1)
    raise AssertionError(f"the S3 server does not answer: {log.read_text()[-2000:]}")


@dataclass
class Fault:
    """What goes wrong with the requests that `hits` chooses, `times` times: "500", "cut", "lost", "slow", "altered"."""

    kind: str
    hits: Callable[[str, str], bool] = lambda method, path: True
    times: int = 1


@dataclass
class Line:
    """A line to the server, and the faults that wait on it; `seen` says what passed, and what went wrong with it."""

    port: int
    faults: list[Fault] = field(default_factory=list)
    seen: list[tuple[str, str, str]] = field(default_factory=list)

    def fault_of(self, method: str, path: str) -> str:
        for fault in self.faults:
            if fault.times and fault.hits(method, path):
                fault.times -= 1
                return fault.kind
        return ""


@contextmanager
def failing_line(target: int) -> Iterator[Line]:
    """Pass requests on to the server at `target`, its address kept: the signatures are of the host that was asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    server.daemon_threads = True
    server.target, server.line = target, Line(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.line
    finally:
        server.shutdown()
        server.server_close()


class Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args) -> None:
        pass

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.line.fault_of(self.command, self.path)
        self.server.line.seen.append((self.command, self.path, fault))
        if fault == "500":
            self._answer(500, {"Content-Type": "application/xml"}, b"<Error><Code>InternalError</Code></Error>")
            return
        if fault == "slow":
            time.sleep(0.5)
        if fault == "altered" and body:
            body = bytes([body[0] ^ 1]) + body[1:]
        status, headers, answer = self._ask(body)
        if fault == "lost":  # done, and nobody hears of it
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if fault == "altered" and self.command == "GET" and answer:
            answer = answer[:-1] + bytes([answer[-1] ^ 1])
        self._answer(status, headers, answer, cut=fault == "cut")

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _pass

    def _ask(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        line = HTTPConnection("127.0.0.1", self.server.target, timeout=30)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
        line.request(self.command, self.path, body=body, headers=headers)
        answer = line.getresponse()
        content = answer.read()
        line.close()
        return answer.status, dict(answer.getheaders()), content

    def _answer(self, status: int, headers: dict[str, str], body: bytes, *, cut: bool = False) -> None:
        self.send_response(status)
        length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(body))
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="session")
def s3_port(tmp_path_factory) -> Iterator[int]:
    with s3_server(tmp_path_factory.mktemp("s3")) as port:
        yield port


def settings_of(port: int, name: str) -> dict[str, str]:
    address = f"http://127.0.0.1:{port}"
    keys = {"access_key": KEYS["accessKey"], "secret_key": KEYS["secretKey"], "region": "eu-west-3"}
    return {"bucket": name, "endpoint": address, "public_endpoint": address, **keys}


@pytest.fixture
def in_bucket(settings, s3_port) -> Iterator[str]:
    """Films lie in an empty bucket, made ready as in production; its name."""
    name = BUCKET  # one for all tests: each new one takes volumes of the server
    settings.S3 = settings_of(s3_port, name)
    settings.MEDIA_DELIVERY = "s3"
    options = {"bucket_name": name, "endpoint_url": settings.S3["endpoint"], "region_name": settings.S3["region"]}
    options |= {"access_key": KEYS["accessKey"], "secret_key": KEYS["secretKey"]}
    options |= {"signature_version": "s3v4", "addressing_style": "path", "file_overwrite": False}
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    }
    list(bucket_setup.prepare())
    yield name
    bucket.abort_all("")
    bucket.delete(bucket.keys(""))
    forget_clients()


@pytest.fixture
def line(in_bucket, settings, s3_port, monkeypatch) -> Iterator[Line]:
    """The line between the platform and its bucket, on which faults may be put."""
    monkeypatch.setattr(bucket.time, "sleep", lambda seconds: None)
    with failing_line(s3_port) as made:
        settings.S3 = settings.S3 | {"endpoint": f"http://127.0.0.1:{made.port}"}
        yield made
        forget_clients()
    settings.S3 = settings.S3 | {"endpoint": settings.S3["public_endpoint"]}


def forget_clients() -> None:
    """Close the lines that are kept open, so that none outlives its test."""
    for public in (False, True):
        bucket.client(public=public).close()
    bucket._client.cache_clear()
