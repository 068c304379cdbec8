"""A supervisor of a few programs: starts them in order, starts again what dies, stops all of them together.

Source: docs/decisions/0008-one-command.md
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from circo import processes

STOP_WITHIN_S = 8.0  # then by force
READY_WITHIN_S = 15.0
FIRST_PAUSE_S = 1.0  # before a dead program starts again; doubled each time it dies young
LONGEST_PAUSE_S = 30.0
GROWN_UP_AFTER_S = 60.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Program:
    """A program to keep running. `ready` tells when the next may start: they rest on it, so it stops after them."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    niceness: int = 0
    pass_fds: Sequence[int] = ()
    ready: Callable[[], bool] | None = None


@dataclass
class _Kept:
    """A program and its present process, if it runs."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float | None = None  # when it is to start again
    early_deaths: int = 0  # in a row
    unfinished_line: bytes = b""


class Supervisor:
    """Runs the programs until SIGINT, SIGTERM or SIGHUP. A second signal stops everything by force."""

    def __init__(self, programs: Sequence[Program], *, folder: Path, say: Callable[[str], object]) -> None:
        self._all = [_Kept(program) for program in programs]
        self._folder = folder
        self._say = say
        self._selector = selectors.DefaultSelector()
        self._stops_asked = 0
        self._stopping = False

    def run(self, *, started: Callable[[], None]) -> bool:
        """Start everything, call `started`, and return when all is stopped: True if that was asked for."""
        processes.adopt_orphans()
        with self._signals():
            try:
                if all(self._start_and_wait(kept) for kept in self._all):
                    started()
                    while not self._stops_asked:
                        self._wait(self._next_start())
                        self._reap()
                        self._start_again()
            finally:
                self._stop()
        return bool(self._stops_asked)

    @contextlib.contextmanager
    def _signals(self):
        """Let signals interrupt the wait: each wakes the selector through a pipe."""
        read, write = os.pipe()
        for end in (read, write):
            os.set_blocking(end, False)
        before = {number: signal.signal(number, self._asked) for number in STOP_SIGNALS}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        wakeup_before = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        self._selector.register(read, selectors.EVENT_READ)
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup_before)
            for number, handler in before.items():
                signal.signal(number, handler)
            self._selector.close()
            os.close(read)
            os.close(write)

    def _asked(self, *_) -> None:
        self._stops_asked += 1

    def _start(self, kept: _Kept) -> None:
        program = kept.program
        kept.start_at, kept.started_at = None, time.monotonic()
        kept.process = subprocess.Popen(  # noqa: S603 (our own programs, no shell)
            program.command,
            cwd=self._folder,
            env=os.environ | program.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=program.pass_fds,
            start_new_session=True,  # the terminal's Ctrl-C reaches the supervisor alone
            umask=0o077,
            preexec_fn=partial(_in_child, os.getpid(), program.niceness),  # noqa: PLW1509 (no thread here)
        )
        assert kept.process.stdout is not None  # noqa: S101 (for the type checker)
        os.set_blocking(kept.process.stdout.fileno(), False)
        self._selector.register(kept.process.stdout, selectors.EVENT_READ, kept)

    def _start_and_wait(self, kept: _Kept) -> bool:
        """Start a program and wait until it is ready; False if it cannot be, or if a stop is asked for."""
        self._start(kept)
        give_up_at = time.monotonic() + READY_WITHIN_S
        while kept.program.ready is not None and not kept.program.ready():
            self._wait(0.05)
            self._reap()
            if kept.process is None or time.monotonic() > give_up_at:
                self._say(f"[{kept.program.name}] ne démarre pas : arrêt de l’ensemble.")
                return False
            if self._stops_asked:
                return False
        return not self._stops_asked

    def _next_start(self) -> float:
        waits = [kept.start_at - time.monotonic() for kept in self._all if kept.start_at is not None]
        return max(0.0, min([*waits, 5.0]))

    def _start_again(self) -> None:
        for kept in self._all:
            if kept.start_at is not None and kept.start_at <= time.monotonic():
                self._start(kept)

    def _wait(self, seconds: float) -> None:
        """Sleep until something is said, or dies, or the time is over."""
        for key, _ in self._selector.select(seconds):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(key.fd, 4096)
            else:
                self._relay(key.data)

    def _relay(self, kept: _Kept) -> None:
        """Say, under its name, what a program has said."""
        process = kept.process
        if process is None or process.stdout is None:
            return
        try:
            said = os.read(process.stdout.fileno(), 65536)
        except BlockingIOError:
            return
        if not said:
            self._forget_output(kept)
            return
        *lines, kept.unfinished_line = (kept.unfinished_line + said).split(b"\n")
        for line in lines:
            if line.strip() and not self._stopping:  # what is said while all stops helps nobody
                self._say(f"[{kept.program.name}] {line.decode(errors='replace').rstrip()}")

    def _forget_output(self, kept: _Kept) -> None:
        if kept.process is not None and kept.process.stdout is not None and not kept.process.stdout.closed:
            self._selector.unregister(kept.process.stdout)
            kept.process.stdout.close()

    def _reap(self) -> None:
        """Take note of every process that ended: a program of ours, or an orphan that came to us."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            for kept in self._all:
                if kept.process is not None and kept.process.pid == pid:
                    kept.process.returncode = os.waitstatus_to_exitcode(status)
                    self._ended(kept)

    def _ended(self, kept: _Kept) -> None:
        assert kept.process is not None  # noqa: S101 (for the type checker)
        code, lived_s = kept.process.returncode, time.monotonic() - kept.started_at
        if kept.process.stdout is not None and not kept.process.stdout.closed:
            self._relay(kept)
        self._forget_output(kept)
        kept.process = None
        _kill_all(self._orphans())  # what it had started must not run beside what starts again
        if self._stopping:
            return
        kept.early_deaths = 1 if lived_s > GROWN_UP_AFTER_S else kept.early_deaths + 1
        pause_s = min(FIRST_PAUSE_S * 2 ** (kept.early_deaths - 1), LONGEST_PAUSE_S)
        kept.start_at = time.monotonic() + pause_s
        self._say(f"[{kept.program.name}] s’est arrêté (code {code}) ; il repart dans {pause_s:.0f} s.")

    def _running(self) -> list[_Kept]:
        return [kept for kept in self._all if kept.process is not None]

    def _orphans(self) -> list[int]:
        ours = {kept.process.pid for kept in self._running() if kept.process is not None}
        return [pid for pid in processes.children_of(os.getpid()) if pid not in ours]

    def _stop(self) -> None:
        """Ask every program to stop, then those that they rest on; out of patience, or asked again, by force."""
        self._stopping = True
        asked_before, force_at = self._stops_asked, time.monotonic() + STOP_WITHIN_S
        for is_base in (False, True):
            stopping = [kept for kept in self._running() if (kept.program.ready is not None) is is_base]
            for kept in stopping:
                _signal(kept, kept.program.stop_signal)
            while any(kept.process for kept in stopping):
                if time.monotonic() > force_at or self._stops_asked > max(1, asked_before):
                    break
                self._wait(0.1)
                self._reap()
        for kept in self._running():
            _signal(kept, signal.SIGKILL)
        while self._running():
            self._wait(0.1)
            self._reap()
        _kill_all(self._orphans())
        self._reap()


def _in_child(parent_pid: int, niceness: int) -> None:
    processes.die_with_parent(parent_pid)
    os.nice(niceness)


def _signal(kept: _Kept, number: signal.Signals) -> None:
    """Signal a program; by force, its whole session with it."""
    assert kept.process is not None  # noqa: S101 (for the type checker)
    with contextlib.suppress(ProcessLookupError):
        if number == signal.SIGKILL:
            os.killpg(kept.process.pid, number)
        else:
            os.kill(kept.process.pid, number)


def _kill_all(pids: list[int]) -> None:
    """Kill these processes and all that they started."""
    for pid in pids:
        _kill_all(processes.children_of(pid))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
