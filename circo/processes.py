"""What ties a process to the one that started it, so that nothing outlives a stop, and what confines it.

The calls are Linux's own; elsewhere they do nothing, and a process killed by force may leave its children behind.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


CONFINE = Path(__file__).with_name("confine.py")
SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/dev/urandom")


def confined(
    argv: Sequence[str], *, limits: Mapping[str, int], reads: Sequence[str], writes: Sequence[str] = ()
) -> list[str]:
    """Return the command that runs `argv` confined: no network, no file but these, limits, death with this process."""
    asked = {
        "parent": os.getpid(),
        "limits": dict(limits),
        "reads": [*SYSTEM, sys.prefix, sys.base_prefix, argv[0], *reads],
        "writes": list(writes),
    }
    return [sys.executable, "-I", "-S", str(CONFINE), json.dumps(asked), *argv]


def die_with_parent(parent_pid: int) -> None:
    """Have the kernel kill this process when its parent dies. Called in the child, right after the fork."""
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent_pid:  # the parent died in between: no signal will come
        os._exit(1)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent dies, so as to find and end it."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children_of(pid: int) -> list[int]:
    """The living children of a process, as Linux tells them; none elsewhere."""
    found: list[int] = []
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in file.read_text().split()]
        except OSError:  # that thread has just ended
            continue
    return found
