"""Copies, on this machine's disk, of sources that lie in the bucket: one for all who read it here, while they need it.

Each has a folder of its own, held by the kernel's lock while it is fetched (alone) and read (by many). What nobody
holds and no preparation needs any more is removed by the next who comes.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from circo import bucket
from circo.errors import Outside
from videos import paths
from videos.models import FilmState, Upload

FULL = "La place manque de notre côté pour préparer ce film. Un nouvel essai aura lieu dans un moment."


def _root() -> Path:
    return Path(settings.DATA_DIR) / "sources"


@contextmanager
def copy_of(upload: Upload) -> Iterator[Path]:
    """Give the copy of a source, to be read only, and only inside; it is checked part by part as it arrives.

    Raises: FileNotFoundError if the bucket holds it no more; Outside if the bucket or the disk fails.
    """
    clean()
    folder = _root() / str(upload.pk)
    held = _held(upload, folder)
    try:
        yield folder / "source"
    finally:
        os.close(held)
        clean()


def _held(upload: Upload, folder: Path) -> int:
    """Lock the folder for reading, its copy whole."""
    while True:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:  # removed meanwhile, by who took it for forsaken
            continue
        try:
            if _lock(lock, folder, fcntl.LOCK_SH) and (folder / "source").exists():
                return lock
            if _lock(lock, folder, fcntl.LOCK_EX) and not (folder / "source").exists():
                _fetch(upload, folder)
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _lock(lock: int, folder: Path, how: int) -> bool:
    """Wait for the lock; False if the folder that it held is not the one that is there now."""
    fcntl.flock(lock, how)
    try:
        return os.fstat(lock).st_ino == (folder / "lock").stat().st_ino
    except FileNotFoundError:
        return False


def _fetch(upload: Upload, folder: Path) -> None:
    if shutil.disk_usage(folder).free - upload.size_bytes < settings.FILM_DISK_FLOOR_BYTES:
        raise Outside(FULL)
    arriving = folder / "arriving"
    parts = [bucket.Part(etag, size) for etag, size in upload.parts]
    with arriving.open("wb") as file:
        if parts:
            bucket.fetch(paths.source_key(upload.pk), parts, file)
        else:  # not sent by a client: made by us, in one go
            bucket.copy(paths.source_key(upload.pk), file)
    arriving.rename(folder / "source")


def clean() -> None:
    """Remove the copies that nobody reads and no preparation needs."""
    folders = {folder.name: folder for folder in _root().glob("*")}
    prepared = Upload.objects.filter(pk__in=map(UUID, folders), film__state=FilmState.PROCESSING)
    needed = {str(pk) for pk in prepared.values_list("pk", flat=True)}
    for name in folders.keys() - needed:
        with suppress(FileNotFoundError, BlockingIOError):
            _remove(folders[name])


def _remove(folder: Path) -> None:
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
