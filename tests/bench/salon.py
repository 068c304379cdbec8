"""A salon with 300 people in it: how soon a message is seen by all, beside a bare broadcast of the same bytes.

The server runs in a process of its own, with a real Valkey; the pages are WebSockets of this process. Both share the
cores of the machine, and so does the film that is being transcoded in half of the runs.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import imageio_ffmpeg
import requests
from websockets.asyncio.client import ClientConnection, connect

from tests.processes import ends_with_us
from tests.servers.web import free_port

PEOPLE = 300
WRITERS = 20
MESSAGES = 40
EVERY_S = 0.5
NUMBERS = itertools.count()


@dataclass(frozen=True)
class Run:
    """How long a message took from its sending to each page that saw it."""

    name: str
    seen_ms: Sequence[float]
    missing: int
    kb_a_connection: float = 0
    server_cpu_s: float = 0

    def share(self, percent: int) -> float:
        return statistics.quantiles(self.seen_ms, n=100)[percent - 1]


@dataclass
class Pages:
    """All open pages: when each saw each message."""

    seen: dict[str, list[float]] = field(default_factory=dict)

    async def listen(self, channel: ClientConnection) -> None:
        with contextlib.suppress(Exception):
            async for text in channel:
                now = time.perf_counter()
                for mark in re.findall(r"marque-\d+", text if isinstance(text, str) else text.decode()):
                    self.seen.setdefault(mark, []).append(now)


@contextlib.contextmanager
def transcoding() -> Iterator[None]:
    """A film that is being transcoded, as politely as a worker of ours does."""
    source = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *source, "-c:v", "libx264", "-f", "null", "-"]
    process = subprocess.Popen(ends_with_us(["nice", "-n", "10", *command]))
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def rss_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def opened(port: int, path: str, cookie: str) -> ClientConnection:
    headers = {"Cookie": f"session={cookie}"}
    address = f"ws://127.0.0.1:{port}{path}"
    return await connect(
        address,
        origin=f"http://127.0.0.1:{port}",
        additional_headers=headers,
        open_timeout=60,
        compression=None,
        ping_interval=None,
    )


async def run(name: str, port: int, pid: int, path: str, write_path: str, cookies: Sequence[str]) -> Run:
    """Open all pages, write at a steady rhythm, and wait until each message is seen by each page."""
    before = rss_kb(pid)
    pages, channels = Pages(), []
    for start in range(0, len(cookies), 50):
        channels += await asyncio.gather(*(opened(port, path, one) for one in cookies[start : start + 50]))
    listeners = [asyncio.create_task(pages.listen(one)) for one in channels]
    await _write(port, write_path, cookies[-3:], 3)  # what a process does once, it does now
    await asyncio.sleep(4)
    memory = (rss_kb(pid) - before) / len(cookies)
    began = cpu_s(pid)
    sent = await _write(port, write_path, cookies[:WRITERS], MESSAGES)
    await asyncio.sleep(3)
    used = cpu_s(pid) - began
    await asyncio.gather(*(one.close() for one in channels))
    await asyncio.gather(*listeners)
    seen = [1000 * (at - sent[mark]) for mark in sent for at in pages.seen.get(mark, [])]
    missing = len(sent) * len(cookies) - sum(len(pages.seen.get(mark, [])) for mark in sent)
    return Run(name, seen, missing, memory, used)


async def _write(port: int, path: str, cookies: Sequence[str], count: int) -> dict[str, float]:
    sent: dict[str, float] = {}

    def one(number: int) -> None:
        mark = f"marque-{next(NUMBERS):05d}"
        text = f"Un message de **taille ordinaire**, {mark}. {'Des mots. ' * 20}"
        sent[mark] = time.perf_counter()
        answer = requests.post(
            f"http://127.0.0.1:{port}{path}",
            data={"text": text, "csrfmiddlewaretoken": "a" * 32},
            cookies={"session": cookies[number % len(cookies)], "csrf": "a" * 32},
            headers={"Accept": "application/json"},
            timeout=30,
        )
        assert answer.status_code in (200, 201), (answer.status_code, answer.text[:300])

    tasks = []
    for number in range(count):
        tasks.append(asyncio.create_task(asyncio.to_thread(one, number)))
        await asyncio.sleep(EVERY_S)
    await asyncio.gather(*tasks)
    return sent


@contextlib.contextmanager
def bare_server() -> Iterator[tuple[int, int]]:
    """A bare ASGI application that sends what it is given to all who listen: the port, and the process."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "tests.bench.bare_broadcast:application", "--port", str(port)]
    command += ["--ws", "websockets-sansio", "--log-level", "error", "--lifespan", "off", "--no-access-log"]
    command += ["--ws-per-message-deflate", "false"]
    process = subprocess.Popen(ends_with_us(command))
    try:
        give_up_at = time.monotonic() + 30
        while True:
            with contextlib.suppress(requests.RequestException):
                requests.get(f"http://127.0.0.1:{port}/", timeout=2)
                break
            assert time.monotonic() < give_up_at
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def table(runs: Sequence[Run], bare: Run) -> str:
    heads = [
        "",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "ratio of p50",
        "not seen",
        "CPU of the server, ms a message",
        "kB a page",
    ]
    lines = [f"| {' | '.join(heads)} |", f"|---|{'--:|' * (len(heads) - 1)}"]
    for one in [*runs, bare]:
        shares = " | ".join(f"{one.share(percent):.0f}" for percent in (50, 95, 99))
        ratio = one.share(50) / bare.share(50)
        cpu = 1000 * one.server_cpu_s / MESSAGES
        lines.append(f"| {one.name} | {shares} | {ratio:.1f} | {one.missing} | {cpu:.0f} | {one.kb_a_connection:.0f} |")
    return "\n".join(lines)
