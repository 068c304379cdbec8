"""The pictures and documents of steps: known by their content, one file for all the versions that hold it.

No antivirus runs here: what is kept is checked by shape, leaves as an attachment, and a picture was made anew.
A row of `StoredDocument` is held while its file is written or deleted: a crash leaves at most a file too many, that the
next sweep takes, or a row without a file, that the next writing mends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePath

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from circo import parcels
from circo.attaching import pictures, rules
from circo.attaching.rules import Kind
from circo.errors import Refusal
from trainings.models import LearningPath, RemovedPart, Step, StepDocument, StoredDocument
from trainings.paths.rules import H5P
from videos import rules as film_rules

FOLDER = "trainings"
LEFT_FOR = timedelta(days=1)  # whoever has just taken a document away may bring it back


def key_of(sha256: str, kind: str) -> str:
    """The name, for Django's storage, of a content."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}.{kind}"


@transaction.atomic
def keep(*, step: Step, name: str, content: bytes, alt: str = "") -> StepDocument:
    """Keep one document of a step, and its file if no other step holds the same. The caller holds the draft.

    Raises: Refusal if it is too big, of none of the kinds that may be attached, or cannot be read.
    """
    if not 0 < len(content) <= rules.BYTES_MAX:
        raise Refusal("Un document joint pèse au plus 10\u00a0Mo.")
    kind = rules.kind_of(content)
    if kind is Kind.PICTURE:
        content = pictures.made_again(content)
    sha256 = hashlib.sha256(content).hexdigest()
    _store(sha256, kind, ContentFile(content))
    stem = (rules.shown_name(PurePath(name).stem) or "document")[: film_rules.FILE_NAME_MAX - 5]
    return StepDocument.objects.create(
        step=step, kind=kind, name=f"{stem}.{kind}", alt=alt.strip(), size_bytes=len(content), sha256=sha256
    )


@transaction.atomic
def keep_package(*, step: Step, file: File[bytes]) -> StepDocument:
    """Keep the package that a step plays, which was checked. The caller holds the draft."""
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
    file.seek(0)
    _store(sha256, H5P, file)
    stem = (rules.shown_name(PurePath(file.name or "").stem) or "activité")[: film_rules.FILE_NAME_MAX - 5]
    return StepDocument.objects.create(step=step, kind=H5P, name=f"{stem}.{H5P}", size_bytes=file.size, sha256=sha256)


def _store(sha256: str, kind: str, file: File[bytes]) -> None:
    StoredDocument.objects.get_or_create(sha256=sha256, defaults={"kind": kind})
    held = StoredDocument.objects.select_for_update().filter(sha256=sha256).first()
    if held is None:  # swept away in between
        held = StoredDocument.objects.create(sha256=sha256, kind=kind)
    held.save(update_fields=["kept_at"])  # young again: the sweep leaves it alone
    key = key_of(sha256, kind)
    if parcels.exists(key):
        if default_storage.size(key) == file.size:
            return
        default_storage.delete(key)  # cut short, by a crash
    default_storage.save(key, file)


def hold(sha256s: Iterable[str]) -> None:
    """Keep the sweep away from these files until the end of the transaction."""
    list(StoredDocument.objects.select_for_update().filter(pk__in=list(sha256s)).order_by("pk"))


def content_of(document: StepDocument) -> bytes:
    """Return the bytes of a document.

    Raises: FileNotFoundError if its file is gone.
    """
    with default_storage.open(key_of(document.sha256, document.kind)) as file:
        return file.read()


def sweep() -> int:
    """Forget what was removed too long ago to come back, and delete the files that no step holds; return how many."""
    now = timezone.now()
    over = now - film_rules.RESTORABLE_FOR
    RemovedPart.objects.filter(removed_at__lte=over).delete()
    LearningPath.objects.filter(removed_at__lte=over, enrolments=None).delete()
    old = StoredDocument.objects.filter(kept_at__lte=now - LEFT_FOR).exclude(
        sha256__in=StepDocument.objects.order_by().values("sha256")
    )
    return sum(_forget(sha256) for sha256 in old.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _forget(sha256: str) -> bool:
    """Delete one file, unless a step holds it, or may hold it again."""
    held = StoredDocument.objects.select_for_update().filter(pk=sha256, kept_at__lte=timezone.now() - LEFT_FOR).first()
    if held is None or StepDocument.objects.filter(sha256=sha256).exists() or sha256 in _coming_back():
        return False
    default_storage.delete(key_of(sha256, held.kind))
    held.delete()
    return True


def _coming_back() -> set[str]:
    lists: Iterable[list[str]] = RemovedPart.objects.order_by().values_list("sha256s", flat=True)
    return {sha256 for one in lists for sha256 in one}
