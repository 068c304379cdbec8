"""What runs on this machine for a test: found by a tag in its environment, never by its name alone."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

PROC = Path("/proc")


def ends_with_us(command: Sequence[str]) -> list[str]:
    """The command of a program that does not outlive the tests, even when they are killed."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", *command] if setpriv else [*command]


def wait_for(what: Callable[[], object], within_s: float, told: str) -> object:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.05)
    pytest.fail(f"not within {within_s:g} s: {told}")


def tagged(tag: str, where: str = "environ") -> dict[int, str]:
    """The living processes that carry the tag in their environment, with their command lines."""
    found = {}
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):
            zombie = (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
            if tag.encode() in (folder / where).read_bytes() and not zombie:
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    return found
