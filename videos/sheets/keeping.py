"""Attached documents: known by their content, stored under names of ours, pictures made again.

No antivirus runs here: what is kept is checked by shape, leaves as an attachment, and opens in none of our pages.
"""

from __future__ import annotations

from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum

from circo.attaching import reading
from circo.errors import Refusal
from videos import paths
from videos import rules as film_rules
from videos.models import PracticeSheet, SheetDocument


def key_of(document: SheetDocument) -> str:
    """The name, for Django's storage, of an attached document."""
    return f"{paths.sheet_key(document.sheet_id)}/{document.pk}.{document.kind}"


def keep(sheet: PracticeSheet, file: UploadedFile) -> SheetDocument:
    """Store one document.

    Raises: Refusal if it is too big, alone or with the others of the same person, or of none of the kinds that may be
    attached.
    """
    size_bytes = reading.checked_size(file)
    kept = SheetDocument.objects.filter(sheet__owner=sheet.owner_id).aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    if kept + size_bytes > film_rules.DOCUMENTS_MAX_BYTES:
        raise Refusal("Vos documents joints occupent toute la place prévue. Retirez-en un, puis attendez deux jours.")
    kind, content = reading.read(file)
    stem = film_rules.file_label(PurePath(file.name or "document").stem)[: film_rules.FILE_NAME_MAX - 5]
    document = SheetDocument(sheet=sheet, kind=kind, name=f"{stem}.{kind}", size_bytes=len(content))
    default_storage.save(key_of(document), ContentFile(content))
    document.save(force_insert=True)
    return document
