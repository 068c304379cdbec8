"""One command serves the platform, starts again what dies, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
import uuid
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from circo.errors import Refusal
from circo.portal import serving
from tests import migrated
from tests.processes import tagged, wait_for

FILLS_S = 240  # to make the tables one migration after the other takes more than a minute on a slow machine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="walks /proc, and relies on Linux's prctl")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Platform:
    """`manage.py demo` as a fresh machine starts it: no Redis, and no variable but those of a demonstration.

    To make the tables takes most of the time of a first start: `from_nothing`, else they are there, and empty.
    """

    def __init__(self, folder: Path, size: str = "tiny", *, from_nothing: bool = False) -> None:
        self.tag, self.port, self.folder = uuid.uuid4().hex, free_port(), folder
        self.environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(folder),
            "DATA_DIR": str(folder / "data"),
            "PORT": str(self.port),
            "DEMO": "1",
            "LANG": "C.UTF-8",
            "TAG": self.tag,
        }
        if not from_nothing:
            migrated.copied_to(folder / "data")
        self.start("demo", "--size", size)

    def start(self, *words: str) -> None:
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(self.command(*words), **self.how(), stdout=log, stderr=log)

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "manage.py", *words]

    def how(self) -> dict:
        return {"cwd": settings.BASE_DIR, "env": self.environment}

    def said(self) -> str:
        return (self.folder / "log.txt").read_text()

    def answers(self) -> bool:
        if self.process.poll() is not None:
            pytest.fail(f"the platform stopped: {self.said()}")
        with (
            suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/demo/comptes/", timeout=5) as page,
        ):
            return page.status == 200
        return False

    def live_door(self, origin: str | None) -> int:
        """How a live channel answers a visitor: the status that refuses the handshake, or the code that closes it."""
        address = f"ws://127.0.0.1:{self.port}/ws/films/{uuid.uuid4()}/"
        try:
            with connect(address, origin=origin, open_timeout=10) as channel:
                channel.recv(timeout=10)
        except InvalidStatus as refused:
            return refused.response.status_code
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0
        return 200

    def post_a_mail(self, key: str) -> None:
        """Ask for a mail, which only a worker sends."""
        call = f"queue_text(key={key!r}, to='a@b.example', subject={key!r}, text='x')"
        code = f"from circo.mailing import queue_text; {call}"
        subprocess.run(self.command("shell", "--verbosity", "0", "-c", code), check=True, **self.how())

    def mailed(self, key: str) -> bool:
        return any(f"Subject: {key}" in file.read_text() for file in (self.folder / "data/mails").glob("*"))

    def pid_of(self, words: str) -> int | None:
        """The oldest process whose command line holds these words."""
        return min((pid for pid, command in tagged(self.tag).items() if words in command), default=None)

    def ffmpegs(self) -> list[int]:
        """ffmpeg runs in an environment of its own: found by the folder that its command line names."""
        return [pid for pid, command in tagged(str(self.folder), "cmdline").items() if "ffmpeg" in command]

    def film_state(self) -> str:
        code = "from videos.models import Film; print(Film.objects.get().state)"
        command = self.command("shell", "--verbosity", "0", "-c", code)
        return subprocess.run(command, check=True, capture_output=True, text=True, **self.how()).stdout.strip()

    def nothing_left(self) -> bool:
        self.process.poll()
        return not tagged(self.tag) and not self.ffmpegs()

    def end(self) -> None:
        for pid in tagged(self.tag):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(timeout=10)


@pytest.fixture
def platform(tmp_path, request):
    platform = Platform(tmp_path, from_nothing=getattr(request, "param", "") == "from nothing")
    wait_for(platform.answers, FILLS_S, "the platform answers")
    yield platform
    platform.end()


@pytest.mark.service
@pytest.mark.parametrize("platform", ["from nothing"], indirect=True)
def test_the_demonstration_starts_works_heals_and_stops(platform):
    assert platform.live_door(None) == platform.live_door("https://ailleurs.test") == 403
    assert platform.live_door(f"http://127.0.0.1:{platform.port}") == 4401, (
        "live channels are served, and ask who it is"
    )
    platform.post_a_mail("premier")
    wait_for(lambda: platform.mailed("premier"), 40, "a worker sends the mail through the embedded Valkey")

    wait_for(lambda: platform.film_state() == "READY", 60, "a worker prepares the film")

    first = platform.pid_of("--queues light")
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: (platform.pid_of("--queues light") or first) != first, 20, "the killed worker starts again")
    platform.post_a_mail("second")
    wait_for(lambda: platform.mailed("second"), 40, "the new worker sends mails")

    web = platform.pid_of("uvicorn")
    os.kill(web, signal.SIGKILL)
    assert wait_for(platform.answers, 20, "the web answers again, without having refused anybody")

    platform.process.send_signal(signal.SIGINT)
    assert platform.process.wait(timeout=12) == 0
    wait_for(platform.nothing_left, 1, f"no process is left: {tagged(platform.tag)}")
    assert "Traceback" not in platform.said()


@pytest.mark.service
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_end_in_the_middle_of_a_film_leaves_no_process(platform, number):
    wait_for(platform.ffmpegs, 40, "the film of the demonstration is being prepared")
    platform.process.send_signal(number)
    assert platform.process.wait(timeout=12) == (0 if number == signal.SIGINT else -number)
    wait_for(platform.nothing_left, 3, f"no process is left: {tagged(platform.tag)} {platform.ffmpegs()}")


@pytest.mark.service
def test_a_second_start_is_refused_and_a_later_one_keeps_the_data(platform):
    refused = subprocess.run(
        platform.command("demo"), capture_output=True, text=True, timeout=60, check=False, **platform.how()
    )
    assert refused.returncode == 1
    assert "tourne déjà avec ces données" in refused.stderr
    assert "Traceback" not in refused.stderr

    platform.process.send_signal(signal.SIGTERM)
    assert platform.process.wait(timeout=12) == 0
    platform.start("demo")
    wait_for(platform.answers, 60, "the platform answers again")
    assert "sont gardées" in platform.said()


def test_a_taken_port_is_said_in_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(Refusal, match=f"PORT={port + 1} make demo"), serving.listening(port):
            pass


def test_a_port_that_does_not_exist_is_said_in_one_sentence():
    with pytest.raises(Refusal, match="Le port 80000 ne peut pas servir ici"), serving.listening(80000):
        pass


def test_without_redis_url_the_embedded_valkey_comes_first(settings, tmp_path):
    settings.DATA_DIR, settings.EMBEDDED_VALKEY_SOCKET = tmp_path, tmp_path / "valkey.sock"
    with socket.socket() as listener:
        settings.EMBEDDED_VALKEY = True
        assert [program.name for program in serving.programs(listener)][:2] == ["valkey", "web"]
        valkey = serving.programs(listener)[0].command
        assert valkey[valkey.index("--port") + 1] == "0"
        settings.EMBEDDED_VALKEY = False
        assert serving.programs(listener)[0].name == "web"


def test_files_of_the_platform_are_its_own_even_in_a_folder_open_to_all(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o755)
    with serving.alone_with_the_data():
        (tmp_path / "db.sqlite3").touch()
        (tmp_path / "media").mkdir()
    assert [oct(path.stat().st_mode)[-3:] for path in sorted(tmp_path.iterdir())] == ["600", "700", "600"]
