"""Run a tool on a stranger's file: confined, watched, and gone when we are."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from circo import processes

STDERR_KEPT = 8 * 1024
STDOUT_KEPT = 1024 * 1024
LOOK_EVERY_S = 0.5
BLOCK = 1024 * 1024


class Overrun(Exception):
    """The tool asked for more time than it has, or stopped advancing."""


class Abandoned(Exception):
    """Somebody said that the result is not wanted any more."""


@dataclass(frozen=True)
class Limits:
    """What one run may take. `stall_s` is the longest time without a new line of output."""

    wall_s: float
    cpu_s: int
    stall_s: float = 60
    memory_bytes: int = 3 * 1024**3
    file_bytes: int = 8 * 1024**3


@dataclass(frozen=True)
class Ended:
    code: int  # negative: the signal that ended it
    output: str
    errors: str  # the last ones


def run(
    argv: Sequence[str],
    *,
    limits: Limits,
    reads: Sequence[Path],
    folder: Path,
    on_bytes: Callable[[bytes], None] | None = None,
    lost: threading.Event | None = None,
) -> Ended:
    """Run `argv` in `folder`, the only place where it may write; it reads `reads` and the system's libraries alone.

    What it prints is kept, up to a limit; or given to `on_bytes` as it comes, when it is a film that flows.
    Raises: Overrun, Abandoned (`lost` was set), or what `on_bytes` raises; the tool is dead by then.
    """
    tool = subprocess.Popen(  # noqa: S603 (an argument list, and no shell)
        processes.confined(argv, limits=_resources(limits), reads=[*map(str, reads)], writes=[str(folder)]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TMPDIR": str(folder)},
        start_new_session=True,
    )
    try:
        output, errors = _watch(tool, limits, on_bytes, lost or threading.Event())
        return Ended(tool.wait(timeout=limits.stall_s), output, errors)
    except subprocess.TimeoutExpired as error:
        raise Overrun("no end") from error
    finally:
        _kill(tool)


def _resources(limits: Limits) -> dict[str, int]:
    return {
        "AS": limits.memory_bytes,
        "CPU": limits.cpu_s,
        "FSIZE": limits.file_bytes,
        "CORE": 0,
        "NOFILE": 256,
    }


def _kill(tool: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(tool.pid, signal.SIGKILL)
    tool.wait()
    for pipe in (tool.stdout, tool.stderr):
        if pipe:
            pipe.close()


def _watch(
    tool: subprocess.Popen[bytes], limits: Limits, on_bytes: Callable[[bytes], None] | None, lost: threading.Event
) -> tuple[str, str]:
    """Read both pipes until they close, keeping a bounded part of each."""
    kept: dict[str, bytes] = {"out": b"", "err": b""}
    started = moved = time.monotonic()
    with selectors.DefaultSelector() as selector:
        for pipe, name in ((tool.stdout, "out"), (tool.stderr, "err")):
            if pipe:
                selector.register(pipe, selectors.EVENT_READ, name)
        while selector.get_map():
            ready = selector.select(LOOK_EVERY_S)
            now = time.monotonic()
            if lost.is_set():
                raise Abandoned
            if now - started > limits.wall_s or now - moved > limits.stall_s:
                raise Overrun(f"{now - started:.0f} s, {now - moved:.0f} s without a word")
            for key, _ in ready:
                block = os.read(key.fd, BLOCK)
                if not block:
                    selector.unregister(key.fileobj)
                    continue
                if key.data == "err":
                    kept["err"] = (kept["err"] + block)[-STDERR_KEPT:]
                    continue
                moved = now
                if on_bytes is None:
                    kept["out"] = (kept["out"] + block)[:STDOUT_KEPT]
                else:
                    on_bytes(block)
    return kept["out"].decode("utf-8", "replace"), kept["err"].decode("utf-8", "replace")
