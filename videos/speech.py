"""Have a speech engine propose the captions of a film: the work of the job « film-speech ».

Off unless SPEECH_ENGINE names one. An engine hears one sound, at `RATE` samples a second, one channel, 16 bits,
little-endian, in a file of this machine: no voice leaves the house unless the engine that was chosen sends it out.
What it says is a draft: the author reads it over before anybody else sees it. How to write one: docs/speech.md.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol
from uuid import UUID

import ffmpeg
import imageio_ffmpeg
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.module_loading import import_string

from circo.errors import Outside, Refusal
from circo.jobs import Run
from videos import paths, runner, white_lists, working
from videos.captions import rules
from videos.captions.rules import Cue
from videos.models import CaptionSource, CaptionTrack, Film, FilmState, Language

RATE = 16_000
SILENT = "Ce film n’a pas de son\u00a0: il n’y a rien à écouter."
NOTHING_SAID = "La machine n’a reconnu aucune parole dans ce film."
FAILED = "L’écoute de ce film s’est arrêtée de notre côté. Réessayez un peu plus tard."
SOUND = "audio"  # the rendition that is heard, whatever the picture


class Engine(Protocol):
    """What SPEECH_ENGINE names: called without argument, it gives one."""

    def listen(self, sound: Path, *, language: str, on_share: Callable[[float], None]) -> Iterable[Cue]:
        """Return what is said in `sound` (see the head of this module), telling now and then the share that is done."""


def listen(run: Run) -> None:
    """Hear one film, and write what is said as the draft of its captions.

    Raises: Refusal if there is nothing to hear; Outside if a tool fails; LeaseLost if it is no longer ours to do.
    """
    film = Film.objects.watchable().filter(pk=UUID(run.subject_id), state=FilmState.READY).first()
    if film is None or not settings.SPEECH_ENGINE:
        with run.finish():
            return
    with working.folder(run, f"{film.pk}.speech") as folder:
        sound = pcm_of(film, folder)
        run.report(0.05)
        engine: Engine = import_string(settings.SPEECH_ENGINE)()
        heard = engine.listen(sound, language="fr", on_share=lambda share: run.report(0.05 + 0.9 * share))
        cues = tidy(heard)
    if not cues:
        raise Refusal(NOTHING_SAID)
    with run.finish():
        _propose(film, cues)


def pcm_of(film: Film, folder: Path) -> Path:
    """Write the sound of a published film, as engines hear it, into `folder`.

    Raises: Refusal if it has none; Outside if it cannot be read.
    """
    joined, sound = folder / "sound.mp4", folder / "sound.pcm"
    here = paths.output_key(film.pk, film.output)
    names = sorted(name for name in default_storage.listdir(here)[1] if name.startswith(f"{SOUND}-"))
    if not names:
        raise Refusal(SILENT)
    with joined.open("wb") as file:
        for name in sorted(names, key=lambda one: (not one.endswith("init.mp4"), one)):
            with default_storage.open(f"{here}/{name}") as part:
                shutil.copyfileobj(part, file)
    heard = ffmpeg.input(f"file:{joined}", **white_lists.INPUT).audio
    argv = ffmpeg.output(heard, "sound.pcm", f="s16le", ac=1, ar=RATE).global_args("-nostdin", "-v", "error", "-y")
    limits = runner.Limits(wall_s=1200, cpu_s=600, stall_s=600)
    ended = runner.run(argv.compile(cmd=imageio_ffmpeg.get_ffmpeg_exe()), limits=limits, reads=[joined], folder=folder)
    joined.unlink()
    if ended.code or not sound.exists() or not sound.stat().st_size:
        raise Outside(FAILED)
    return sound


def tidy(heard: Iterable[Cue]) -> list[Cue]:
    """Keep of what an engine says what a player can show: an engine is as doubtful as a file."""
    cleaned = (Cue(int(cue.start_ms), int(cue.end_ms), rules.clean(cue.text)) for cue in heard)
    return sorted(cue for cue in cleaned if cue.text and not rules.fault(cue.start_ms, cue.end_ms))[: rules.CUES_MAX]


def _propose(film: Film, cues: list[Cue]) -> None:
    """Write the draft, unless colleagues read the author's own captions by now."""
    track = CaptionTrack.objects.get_or_create(film=film, language=Language.FRENCH, removed_at=None)[0]
    track = CaptionTrack.objects.select_for_update(of=("self",)).get(pk=track.pk)
    if track.shown_at is not None:
        return
    track.former_rows, track.source = track.rows or track.former_rows, CaptionSource.ENGINE
    track.cues = cues
    track.save(update_fields=["rows", "former_rows", "text", "revision", "source"])


def give_up(film_id: str, reason: str) -> None:
    """Nobody tries again: the page of the captions says why, from the job itself."""
