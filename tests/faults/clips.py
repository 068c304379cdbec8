"""The films of the fault tests, and what an undisturbed preparation makes of each: the same bytes are wanted whatever
happens."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import av
from django.core.files.storage import default_storage

from circo.models import Job, Person
from networks.models import MutualisationGroup
from tests.videos.films import deposited, make_clip, prepare
from videos import paths, playlists, storing
from videos.models import Film, FilmState
from videos.plans import rules as plans

# Drawn again by whoever comes late, from another segment: whole, but not always the same.
DRAWN = ("poster.jpg",)


@dataclass(frozen=True)
class Clip:
    """A film to deposit. `digests`: what is made of it, by name; none for a film that is refused."""

    name: str
    content: bytes
    seconds: float
    digests: dict[str, str]


# name → seconds, suffix, size, options of ffmpeg
MADE = {
    "copied": (3, "mp4", "320x180", ("-g", "25")),  # H.264 that browsers play: published as it is at once
    "mpeg4": (5, "mkv", "640x360", ("-c:v", "mpeg4", "-q:v", "5")),  # encoded, in two renditions and several pieces
    "hevc": (2, "mov", "320x180", ("-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1")),
    "heavy": (6, "mp4", "1280x720", ("-c:v", "mpeg4", "-q:v", "4")),  # long enough to be killed in the middle
}


def make(folder: Path, author: Person, group: MutualisationGroup) -> dict[str, Clip]:
    """Make the films, and prepare each once in peace, in this process."""
    found = {}
    for name, (seconds, suffix, size, options) in MADE.items():
        content = make_clip(folder / f"{name}.{suffix}", seconds=seconds, size=size, options=options).read_bytes()
        film = prepare(deposited(content, author, group))
        assert film.state == FilmState.READY, (name, film.refusal)
        bad = decoded_badly(film, seconds)
        assert not bad, (name, bad)
        found[name] = Clip(name, content, seconds, digests(film))
    whole = found["mpeg4"].content
    found["broken"] = Clip("broken", whole[:200] + bytes(len(whole) // 2), 0, {})
    return found


def digests(film: Film) -> dict[str, str]:
    """What is published of a film, by name."""
    prefix = paths.output_key(film.pk, film.output)
    return {
        name: "drawn" if name in DRAWN and size else hashlib.sha256(_bytes_of(f"{prefix}/{name}")).hexdigest()
        for name, size in storing.sizes(prefix).items()
    }


def _bytes_of(key: str) -> bytes:
    with default_storage.open(key) as file:
        return file.read()


def decoded_badly(film: Film, seconds: float) -> list[str]:
    """What is wrong with a film when each of its renditions is played from its first segment to its last."""
    found = []
    for row in film.renditions.filter(is_kept=True):
        playlist = playlists.media(row)
        if not playlist.rstrip().endswith("#EXT-X-ENDLIST"):
            found.append(f"{row.name}: its playlist is open")
        names = [playlists.init(row.name), *(playlists.segment(row.name, n) for n in range(len(row.lengths)))]
        target = Path(default_storage.path(f"{paths.output_key(film.pk, film.output)}/{row.name}.check"))
        target.write_bytes(b"".join(_bytes_of(paths.media_key(film.pk, film.output, name)) for name in names))
        with av.open(str(target)) as played:
            frames = sum(1 for _ in played.decode(played.streams[0]))
        target.unlink()
        wanted = round(seconds * 25)
        if row.name != plans.AUDIO and frames != wanted:
            found.append(f"{row.name}: {frames} pictures of {wanted}")
        if abs(row.seconds - seconds) > 0.1:
            found.append(f"{row.name}: {row.seconds} s of {seconds}")
    return found


def forget_everything() -> None:
    """Remove all films, and whatever was asked for them."""
    Job.objects.all().delete()
    for film in Film.objects.all():
        storing.delete(paths.film_key(film.pk))
        film.delete()
