"""Run as a script: `python -I confine.py LIMITS tool argument…` limits itself, then becomes the tool.

A launcher of its own, not `preexec_fn`, which is not safe in a worker that has threads. It imports nothing of ours.
What the kernel offers is used: no network (own network namespace), no file but those named (Landlock), resource limits,
death with the parent. Where it offers less, the tool's own white lists and the limits remain.
Source: docs/decisions/0004-first-light-of-films.md
"""

import ctypes
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from typing import Any

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # system calls, the same number on every architecture
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_EXECUTE, _WRITE, _READ, _READ_DIR, _TRUNCATE = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_OF_A_FILE = _EXECUTE | _WRITE | _READ | _TRUNCATE


class _Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def limit(kinds: dict[str, int]) -> None:
    for name, most in kinds.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):  # macOS knows some of them by name only
            resource.setrlimit(kind, (allowed, allowed))


def leave_the_network() -> bool:
    """Enter a network namespace where not even the loopback is up; needs no root where user namespaces are open."""
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET)
    except (AttributeError, OSError):
        return False
    return True


def see_only(libc: ctypes.CDLL, reads: list[str], writes: list[str]) -> bool:
    """Have the kernel refuse every file but these, and every TCP connection (Landlock)."""
    abi = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        return False
    known = (1 << (13 + (abi >= 2) + (abi >= 3))) - 1
    rules = _Ruleset(known, 3 if abi >= 4 else 0)
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(16 if abi >= 4 else 8), 0)
    allowed = [(path, _EXECUTE | _READ | _READ_DIR) for path in reads] + [(path, known) for path in writes]
    for path, rights in [*allowed, ("/dev/null", _READ | _WRITE)]:
        try:
            descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:  # not on this machine
            continue
        of_kind = rights if os.path.isdir(path) else rights & _OF_A_FILE
        beneath = _Beneath(of_kind & known, descriptor)
        libc.syscall(_ADD_RULE, ruleset, 1, ctypes.byref(beneath), 0)
        os.close(descriptor)
    return libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0


def confine(asked: dict[str, Any]) -> None:
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        leave_the_network()
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        see_only(libc, asked["reads"], asked["writes"])
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # after unshare, which clears it
        if os.getppid() != asked["parent"]:  # it died in between: no signal will come
            os._exit(1)
    limit(asked["limits"])


if __name__ == "__main__":
    confine(json.loads(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 (an argument list, and no shell)
