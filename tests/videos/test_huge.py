"""Films too heavy or too long: refused in seconds, with the reason, and the next film unharmed."""

import subprocess
import time

import pytest

from tests.videos.films import FFMPEG, deposited, make_clip, prepare, record_of
from videos import actions, paths
from videos.models import Film, FilmState, Upload

pytestmark = [pytest.mark.media, pytest.mark.django_db]

REFUSED_WITHIN_S = 30
FTYP = b"\0\0\0\x18ftypisom\0\0\0\0isommp42"
MDAT = b"\0\0\0\1mdat" + (4 * 1024**3 - len(FTYP)).to_bytes(8)
HEADS = {"nothing but zeros": b"", "an MP4 that promises 4 GB of pictures": FTYP + MDAT}


def sparse(head: bytes, size: int, world) -> Film:
    """A film that weighs nothing on the disk."""
    upload = actions.start_upload(size_bytes=size, file_name="creux.mp4", by=world.amina)
    source = paths.source(upload.pk)
    source.parent.mkdir(parents=True)
    with source.open("wb") as file:
        file.write(head)
        file.truncate(size)
    Upload.objects.filter(pk=upload.pk).update(offset_bytes=size)
    common = {"group": world.here.group, "project": record_of(world.amina, world.here.group), "by": world.amina}
    return actions.deposit(upload=Upload.objects.get(pk=upload.pk), title="Creux", **common)


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_sparse_file_of_four_gigabytes_is_refused_in_seconds(world, head):
    began = time.monotonic()
    film = prepare(sparse(head, 4 * 1024**3, world))
    assert time.monotonic() - began < REFUSED_WITHIN_S
    assert film.state == FilmState.REFUSED
    assert film.refusal


def test_film_of_sixteen_hours_is_refused_and_the_next_one_is_prepared(world, tmp_path):
    """A picture every ten minutes: small enough to send, far too long to watch."""
    file = tmp_path / "nuit.mp4"
    picture = ["-f", "lavfi", "-i", "color=size=64x64:rate=1/600:duration=57600", "-c:v", "libx264", "-bf", "0"]
    subprocess.run([FFMPEG, "-nostdin", "-v", "error", *picture, str(file)], check=True)
    began = time.monotonic()
    film = prepare(deposited(file.read_bytes(), world.amina, world.here.group))
    assert time.monotonic() - began < REFUSED_WITHIN_S
    assert film.state == FilmState.REFUSED
    assert "65\u00a0minutes" in film.refusal
    clip = make_clip(tmp_path / "suivant.mp4", seconds=1).read_bytes()
    assert prepare(deposited(clip, world.amina, world.here.group)).state == FilmState.READY
