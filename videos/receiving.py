"""The bytes of an upload on the disk: one writer at a time, whole chunks, a rename at the end.

The row says how many bytes are there from the beginning; the file has its full size at once, with holes.
Source: docs/decisions/0016-index-first.md
"""

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
from videos.models import Upload
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


def append(upload: Upload, *, offset: int, stream: Readable, length: int, checksum: Checksum | None) -> None:
    """Write exactly `length` bytes at `offset`, kept by the disk before this returns.

    What a refused or cut request leaves beyond the offset that the row tells is written again later: it harms nobody.

    Raises: NotTaken (CUT, CHECKSUM, FULL). Call it as the only writer.
    """
    with _part_of(upload) as file:
        file.seek(offset)
        _copy(stream, file, length, checksum)


def put_index(upload: Upload, *, offset: int, stream: Readable, length: int, checksum: Checksum | None) -> str:
    """Write the range that holds the film's index ahead of what comes before it, and return its SHA-256.

    Raises: NotTaken (CUT, CHECKSUM, FULL). Call it as the only writer.
    """
    append(upload, offset=offset, stream=stream, length=length, checksum=checksum)
    return range_digest(upload, offset=offset, length=length)


def range_digest(upload: Upload, *, offset: int, length: int) -> str:
    """Return the SHA-256 of a range of what lies there now: what was put ahead must be found again at the end."""
    digest = hashlib.sha256()
    with readable_path(upload).open("rb") as file:
        file.seek(offset)
        while length > 0 and (block := file.read(min(BLOCK, length))):
            digest.update(block)
            length -= len(block)
    return digest.hexdigest()


def readable_path(upload: Upload) -> Path:
    """Where the bytes of an upload can be read: a whole film, or one of the announced size with holes.

    While it arrives, only the bytes below `upload.contiguous` and those of the index say anything.
    """
    finished = paths.source(upload.pk)
    return finished if finished.exists() else paths.part(upload.pk)


@contextmanager
def _part_of(upload: Upload) -> Iterator[BinaryIO]:
    """Open the part of an upload to write into it; what was written is kept by the disk at the end.

    The part has the size of the whole film from its first byte on, with holes: a place in it is a place in the film.

    Raises: NotTaken (FULL).
    """
    part, finished = paths.part(upload.pk), paths.source(upload.pk)
    if finished.exists():  # a stop between the rename and the row: the row is the truth
        finished.rename(part)
    part.touch(mode=0o600)
    try:
        with part.open("r+b", buffering=0) as file:
            if os.fstat(file.fileno()).st_size != upload.size_bytes:
                file.truncate(upload.size_bytes)
            yield file
            os.fsync(file.fileno())
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NotTaken(Fault.FULL, "Le disque est plein. L’envoi reprendra plus tard.") from error
        raise


def _copy(stream: Readable, file: BinaryIO, length: int, checksum: Checksum | None) -> None:
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    left = length
    while left and (block := _read(stream, min(BLOCK, left))):
        _write(file, block)
        left -= len(block)
        if digest:
            digest.update(block)
    if left:
        raise NotTaken(Fault.CUT, "La connexion s’est interrompue.")
    if checksum and digest and checksum.digest != digest.digest():
        raise NotTaken(Fault.CHECKSUM, "Ce morceau est arrivé abîmé.")


def _write(file: BinaryIO, block: bytes) -> None:
    """Write all of it: a nearly full disk takes a piece first and refuses the next."""
    rest = memoryview(block)
    while rest:
        rest = rest[file.write(rest) :]


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
