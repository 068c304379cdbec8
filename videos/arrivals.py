"""Where the bytes of uploads are kept while they arrive: on the disk or in the bucket, as all other files of films."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol
from uuid import UUID

from circo import bucket
from videos import receiving, receiving_s3
from videos.models import Upload
from videos.receiving import Readable
from videos.tus import Checksum


class Place(Protocol):
    """What both places answer: see `receiving`."""

    def check_room(self, size_bytes: int) -> None: ...

    def only_writer(self, upload_id: UUID) -> AbstractContextManager[None]: ...

    def append(
        self, upload: Upload, *, offset: int, stream: Readable, length: int, checksum: Checksum | None
    ) -> None: ...

    def put_index(
        self, upload: Upload, *, offset: int, stream: Readable, length: int, checksum: Checksum | None
    ) -> str: ...

    def range_digest(self, upload: Upload, *, offset: int, length: int) -> str: ...

    def seal(self, upload_id: UUID) -> None: ...

    def discard(self, upload_id: UUID) -> None: ...


def place() -> Place:
    return receiving_s3 if bucket.is_used() else receiving
