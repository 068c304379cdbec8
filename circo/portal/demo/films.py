"""Films of the demonstration: synthetic pictures and a tone, said to be so, deposited as a teacher deposits hers."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ffmpeg
import imageio_ffmpeg

from circo.models import Person
from circo.portal.demo import living, paths, salons
from circo.portal.demo.accounts import DOMAIN
from circo.portal.demo.consents import record_for
from networks.models import MutualisationGroup
from videos import actions
from videos.models import Film, RecordingProject, Subject

TITLE = "Film de démonstration (image de synthèse)"
MADE_WITHIN_S = 120
SHAPE = {"size": "640x360", "rate": 25}


@dataclass(frozen=True)
class Clip:
    """A film to make: the author's name before the @, ffmpeg's source of pictures, its seconds, what it is about."""

    author: str
    title: str
    pictures: str
    duration_s: int
    tone_hz: int
    discussed: bool = False
    levels: Sequence[str] = ()
    subject: str = ""


CLIPS = (
    Clip("bruno", f"{TITLE} : un chiffre qui compte", "testsrc", 8, 495, levels=("CE1", "CE2"), subject=Subject.MATHS),
    Clip("amina", f"{TITLE} : trois couleurs", "rgbtestsrc", 8, 385, levels=("GS", "CP"), subject=Subject.ARTS),
    Clip("amina", f"{TITLE} : une mire et son chronomètre", "testsrc2", 24, 330, discussed=True),
    Clip("chloe", f"{TITLE} : des barres de couleur", "smptehdbars", 12, 440, levels=("CE1",), subject=Subject.MATHS),
    Clip("denis", f"{TITLE} : un dégradé", "gradients", 12, 550),
)


def deposit_all(clips: Sequence[Clip] = CLIPS) -> list[Film]:
    """Deposit the films in the group of each author; a worker prepares them once it runs.

    Raises: videos.receiving.NotTaken if the disk is nearly full.
    """
    with tempfile.TemporaryDirectory(prefix="partages-films-") as folder:
        return [_deposit(clip, Path(folder)) for clip in clips]


def _deposit(clip: Clip, folder: Path) -> Film:
    author = Person.objects.get(email=f"{clip.author}@{DOMAIN}")
    file = make(clip, folder / f"{clip.pictures}.mp4")
    with file.open("rb") as stream:
        upload = actions.keep_file(file=stream, size_bytes=file.stat().st_size, file_name=file.name, by=author)
    group = MutualisationGroup.objects.of_member(author).get()
    project = RecordingProject.objects.filter(author=author, group=group).first() or record_for(author, group)
    film = actions.deposit(upload=upload, title=clip.title, group=group, project=project, by=author)
    actions.describe_film(film=film, title=clip.title, levels=clip.levels, subject=clip.subject, by=author)
    if clip.discussed:
        living.fill(film)
        salons.quote(film)
        paths.show(film)
    return film


def make(clip: Clip, file: Path) -> Path:
    """Draw the film into `file`.

    Raises: FileExistsError, which ffmpeg would not: it leaves what is there, and says that it went well;
            subprocess.SubprocessError if it can't draw.
    """
    if file.exists():
        raise FileExistsError(file)
    pictures = ffmpeg.input(_source(clip.pictures, **SHAPE, duration=clip.duration_s), f="lavfi")
    tone = ffmpeg.input(_source("sine", frequency=clip.tone_hz, duration=clip.duration_s), f="lavfi").filter(
        "volume", 0.1
    )
    drawn = ffmpeg.output(
        pictures, tone, str(file), vcodec="libx264", preset="ultrafast", pix_fmt="yuv420p", acodec="aac", shortest=None
    ).global_args("-nostdin", "-hide_banner", "-v", "error")
    command = drawn.compile(cmd=imageio_ffmpeg.get_ffmpeg_exe())
    subprocess.run(command, check=True, timeout=MADE_WITHIN_S, stdin=subprocess.DEVNULL)  # noqa: S603 (our own words)
    return file


def _source(name: str, **options: object) -> str:
    return name + "=" + ":".join(f"{key}={value}" for key, value in options.items())
