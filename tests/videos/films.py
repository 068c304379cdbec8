"""Films for the tests: rows, files, and real clips that ffmpeg makes on the spot."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

import imageio_ffmpeg
import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from circo import jobs
from circo.models import Job, Person
from networks.models import MutualisationGroup
from tests.videos.records import record_of
from videos import actions, paths, queries
from videos.models import Film, FilmState, Upload

REAL_FILMS = Path(settings.BASE_DIR).parent / "shared" / "media"
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def real_films(folder: str) -> list[Path]:
    """The films kept beside the repository; elsewhere there are none, but in CI that is a failure."""
    found = sorted((REAL_FILMS / folder).glob("*"))
    assert found or os.environ.get("CI") != "true", f"{REAL_FILMS / folder} holds no film"
    return found


def each(folder: str) -> pytest.MarkDecorator:
    films = real_films(folder)
    lacking = pytest.param(None, marks=pytest.mark.skip(reason=f"no films in shared/media/{folder}"))
    return pytest.mark.parametrize("film_file", films or [lacking], ids=lambda file: file.name if file else "none")


def folder_of(key: str) -> Path:
    """Where the local storage keeps what is named so."""
    return Path(settings.MEDIA_ROOT) / key


def make_clip(file: Path, *, seconds: float = 2, size: str = "320x180", options: tuple[str, ...] = ()) -> Path:
    """A moving picture with a tone."""
    picture, tone = f"testsrc2=size={size}:rate=25:duration={seconds}", f"sine=frequency=440:duration={seconds}"
    made_from = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    subprocess.run([FFMPEG, "-nostdin", "-v", "error", "-y", *made_from, *codecs, *options, str(file)], check=True)
    return file


def looped(film: Path, file: Path, *, least_bytes: int, options: tuple[str, ...] = ()) -> Path:
    """A real film played again and again, its pictures and sound as they are, until it weighs enough."""
    times = least_bytes // film.stat().st_size + 1
    source = ["-stream_loop", str(times), "-i", str(film), "-map", "0:v:0", "-map", "0:a:0", "-c", "copy"]
    subprocess.run([FFMPEG, "-nostdin", "-v", "error", "-y", *source, *options, str(file)], check=True)
    return file


@cache
def clip() -> bytes:
    """Two seconds of film, the same for every test of the process."""
    return make_clip(Path(settings.DATA_DIR) / f"clip-{os.getpid()}.mp4").read_bytes()


def film_of(author: Person, group: MutualisationGroup, *, title: str = "Une dictée négociée", **fields) -> Film:
    """A ready film under a complete record, with a few small files, none of them a real one."""
    if "project" not in fields:  # `project=None`: nobody agreed to anything yet
        fields["project"] = record_of(author, group)
    now = timezone.now()
    if fields.get("output") == "":  # not published: it does not play
        fields |= {"duration_s": None, "ready_at": None, "playable_at": None}
    ready = {"state": FilmState.READY, "duration_s": 12, "output": "1", "ready_at": now, "playable_at": now}
    film = Film.objects.create(author=author, group=group, title=title, **(ready | fields))
    if film.output:
        publish(film)
    return film


def publish(film: Film) -> None:
    """Give a film one rendition and its small files, none of them a real one."""
    for name in ("video-240-init.mp4", "video-240-00000.m4s", "poster.jpg", "sprite.jpg", "waveform.json"):
        default_storage.save(paths.media_key(film.pk, film.output, name), ContentFile(b"0123456789"))
    lengths = [film.duration_s]
    size = {"width": 426, "height": 240, "rate": 25, "codecs": "avc1.64001e", "peak_rate": 4000, "average_rate": 3000}
    rows = film.renditions
    rows.create(output=film.output, name="video-240", lengths=lengths, seconds=film.duration_s, is_whole=True, **size)


def deposited(content: bytes, author: Person, group: MutualisationGroup, *, title: str = "Un film") -> Film:
    """A film whose bytes have arrived, waiting for a worker."""
    upload = actions.start_upload(size_bytes=len(content), file_name="classe.mp4", by=author)
    source = paths.source(upload.pk)
    source.parent.mkdir(parents=True)
    source.write_bytes(content)
    Upload.objects.filter(pk=upload.pk).update(offset_bytes=len(content))
    return actions.deposit(upload=upload, title=title, group=group, project=record_of(author, group), by=author)


def prepare(film: Film) -> Film:
    """Do now what workers would do, until nothing is due."""
    Job.objects.filter(subject_id__startswith=str(film.pk)).update(not_before=None)
    while jobs.run_next(queries.QUICK) or jobs.run_next(queries.HEAVY):
        pass
    return Film.objects.get(pk=film.pk)
