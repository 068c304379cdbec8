"""How fast a film arrives: our tus server, the reference one, a bare PUT into nginx. Run by `make bench-uploads`.

The same client sends the same file to each in turn, so that what slows one slows all. Ours keeps each chunk on the disk
(fsync) before it answers; the other two do not.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.servers.process import web
from tests.servers.web import free_port
from tests.videos.sending import CHUNK_TYPE, TUS, Sender

pytestmark = [pytest.mark.bench, pytest.mark.django_db(transaction=True)]

FILE_BYTES = 64 * 1024**2
CHUNK_BYTES = 8 * 1024**2
ROUNDS = 7
WARM_UPS = 1
NGINX = """daemon off; worker_processes 1; pid {folder}/pid; error_log stderr crit; user root;
events {{ worker_connections 64; }}
http {{
  access_log off; client_max_body_size 0; client_body_temp_path {folder}/temp;
  proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; location / {{ root {folder}/films; dav_methods PUT; create_full_put_path on; }} }}
}}
"""

Send = Callable[[bytes, int], None]


@contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, cwd=settings.BASE_DIR)
    try:
        give_up_at = time.monotonic() + 30
        while not _listens(port):
            assert process.poll() is None, command
            assert time.monotonic() < give_up_at, command
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def cpu_s(pid: int) -> float:
    """The seconds that a process and its children of today have spent."""
    found = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if pid in (int(stat.parent.name), int(words[1])):
            found += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return found


def tus_sender(port: int, create: str, headers: dict[str, str]) -> Send:
    """One connection, chunks of 8 MiB, no checksum: what tus-js-client does."""

    def send(content: bytes, number: int) -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        begin = {"Upload-Length": str(len(content)), "Content-Length": "0"}
        begin["Upload-Metadata"] = f"filename {number:04d}"  # another film each time
        address = _ask(line, "POST", create, None, headers | TUS | begin, 201)
        for start in range(0, len(content), CHUNK_BYTES):
            chunk = content[start : start + CHUNK_BYTES]
            told = {"Upload-Offset": str(start), "Content-Type": CHUNK_TYPE}
            _ask(line, "PATCH", address, chunk, headers | TUS | told, 204)
        line.close()

    return send


def put_sender(port: int) -> Send:
    def send(content: bytes, number: int) -> None:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        _ask(line, "PUT", f"/{number}", content, {}, 201)
        line.close()

    return send


def _ask(line: HTTPConnection, method: str, path: str, body: bytes | None, headers: dict, status: int) -> str:
    line.request(method, path, body=body, headers=headers)
    answer = line.getresponse()
    told = answer.read()
    assert answer.status == status, (method, path, answer.status, told[:200])
    address = answer.headers.get("Location", "")
    return address[address.index("/", 8) :] if address.startswith("http") else address


@contextmanager
def servers(world, folder: Path) -> Iterator[dict[str, tuple[int, Send]]]:
    """Each server that is there, with its process and how one sends to it."""
    found: dict[str, tuple[int, Send]] = {}
    with ExitStack() as stack:
        ours = stack.enter_context(web(FILM_QUOTA_BYTES=str(1 << 40), FILM_DISK_FLOOR_BYTES="0"))
        sender = Sender(ours.port, world.amina)
        found["ours"] = ours.process.pid, tus_sender(ours.port, "/films/envois/", sender.headers)
        if shutil.which("node") and (Path(settings.BASE_DIR) / "node_modules/@tus/server").exists():
            (folder / "node").mkdir()
            port = free_port()
            command = ["node", "tests/bench/tus_reference.mjs", str(folder / "node"), str(port)]
            found["@tus/server"] = stack.enter_context(running(command, port)), tus_sender(port, "/files", {})
        if shutil.which("nginx") and "http_dav_module" in _nginx_modules():
            port = free_port()
            (folder / "nginx/films").mkdir(parents=True)
            (folder / "nginx/conf").write_text(NGINX.format(folder=folder / "nginx", port=port))
            command = ["nginx", "-p", str(folder / "nginx"), "-c", str(folder / "nginx/conf")]
            found["nginx PUT"] = stack.enter_context(running(command, port)), put_sender(port)
        yield found


def _nginx_modules() -> str:
    return subprocess.run(["nginx", "-V"], check=True, capture_output=True, text=True).stderr


def test_upload_speed(world, tmp_path, record_property):
    """Nothing is asserted of the machine: the table says it. On SQLite alone: the bytes do not pass the database."""
    if connection.vendor != "sqlite":
        pytest.skip("measured once, on SQLite")
    content = os.urandom(FILE_BYTES)
    rates: dict[str, list[float]] = {}
    spent: dict[str, list[float]] = {}
    with servers(world, tmp_path) as found:
        for number in range(WARM_UPS + ROUNDS):
            for name, (pid, send) in found.items():
                before, began = cpu_s(pid), time.perf_counter()
                send(content, number)
                wall_s = time.perf_counter() - began
                rates.setdefault(name, []).append(FILE_BYTES / wall_s / 1e6)
                spent.setdefault(name, []).append((cpu_s(pid) - before) * 1e9 / FILE_BYTES)
            _forget(tmp_path)
    report = {
        "file_bytes": FILE_BYTES,
        "rounds": ROUNDS,
        "servers": {name: _row(rates, spent, name) for name in rates},
    }
    if out := os.environ.get("BENCH_UPLOAD_OUT"):
        Path(out).write_text(json.dumps(report))
    record_property("uploads", json.dumps(report))


def _forget(folder: Path) -> None:
    for file in (*folder.glob("node/*"), *folder.glob("nginx/films/*")):
        file.unlink()
    for upload in (Path(settings.MEDIA_ROOT) / "uploads").glob("*/source"):
        upload.unlink()


def _row(rates: dict[str, list[float]], spent: dict[str, list[float]], name: str) -> dict:
    """Medians and quartiles; ratios are those of each round to the same round of ours."""
    ours = rates["ours"][WARM_UPS:]
    ratios = [mine / other for mine, other in zip(ours, rates[name][WARM_UPS:], strict=True)]
    return {
        "mb_s": statistics.quantiles(rates[name][WARM_UPS:], n=4),
        "cpu_s_a_gb": statistics.median(spent[name][WARM_UPS:]),
        "ours_to_it": statistics.quantiles(ratios, n=4),
    }
