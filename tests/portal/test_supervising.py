"""The supervisor on small programs of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from django.conf import settings

from tests.portal.test_serving import tagged, wait_for

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(sys.platform != "linux", reason="walks /proc, and relies on Linux’s prctl"),
]

SUPERVISOR = """
import sys
from pathlib import Path
from circo import processes
from circo.portal import supervising
{setting}
say = lambda line: print(line, flush=True)
programs = [supervising.Program(name, [sys.executable, "-c", code]) for name, code in {programs!r}.items()]
stopped = supervising.Supervisor(programs, folder=Path("."), say=say).run(started=lambda: say("started"))
sys.exit(0 if stopped else 3)
"""
SLEEPS = "import time; print('awake', flush=True); time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('awake', flush=True); time.sleep(600)"
)
WITH_ORPHAN = (
    "import subprocess, sys, time; "
    "subprocess.Popen([sys.executable, '-c', 'import os, time; os.setsid(); time.sleep(600)']); "
    "print('awake', flush=True); time.sleep(600)"
)
DIES = "print('dying', flush=True); raise SystemExit(7)"


@pytest.fixture
def supervise(tmp_path):
    """Start a supervisor of these programs in a process of its own; nothing of it survives the test."""
    started = []

    def start(setting="", **programs):
        tag = f"supervised-{os.getpid()}-{len(started)}"
        code = SUPERVISOR.format(setting=setting, programs=programs)
        log = tmp_path / f"{len(started)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-c", code],
                cwd=settings.BASE_DIR,
                env=os.environ | {"TAG": tag},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        started.append((process, tag))
        return process, tag, log

    yield start
    for process, tag in started:
        for pid in tagged(tag):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(timeout=5)


def until(log, words, within_s=10.0):
    wait_for(lambda: words in log.read_text(), within_s, f"it says {words!r}: {log.read_text()}")


def test_a_program_that_dies_starts_again_later_and_later(supervise):
    process, _, log = supervise("supervising.FIRST_PAUSE_S = 0.1", dies=DIES)
    wait_for(lambda: log.read_text().count("[dies] dying") >= 4, 15, "four lives")
    assert "[dies] s’est arrêté (code 7)" in log.read_text()
    began = time.monotonic()
    wait_for(lambda: log.read_text().count("[dies] dying") >= 5, 15, "a fifth life")
    assert time.monotonic() - began > 0.3  # the pauses grow: 0.1, 0.2, 0.4, 0.8
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=5) == 0


def test_a_stop_ends_every_program_and_what_it_started(supervise):
    process, tag, log = supervise(parent=WITH_ORPHAN, sleeper=SLEEPS)
    until(log, "[parent] awake")
    until(log, "[sleeper] awake")
    assert len(tagged(tag)) == 4
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 0
    assert not tagged(tag)


def test_a_killed_program_takes_its_orphans_along_before_it_starts_again(supervise):
    process, tag, log = supervise("supervising.FIRST_PAUSE_S = 0.1", parent=WITH_ORPHAN)
    until(log, "[parent] awake")
    wait_for(lambda: len(tagged(tag)) == 3, 5, "the parent has its child")
    before = set(tagged(tag))
    (parent,) = (pid for pid, command in tagged(tag).items() if "awake" in command and pid != process.pid)
    os.kill(parent, signal.SIGKILL)
    wait_for(lambda: log.read_text().count("[parent] awake") == 2, 10, "the parent starts again")
    assert tagged(tag).keys() & before == {process.pid}


def test_a_program_that_will_not_stop_is_killed(supervise):
    process, tag, log = supervise("supervising.STOP_WITHIN_S = 0.5", stubborn=STUBBORN)
    until(log, "[stubborn] awake")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 0
    assert not tagged(tag)


def test_a_second_signal_uses_force_at_once(supervise):
    process, tag, log = supervise(stubborn=STUBBORN)
    until(log, "[stubborn] awake")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=2) == 0
    assert not tagged(tag)


@pytest.mark.parametrize("protected", [True, False])
def test_a_killed_supervisor_takes_its_programs_along(supervise, protected):
    """The canary: without the kernel's help, the program outlives its supervisor."""
    process, tag, log = supervise("" if protected else "processes.die_with_parent = lambda pid: None", sleeper=SLEEPS)
    until(log, "[sleeper] awake")
    process.kill()
    process.wait(timeout=5)
    if protected:
        wait_for(lambda: not tagged(tag), 2, "the program died with its supervisor")
    else:
        time.sleep(0.5)
        assert len(tagged(tag)) == 1
