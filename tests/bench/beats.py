"""Beats of 1,000 players: how long each waits for its answer, beside a bare view that writes one row.

The web runs in a process of its own, as in production; the players are lines of this process, on the same cores. Each
sends a beat every ten seconds, whether the one before was quick or not: what is late is not sent later.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.bench.segments import cpu_s

PLAYERS = 1000
EVERY_S = 10.0
ROUNDS = 6  # a minute
CSRF = "a" * 32


@dataclass(frozen=True)
class Player:
    """One line of one person: what its requests carry beside the beat itself."""

    cookie: str
    token: str
    from_ms: int


@dataclass(frozen=True)
class Run:
    """`refused`: answers that are no 200. `cpu_ms` is of the web process, for one beat."""

    name: str
    waits_ms: Sequence[float]
    refused: int
    took_s: float
    cpu_ms: float

    def share(self, percent: float) -> float:
        return statistics.quantiles(self.waits_ms, n=1000)[round(10 * percent) - 1]


async def run(name: str, port: int, pid: int, path: str, players: Sequence[Player]) -> Run:
    """Send a beat of each once, so that what a process does once is done, then measure a minute."""
    lines = [Line(port, path, player) for player in players]
    for start in range(0, len(lines), 20):
        await asyncio.gather(*(line.beat(0) for line in lines[start : start + 20]))
    for line in lines:
        line.waits, line.refused = [], 0
    before, began = cpu_s([pid]), time.monotonic()
    await asyncio.gather(*(line.play() for line in lines))
    took, used = time.monotonic() - began, cpu_s([pid]) - before
    waits = [1000 * wait for line in lines for wait in line.waits]
    return Run(name, waits, sum(line.refused for line in lines), took, 1000 * used / len(waits))


class Line:
    def __init__(self, port: int, path: str, player: Player) -> None:
        self.port, self.path, self.player = port, path, player
        self.waits: list[float] = []
        self.refused = 0

    async def play(self) -> None:
        starts = time.monotonic() + random.uniform(0, EVERY_S)
        for rank in range(1, ROUNDS + 1):
            await asyncio.sleep(max(starts + (rank - 1) * EVERY_S - time.monotonic(), 0))
            await self.beat(rank)

    async def beat(self, rank: int) -> None:
        """The ten seconds that were played since the beat before. Uvicorn keeps no line open for so long."""
        begin = self.player.from_ms + round(1000 * EVERY_S * rank)
        end = begin + round(1000 * EVERY_S)
        told = {"token": self.player.token, "played": f"{begin}-{end}", "at_s": end / 1000, "csrfmiddlewaretoken": CSRF}
        body = urlencode(told).encode()
        head = [
            f"POST {self.path} HTTP/1.1",
            "Host: localhost",
            f"Cookie: {self.player.cookie}; csrf={CSRF}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        began = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        answer = await reader.read()
        writer.close()
        self.waits.append(time.perf_counter() - began)
        self.refused += not answer.startswith(b"HTTP/1.1 200 ")


def table(runs: Sequence[Run], lost: dict[str, int]) -> str:
    """One line a run; the last one, the bare view, is what the others are compared with."""
    bare = runs[-1]
    lines = [
        "|  | beats | a second | p50 ms | p95 ms | p99 ms | slowest ms | ratio of p50 | lost | CPU, ms a beat |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in runs:
        shares = " | ".join(f"{one.share(percent):.1f}" for percent in (50, 95, 99))
        lines.append(
            f"| {one.name} | {len(one.waits_ms)} | {len(one.waits_ms) / one.took_s:.0f} | {shares} | "
            f"{max(one.waits_ms):.0f} | {one.share(50) / bare.share(50):.1f} | {lost[one.name]} | {one.cpu_ms:.1f} |"
        )
    return "\n".join(lines)
