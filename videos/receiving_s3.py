"""The bytes of an upload in the bucket: the same words as `receiving`, each chunk a part of one object.

What has arrived is written in the row of the upload (`multipart`, `parts`), so that another process of the web goes on;
a part belongs to the film only once it is written there. S3 wants parts of 5 MiB at least, but for the last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID

from botocore.exceptions import ClientError
from django.db import connection

from circo import bucket
from circo.bucket import PART, Part
from videos import paths, receiving
from videos.models import Upload
from videos.receiving import Fault, NotTaken, Readable
from videos.tus import Checksum

PART_MIN = 5 * 1024**2  # bytes: what S3 asks of every part but the last
FAMILY = 0x7061  # of our locks in PostgreSQL


def check_room(size_bytes: int) -> None:
    """A bucket is never full."""


def only_writer(upload_id: UUID) -> AbstractContextManager[None]:
    """Hold the right to write into an upload, on all machines of the web.

    Raises: NotTaken (BUSY) if another request is writing into it.
    """
    if connection.vendor == "postgresql":
        return _locked_in_database(upload_id)
    return receiving.only_writer(upload_id)  # SQLite: there is one machine


@contextmanager
def _locked_in_database(upload_id: UUID) -> Iterator[None]:
    # Of the session, not of a transaction: the chunk takes seconds. A dead process gives it back with its connection.
    key = [FAMILY, int.from_bytes(upload_id.bytes[:4], signed=True)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        if not cursor.fetchone()[0]:
            raise NotTaken(Fault.BUSY, "Cet envoi est déjà en cours ailleurs.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def append(upload: Upload, *, offset: int, stream: Readable, length: int, checksum: Checksum | None) -> None:
    """Keep exactly `length` bytes at `offset`, confirmed by the bucket before this returns, or change nothing.

    Raises: NotTaken (CUT, CHECKSUM, LENGTH); Outside if the bucket fails. Call it as the only writer.
    """
    if length < PART_MIN and offset + length < upload.size_bytes:
        raise NotTaken(Fault.LENGTH, "Ce morceau est trop petit\u00a0: 5\u00a0Mio au moins, sauf le dernier.")
    parts = _up_to(offset, upload)
    _open(upload)
    digest = hashlib.new(checksum.algorithm, usedforsecurity=False) if checksum else None
    for size in _cut(length):
        content = _exactly(stream, size)
        if digest:
            digest.update(content)
        if checksum and digest and size == length and checksum.digest != digest.digest():
            break  # the one part of this chunk: it need not even be sent
        parts.append(_send(upload, len(parts), content))
    if checksum and digest and checksum.digest != digest.digest():
        raise NotTaken(Fault.CHECKSUM, "Ce morceau est arrivé abîmé.")
    Upload.objects.filter(pk=upload.pk).update(parts=[[part.etag, part.size] for part in parts])


def put_index(upload: Upload, *, offset: int, stream: Readable, length: int, checksum: Checksum | None) -> str:
    """A part of an object cannot be read before the object is whole: the film is prepared once it has arrived.

    Raises: NotTaken (LENGTH), always.
    """
    raise NotTaken(Fault.LENGTH, "Ici, un film se prépare une fois arrivé en entier.")


def range_digest(upload: Upload, *, offset: int, length: int) -> str:
    """Nothing is put ahead: nothing is to be found again."""
    return upload.index_sha256


def _open(upload: Upload) -> None:
    if not upload.multipart:
        upload.multipart = bucket.begin(paths.source_key(upload.pk), ContentType="application/octet-stream")
        Upload.objects.filter(pk=upload.pk).update(multipart=upload.multipart)


def _send(upload: Upload, before: int, content: bytes) -> Part:
    """Send the part that follows the `before` first ones."""
    try:
        return bucket.send_part(paths.source_key(upload.pk), upload.multipart, before + 1, content)
    except ClientError as error:
        # A stop between the end and the row: the object is made, and takes no part any more. It may be this very one.
        known = Part(*upload.parts[before]) if len(upload.parts) > before else None
        if known == bucket.part_of(content):
            return known
        raise NotTaken(Fault.CHECKSUM, "Cet envoi est à reprendre depuis le début.") from error


def _exactly(stream: Readable, size: int) -> bytes:
    """Read a whole part: 13 MiB at the most.

    Raises: NotTaken (CUT).
    """
    content = bytearray()
    try:
        while block := stream.read(size - len(content)):
            content += block
    except OSError as error:  # Django's UnreadablePostError: the client is gone
        raise NotTaken(Fault.CUT, "La connexion s’est interrompue.") from error
    if len(content) < size:
        raise NotTaken(Fault.CUT, "La connexion s’est interrompue.")
    return bytes(content)


def _up_to(offset: int, upload: Upload) -> list[Part]:
    """The parts that the row of the upload counts; a request that stopped before it was counted left others."""
    parts: list[Part] = []
    for etag, size in upload.parts:
        if sum(part.size for part in parts) == offset:
            break
        parts.append(Part(etag, size))
    if sum(part.size for part in parts) != offset:
        raise NotTaken(Fault.OFFSET, "Cet envoi est à reprendre depuis le début.")
    return parts


def _cut(length: int) -> Iterator[int]:
    """The sizes of the parts of a chunk: none under 5 MiB, unless the chunk itself is."""
    while length >= PART + PART_MIN:
        yield PART
        length -= PART
    yield length


def seal(upload_id: UUID) -> None:
    """Make one object of the parts; harmless when it was done. Call it as the only writer.

    Raises: Outside if the bucket fails.
    """
    upload = Upload.objects.get(pk=upload_id)
    parts = [Part(etag, size) for etag, size in upload.parts]
    bucket.complete(paths.source_key(upload_id), upload.multipart, parts)


def discard(upload_id: UUID) -> None:
    """Remove the bytes of an upload, and whatever was on its way; harmless when there are none."""
    receiving.discard(upload_id)
    bucket.abort_all(paths.source_key(upload_id))
    bucket.delete([paths.source_key(upload_id)])
