"""Make of a film's source what people watch. The work of the job « transcode »: see docs/decisions/0003 and 0004."""

from __future__ import annotations

import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.errors import Outside, Refusal
from circo.jobs import LeaseLost, Run
from circo.models import Person
from videos import announcing, commands, paths, playlists, probing, queries, receiving, rules, runner
from videos.models import Film, FilmState, Upload
from videos.probing import Source

logger = logging.getLogger(__name__)

TOOL_FAILED = "La préparation de ce film s’est arrêtée de notre côté. Déposez-le à nouveau un peu plus tard."
WORLD_FAULTS = ("No space left", "Disk quota exceeded", "Cannot allocate memory", "Input/output error")
CPU_A_SECOND = 20  # of a film: 4K at 60 images a second on a slow machine
WALL_MAX_S = 6600  # below the worker's own limit


def transcode(run: Run) -> None:
    """Prepare one film: probe, encode, doubt, publish.

    Raises: Refusal if it is no film; Outside if the disk or a tool fails; LeaseLost if it is no longer ours to do.
    """
    film_id = UUID(run.subject_id)
    upload = Upload.objects.filter(film_id=film_id, film__state=FilmState.PROCESSING).first()
    if upload is None:  # done by a previous attempt, or removed
        with run.finish():
            return
    source = paths.source(upload.pk)
    if not source.exists():
        raise Refusal("Le fichier de ce film n’est plus là. Déposez-le à nouveau.")
    with _work_folder(film_id, run.epoch) as folder, _unwanted_is_lost():
        plan = probing.probe(source, folder, run.lost)
        run.report(0.01)
        encode(source, folder, plan, on_share=run.report, lost=run.lost)
        duration_s = compose(folder, plan)
        publish(run, film_id, folder, plan, duration_s)


@contextmanager
def _work_folder(film_id: UUID, epoch: int) -> Iterator[Path]:
    folder = paths.work_folder(film_id, epoch)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _unwanted_is_lost() -> Iterator[None]:
    try:
        yield
    except runner.Abandoned as error:
        raise LeaseLost from error


def encode(
    source: Path,
    folder: Path,
    plan: Source,
    *,
    on_share: Callable[[float], None] = lambda share: None,
    lost: Event | None = None,
) -> None:
    """Run ffmpeg over the whole source, into `folder`.

    Raises: Refusal if ffmpeg cannot, or takes for ever; Outside if the machine is at fault; runner.Abandoned.
    """
    try:
        receiving.check_room(source.stat().st_size)
    except receiving.NotTaken as full:
        raise Outside(
            "La place manque de notre côté pour préparer ce film. Déposez-le à nouveau un peu plus tard."
        ) from full
    limits = runner.Limits(
        wall_s=min(120 + CPU_A_SECOND * plan.end_s, WALL_MAX_S), cpu_s=int(60 + CPU_A_SECOND * plan.end_s)
    )
    argv = commands.transcode(source, plan)
    try:
        ended = runner.run(
            argv, limits=limits, reads=[source], folder=folder, on_line=_Progress(plan.end_s, on_share), lost=lost
        )
    except runner.Overrun as error:
        raise Refusal(probing.COSTLY) from error
    if ended.code == 0:
        return
    logger.warning("ffmpeg ended with %s: %s", ended.code, ended.errors[-2000:])
    if ended.code < 0 or any(fault in ended.errors for fault in WORLD_FAULTS):
        raise Outside(TOOL_FAILED)
    raise Refusal(probing.REFUSALS["unreadable"])


class _Progress:
    """Read ffmpeg's `-progress` lines, and tell the share done, once a second at the most."""

    def __init__(self, end_s: float, tell: Callable[[float], None]) -> None:
        self.end_s, self.tell, self.told_at = end_s, tell, 0.0

    def __call__(self, line: str) -> None:
        name, _, value = line.partition("=")
        if name == "out_time_us" and value.isdecimal() and time.monotonic() - self.told_at >= 1:
            self.told_at = time.monotonic()
            self.tell(0.01 + 0.98 * min(int(value) / 1e6 / self.end_s, 1))


def compose(folder: Path, plan: Source) -> float:
    """Doubt what ffmpeg wrote, write the master playlist, and return the duration in seconds.

    Raises: Outside if anything is missing: the exit code is 0 on a full disk too.
    """
    sizes = rules.rendition_sizes(plan.shown)
    try:
        pictures = [
            (size, playlists.read(folder, f"video-{number}.m3u8", expected_s=plan.end_s))
            for number, size in enumerate(sizes, start=1)
        ]
        heard = plan.audio is not None
        sound = playlists.read(folder, "audio.m3u8", expected_s=plan.audio_end_s) if heard else None
        master = playlists.master(folder, pictures, sound, plan.rate)
        poster = folder / "poster.jpg"
        if not poster.exists() or not poster.stat().st_size:
            raise playlists.Truncated("no poster")
    except playlists.Truncated as error:
        logger.warning("the output is not whole: %s", error)
        raise Outside(TOOL_FAILED) from error
    (folder / "master.m3u8").write_text(master)
    return pictures[0][1].duration_s


def publish(run: Run, film_id: UUID, folder: Path, plan: Source, duration_s: float) -> None:
    """Put the files where they are served from, and say so in the transaction that ends the job.

    Raises: LeaseLost if another worker has taken over: its folder bears another epoch, ours is removed.
    """
    target = paths.output_folder(film_id, str(run.epoch))
    _keep(folder)
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    folder.rename(target)
    paths.sync_folder(target.parent)
    try:
        with run.finish():
            _make_ready(film_id, str(run.epoch), plan, duration_s)
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _keep(folder: Path) -> None:
    """Remove what is not published, and have the disk keep the rest before a row names it."""
    for file in folder.iterdir():
        if not rules.is_media_name(file.name):
            file.unlink()
            continue
        with file.open("rb") as kept:
            os.fsync(kept.fileno())
    paths.sync_folder(folder)


def _make_ready(film_id: UUID, output: str, plan: Source, duration_s: float) -> None:
    film = (
        Film.objects.select_for_update(of=("self",))
        .select_related("author", "group__network__district")
        .filter(pk=film_id)
        .first()
    )
    if film is None:
        raise LeaseLost
    film.state, film.output, film.duration_s, film.ready_at = FilmState.READY, output, duration_s, timezone.now()
    film.width, film.height = plan.shown.width, plan.shown.height
    film.save(update_fields=["state", "output", "duration_s", "ready_at", "width", "height"])
    Upload.objects.filter(film=film).update(expires_at=timezone.now() + rules.SOURCE_KEPT_FOR)
    announcing.announce(film)


def give_up(film_id: str, reason: str) -> None:
    """Write why a film is not prepared, and tell its author. Nobody will try again."""
    film = Film.objects.select_for_update(of=("self",)).filter(pk=film_id, state=FilmState.PROCESSING).first()
    if film is None:
        return
    film.state, film.refusal = FilmState.REFUSED, reason[:300]
    film.save(update_fields=["state", "refusal"])
    notices.tell_many(
        Person.objects.filter(pk=film.author_id, is_active=True),
        kind=queries.FILM_REFUSED,
        key=f"film-{film.pk}",
        title="Votre film n’a pas pu être préparé",
        text=f"{film.title}\u00a0: {film.refusal}",
        path=reverse("videos:film_page", args=[film.pk]),
    )
