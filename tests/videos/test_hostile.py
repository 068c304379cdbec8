"""Files made to harm: each is refused, or comes out as nothing but pictures and sound; none reads, calls or lingers."""

import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests.videos.films import FFMPEG, deposited, each, make_clip, prepare, real_films
from tests.videos.test_runner import needs_landlock
from videos import paths, runner, white_lists
from videos.models import Film, FilmState, Upload
from videos.receiving import NotTaken

pytestmark = pytest.mark.media
CANARY = b"CANARY-of-another-person"
STOLEN_FROM = "/var/lib/demo/private"  # the path that the hostile files name
PORT = "8765"
# True films, though their headers lie or their tags hold markup. Everything else must be refused.
HARMLESS = {
    "dims_declared_65535.mp4",
    "duration_declared_24days.mp4",
    "html_polyglot.mp4",
    "metadata_bidi_control.mp4",
    "metadata_html.mp4",
    "sibling_private.mp4",
    "truncated_half_mdat_faststart.mp4",  # what is left of it is played
}
NEVER_IN_AN_OUTPUT = (CANARY, b"<script", b"onerror", "\u202e".encode())


@pytest.fixture
def victim() -> Iterator[Path]:
    """A folder of somebody else's, its path as long as the one that the files name."""
    with tempfile.TemporaryDirectory(prefix="v-", dir="/tmp") as made:
        folder = Path(made).rename(Path("/tmp") / Path(made).name.ljust(len(STOLEN_FROM) - len("/tmp/"), "x"))
        try:
            tags = ("-metadata", f"comment={CANARY.decode()}")
            red = ("-vf", "drawbox=color=red:t=fill", "-c:a", "aac")
            film = make_clip(folder / "private.mp4", options=red + tags)
            make_clip(folder / "private.ts", options=red)
            (folder / "secret.txt").write_bytes(CANARY)
            (folder / "sibling_private.mp4").write_bytes(film.read_bytes())
            yield folder
        finally:
            folder.rename(made)


@pytest.fixture
def listener() -> Iterator[list[str]]:
    """A port of this machine, and who called it."""
    calls: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def listen() -> None:
            while True:
                try:
                    connection, caller = server.accept()
                except OSError:
                    return
                calls.append(str(caller))
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        calls.append(str(port))
        yield calls
        server.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


def aimed(content: bytes, victim: Path, port: str) -> bytes:
    """The same attack, at our own canaries."""
    assert len(str(victim)) == len(STOLEN_FROM)
    relative = b"../../../media_lab/secret/private.ts"
    content = content.replace(STOLEN_FROM.encode(), str(victim).encode())
    content = content.replace(relative, f"../../../../../../../../../..{victim}/private.ts".encode())
    return content.replace(f"127.0.0.1:{PORT}".encode(), f"127.0.0.1:{port}".encode())


@each("hostile")
def test_hostile_file_is_refused_or_harmless(world, film_file, victim, listener):
    port = listener.pop()
    content = aimed(film_file.read_bytes(), victim, port)
    began = time.monotonic()
    try:
        film = deposited(content, world.amina, world.here.group)
    except NotTaken:
        assert not content
        assert not Film.objects.exists()
        return
    beside = paths.upload_folder(Upload.objects.get().pk) / "sibling_private.mp4"
    beside.write_bytes((victim / "sibling_private.mp4").read_bytes())
    film = prepare(film)
    assert time.monotonic() - began < 60
    assert listener == [], "somebody called an address"
    if film_file.name in HARMLESS:
        assert film.state == FilmState.READY, film.refusal
        assert film.duration_s < 10
        assert film.width <= 320
    else:
        assert film.state == FilmState.REFUSED
        assert film.refusal
    root = Path(django_settings.MEDIA_ROOT)
    made = [file for name in (paths.FILMS, paths.WORK) for file in (root / name).rglob("*") if file.is_file()]
    assert bool(made) == (film_file.name in HARMLESS)
    for file in made:
        assert not [sign for sign in NEVER_IN_AN_OUTPUT if sign in file.read_bytes()], file.name


def test_names_of_the_harmless_ones_are_those_of_files():
    """A file renamed beside the repository must not slip out of the list above."""
    names = {file.name for file in real_films("hostile")}
    assert not names or names >= HARMLESS


# --- Canaries: the theft works as soon as the protection is off -----------------------------------------------------
@pytest.fixture
def theft(tmp_path, victim) -> tuple[Path, Path]:
    """A « film » of two lines that names the file beside it, and a folder for what comes out."""
    upload, out = tmp_path / "upload", tmp_path / "out"
    upload.mkdir()
    out.mkdir()
    (upload / "sibling.mp4").write_bytes((victim / "private.mp4").read_bytes())
    (upload / "source").write_text("ffconcat version 1.0\nfile sibling.mp4\n")
    return upload / "source", out


def encode(source: Path, out: Path, flags: dict[str, str]) -> list[str]:
    words = [word for name, value in flags.items() for word in (f"-{name}", value)]
    return [FFMPEG, "-nostdin", "-v", "error", *words, "-i", f"file:{source}", "-y", str(out / "stolen.mp4")]


def test_canary_without_the_white_lists_the_theft_works(theft):
    """This very ffmpeg writes the neighbour's film into the attacker's, and says that all went well."""
    source, out = theft
    assert subprocess.run(encode(source, out, {}), check=False).returncode == 0
    assert (out / "stolen.mp4").stat().st_size > 1000


def test_with_the_white_lists_the_theft_fails(theft):
    source, out = theft
    assert subprocess.run(encode(source, out, white_lists.INPUT), capture_output=True, check=False).returncode != 0
    assert not (out / "stolen.mp4").exists()


@pytest.mark.parametrize("without", ["format_whitelist"])
def test_canary_it_is_the_list_of_formats_that_stops_it(theft, without):
    """`-protocol_whitelist file` alone, the usual advice, stops nothing: the neighbour is a file too."""
    source, out = theft
    flags = {name: value for name, value in white_lists.INPUT.items() if name != without}
    assert subprocess.run(encode(source, out, flags), check=False).returncode == 0
    assert (out / "stolen.mp4").exists()


@needs_landlock
def test_in_the_cage_the_theft_fails_even_without_white_lists(theft):
    source, out = theft
    limits = runner.Limits(wall_s=30, cpu_s=30)
    assert runner.run(encode(source, out, {}), limits=limits, reads=[source], folder=out).code != 0
    assert not (out / "stolen.mp4").exists()
    seen = runner.run(encode(source, out, {}), limits=limits, reads=[source.parent], folder=out)
    assert seen.code == 0, "canary: it is the cage that hid the neighbour"
