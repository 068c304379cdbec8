"""What every step of a preparation shares: a folder of its own, the source at hand, ffmpeg run and its faults named."""

from __future__ import annotations

import errno
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from uuid import UUID

from circo.errors import NotNow, Outside, Refusal
from circo.jobs import LeaseLost, Run
from videos import paths, probing, receiving, runner, storing
from videos.models import Upload

logger = logging.getLogger(__name__)

TOOL_FAILED = "La préparation de ce film s’est arrêtée de notre côté. Réessayez dans un moment."
NO_ROOM = "La place manque de notre côté pour préparer ce film. Réessayez dans un moment."
GONE = "Le fichier de ce film n’est plus là. Déposez-le à nouveau."
NO_ROOM_FAULTS = ("No space left", "Disk quota exceeded")
WORLD_FAULTS = ("Cannot allocate memory", "Input/output error")


@contextmanager
def folder(run: Run, name: str) -> Iterator[Path]:
    """A folder for this attempt alone, removed at its end; the epoch keeps a worker that slept out of its successor's.

    Raises: NotNow if the disk is nearly full.
    """
    try:
        receiving.check_room(0)
    except receiving.NotTaken as full:
        raise NotNow(NO_ROOM) from full
    made = paths.work_folder(name, run.epoch)
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def source(film_id: UUID, folder: Path) -> Iterator[Path]:
    """The bytes to read: the source, or what was made of it so that it can be sought, or what has arrived of it.

    Raises: Refusal if there are none.
    """
    upload = Upload.objects.filter(film_id=film_id).first()
    if upload is None:
        raise Refusal(GONE)
    for place in (paths.repacked(upload.pk), paths.part(upload.pk)):
        if held := _held(place, folder):
            yield held
            return
    try:
        with storing.source_file(upload) as file:
            yield file
    except FileNotFoundError as error:
        raise Refusal(GONE) from error


def _held(place: Path, folder: Path) -> Path | None:
    """Another name for a file, if it is there, in our own folder: the last byte renames an upload while we read it."""
    name = folder / f"held-{place.name}"
    try:
        os.link(place, name)
    except FileNotFoundError:
        return None
    return name


def run(
    argv: Sequence[str],
    *,
    limits: runner.Limits,
    reads: Sequence[Path],
    folder: Path,
    on_bytes: Callable[[bytes], None] | None = None,
    lost: Event | None = None,
) -> runner.Ended:
    """Run ffmpeg, and say whose fault it is if it fails.

    Raises: Refusal if the film is at fault, or takes for ever; Outside if the machine is, NotNow if its disk is full;
    LeaseLost if nobody waits for it.
    """
    try:
        ended = runner.run(argv, limits=limits, reads=reads, folder=folder, on_bytes=on_bytes, lost=lost)
    except runner.Overrun as error:
        raise Refusal(probing.COSTLY) from error
    except runner.Abandoned as error:
        raise LeaseLost from error
    full = any(fault in ended.errors for fault in NO_ROOM_FAULTS)  # the exit code may be 0 all the same
    if ended.code == 0 and not full:
        return ended
    logger.warning("ffmpeg ended with %s: %s", ended.code, ended.errors[-2000:])
    if full:
        raise NotNow(NO_ROOM)
    if ended.code < 0 or any(fault in ended.errors for fault in WORLD_FAULTS):
        raise Outside(TOOL_FAILED)
    raise Refusal(probing.REFUSALS["unreadable"])


def fault_of(error: Exception) -> Outside:
    """Say what failed on our side: want of room is waited for, anything else is tried a few times."""
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    return NotNow(NO_ROOM) if full else Outside(TOOL_FAILED)
