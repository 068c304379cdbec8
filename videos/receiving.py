"""The bytes of an upload on the disk: one writer at a time, whole chunks, a rename at the end."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Protocol
from uuid import UUID

from django.conf import settings

from circo.errors import Refusal
from videos import paths
from videos.tus import Checksum

BLOCK = 256 * 1024


class Fault(StrEnum):
    """Why bytes are not taken; the view gives each its tus status."""

    BUSY = "busy"
    OFFSET = "offset"
    LENGTH = "length"
    CHECKSUM = "checksum"
    CUT = "cut"
    TOO_BIG = "too_big"
    QUOTA = "quota"
    FULL = "full"


class NotTaken(Refusal):
    """Bytes, or an upload, that the server does not take."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def check_room(size_bytes: int) -> None:
    """Refuse bytes that would leave too little room on the disk.

    Raises: NotTaken (FULL).
    """
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(root).free - size_bytes < settings.FILM_DISK_FLOOR_BYTES:
        raise NotTaken(Fault.FULL, "Il n’y a plus assez de place pour recevoir ce film. Réessayez plus tard.")


@contextmanager
def only_writer(upload_id: UUID) -> Iterator[None]:
    """Hold the right to write into an upload; the kernel gives it back if the process dies.

    Raises: NotTaken (BUSY) if another request is writing into it.
    """
    folder = paths.upload_folder(upload_id)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise NotTaken(Fault.BUSY, "Cet envoi est déjà en cours ailleurs.") from error
    finally:
        os.close(descriptor)


def append(upload_id: UUID, *, offset: int, stream: Readable, length: int, checksum: Checksum | None) -> None:
    """Write exactly `length` bytes at `offset`, kept by the disk before this returns, or leave the upload as it was.

    Raises: NotTaken (CUT, CHECKSUM, FULL). Call it as the only writer.
    """
    part = paths.part(upload_id)
    finished = paths.source(upload_id)
    if finished.exists():  # a stop between the rename and the row: the row is the truth
        finished.rename(part)
    part.touch(mode=0o600)
    with part.open("r+b") as file:
        file.truncate(offset)  # whatever an interrupted request left beyond
        file.seek(offset)
        try:
            _copy(stream, file, length, checksum)
            file.flush()
            os.fsync(file.fileno())
        except BaseException as error:
            file.truncate(offset)
            if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise NotTaken(Fault.FULL, "Le disque est plein. L’envoi reprendra plus tard.") from error
            raise


def _copy(stream: Readable, file: BinaryIO, length: int, checksum: Checksum | None) -> None:
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    left = length
    while left and (block := _read(stream, min(BLOCK, left))):
        file.write(block)
        left -= len(block)
        if digest:
            digest.update(block)
    if left:
        raise NotTaken(Fault.CUT, "La connexion s’est interrompue.")
    if checksum and digest and checksum.digest != digest.digest():
        raise NotTaken(Fault.CHECKSUM, "Ce morceau est arrivé abîmé.")


def _read(stream: Readable, size: int) -> bytes:
    try:
        return stream.read(size)
    except OSError as error:  # Django's UnreadablePostError: the client is gone
        raise NotTaken(Fault.CUT, "La connexion s’est interrompue.") from error


def seal(upload_id: UUID) -> None:
    """Name the bytes as a whole film: a rename, never a copy. Call it as the only writer."""
    paths.part(upload_id).rename(paths.source(upload_id))
    paths.sync_folder(paths.upload_folder(upload_id))


def discard(upload_id: UUID) -> None:
    """Remove the bytes of an upload; harmless when there are none."""
    shutil.rmtree(paths.upload_folder(upload_id), ignore_errors=True)
