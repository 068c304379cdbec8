"""The most memory that this process held. `ru_maxrss` is not that: a process inherits the peak of its parent."""

from __future__ import annotations

import re
from pathlib import Path

PROC = Path("/proc/self")


def forget_peak() -> None:
    """Let the peak be what is held now (Linux, proc(5): clear_refs)."""
    (PROC / "clear_refs").write_text("5")


def peak_mb() -> float:
    return int(re.search(r"VmHWM:\s+(\d+) kB", (PROC / "status").read_text())[1]) / 1024
