"""Where each file of a film lies: server-made names only, one folder per upload, per attempt, per published film.

All under MEDIA_ROOT, which no address serves as such: whatever moves between these folders is a rename.
"""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings

UPLOADS = "uploads"
WORK = "work"
FILMS = "films"
PAPERS = "papers"
SHEETS = "sheets"


def upload_folder(upload_id: UUID) -> Path:
    return Path(settings.MEDIA_ROOT) / UPLOADS / str(upload_id)


def part(upload_id: UUID) -> Path:
    """The bytes received so far."""
    return upload_folder(upload_id) / "part"


def source(upload_id: UUID) -> Path:
    """All the bytes, as they were sent: given back to who sent them, and to nobody else."""
    return upload_folder(upload_id) / "source"


def source_key(upload_id: UUID) -> str:
    """The name, for Django's storage, of the bytes as they were sent."""
    return f"{UPLOADS}/{upload_id}/source"


def repacked(upload_id: UUID) -> Path:
    """The streams of a source that cannot be sought, in a container that can. Never served."""
    return upload_folder(upload_id) / "repacked.mkv"


def work_folder(name: str, epoch: int) -> Path:
    """What one attempt makes; the epoch keeps a worker that slept out of its successor's folder."""
    return Path(settings.MEDIA_ROOT) / WORK / f"{name}.{epoch}"


def film_key(film_id: UUID) -> str:
    """The folder, for Django's storage, of all that is published of a film."""
    return f"{FILMS}/{film_id}"


def output_key(film_id: UUID, output: str) -> str:
    """The folder, for Django's storage, of what people watch of a film."""
    return f"{FILMS}/{film_id}/{output}"


def media_key(film_id: UUID, output: str, name: str) -> str:
    """The name, for Django's storage, of one file of a published film."""
    return f"{FILMS}/{film_id}/{output}/{name}"


def papers_key(project_id: UUID) -> str:
    """The folder, for Django's storage, of the signed papers of a recording project."""
    return f"{PAPERS}/{project_id}"


def scan_key(project_id: UUID, scan_id: UUID, kind: str) -> str:
    """The name, for Django's storage, of one signed paper."""
    return f"{papers_key(project_id)}/{scan_id}.{kind}"


def sheet_key(sheet_id: int) -> str:
    """The folder, for Django's storage, of the documents attached to a practice sheet."""
    return f"{SHEETS}/{sheet_id}"


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names of a folder, so that a power cut does not undo a rename."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
