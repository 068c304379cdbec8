"""Segments of a film for 300 viewers at once: through Django, through nginx after Django's yes, and by a bare nginx.

What is compared is the CPU that the servers take for one segment: with the client on the same cores, requests a second
say more about the machine than about the platform.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.servers.nginx import nginx_server
from tests.servers.web import free_port

VIEWERS = 300
SEGMENT_BYTES = 800 * 1024  # four seconds at 1.6 Mb/s
ASKED_IN_FULL = 100
TICK_S = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Way:
    """What one way of sending costs. `cpu_ms` is of all servers, for one segment; `late_ms` the slowest in twenty."""

    name: str
    asked: int
    a_second: float
    cpu_ms: float
    middle_ms: float
    late_ms: float


@contextmanager
def platform(folder: Path, delivery: str) -> Iterator[tuple[int, subprocess.Popen]]:
    """The platform as in production, in a process of its own, on the database of the test."""
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{settings.DATABASES['default']['NAME']}",
        "DJANGO_SETTINGS_MODULE": "circo.settings",
        "DATA_DIR": str(folder),
        "MEDIA_DELIVERY": delivery,
        "SECRET_KEY": settings.SECRET_KEY,
        "DEMO": "1",  # static files where they lie
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "uvicorn", "circo.asgi:application", "--port", str(port), "--no-access-log"]
    command += ["--log-level", "error", "--lifespan", "off", "--ws", "none"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)
    try:
        deadline = time.monotonic() + 40
        while not asyncio.run(answers(port)):
            assert process.poll() is None, "the platform stopped"
            assert time.monotonic() < deadline, "the platform does not answer"
            time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=15)


async def answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


def measure(folder: Path, address: str, bare: str, cookies: Sequence[str]) -> list[Way]:
    """Ask for segments in each way. `address` is the platform's, `bare` the file's under the folder of films."""
    media = folder / "media"
    found = []
    with platform(folder, "django") as (port, web):
        found += both("Django", port, address, cookies, [web.pid])
    with ExitStack() as stack:
        port, web = stack.enter_context(platform(folder, "nginx"))
        (folder / "nginx").mkdir(exist_ok=True)
        alone = free_port()
        more = f"server {{ listen 127.0.0.1:{alone}; root {media}; sendfile on; tcp_nopush on; }}"
        front = stack.enter_context(nginx_server(folder / "nginx", platform=port, media=media, more=more))
        proxy = children_of(int((folder / "nginx/nginx.pid").read_text()))
        found += both("nginx", front, address, cookies, [web.pid, *proxy])
        found.append(ask_all("bare nginx", alone, bare, cookies, 10, proxy))
    return found


def both(name: str, port: int, address: str, cookies: Sequence[str], pids: Sequence[int]) -> list[Way]:
    """The first segment of a viewer, whose rights are asked in full, and the next ones, while they are remembered."""
    first = ask_all(f"{name}, rights asked", port, address, cookies[1 : 1 + ASKED_IN_FULL], 1, pids)
    known = cookies[:10]  # few enough to be asked again, all of them, within the time that a right is remembered
    asyncio.run(viewers(port, address, known, 1))
    lines = list(known) * (VIEWERS // len(known))
    return [first, ask_all(f"{name}, rights remembered", port, address, lines, 1, pids)]


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_s(pids: Sequence[int]) -> float:
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks * TICK_S


def ask_all(name: str, port: int, address: str, cookies: Sequence[str], each: int, pids: Sequence[int]) -> Way:
    asyncio.run(viewer(port, address, cookies[0], 1))  # warms
    before, began = cpu_s(pids), time.monotonic()
    waits = asyncio.run(viewers(port, address, cookies, each))
    took, spent = time.monotonic() - began, cpu_s(pids) - before
    cuts = statistics.quantiles(waits, n=20)
    return Way(name, len(waits), len(waits) / took, 1000 * spent / len(waits), 1000 * cuts[9], 1000 * cuts[18])


async def viewers(port: int, address: str, cookies: Sequence[str], each: int) -> list[float]:
    waits = await asyncio.gather(*(viewer(port, address, cookie, each) for cookie in cookies))
    return [wait for some in waits for wait in some]


async def viewer(port: int, address: str, cookie: str, times: int) -> list[float]:
    """Ask for a segment some times over one line, as a player does; how long each took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2 * SEGMENT_BYTES)
    asked = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
    waits = []
    for _ in range(times):
        began = time.monotonic()
        writer.write(asked)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head[:200]
        await reader.readexactly(SEGMENT_BYTES)
        waits.append(time.monotonic() - began)
    writer.close()
    await writer.wait_closed()
    return waits


def table(ways: Sequence[Way]) -> str:
    """One line a way; the last one, bare nginx, is what the others are compared with."""
    bare = ways[-1]
    lines = [
        "| Way | Segments | A second | CPU ms a segment | ratio | Median ms | 95 % ms |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    lines += [
        f"| {way.name} | {way.asked} | {way.a_second:.0f} | {way.cpu_ms:.2f} | **{way.cpu_ms / bare.cpu_ms:.1f}** "
        f"| {way.middle_ms:.0f} | {way.late_ms:.0f} |"
        for way in ways
    ]
    return "\n".join(lines)
