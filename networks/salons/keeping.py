"""Documents of messages: known by their content, stored under names of ours, pictures made again.

No antivirus runs here: what is kept is checked by shape; pictures alone open in a page, decoded and written anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum

from circo.attaching import reading
from circo.attaching.rules import Kind
from circo.errors import Refusal
from circo.mentions import clean
from circo.models import Person
from networks.models import Post, PostFile
from networks.salons import rules

FOLDER = "salons"


@dataclass(frozen=True)
class Ready:
    """A document that has been looked at, and may be kept."""

    kind: Kind
    name: str
    content: bytes


def key_of(file: PostFile) -> str:
    """The name, for Django's storage, of a document."""
    return f"{FOLDER}/{file.pk}.{file.kind}"


def made_ready(files: Sequence[UploadedFile], by: Person) -> list[Ready]:
    """Look at the documents of a message before anything is locked.

    Raises: Refusal if there are too many, if one is too big, alone or with the others of the same person, or of none of
    the kinds that may be attached. The words name the document.
    """
    if len(files) > rules.FILES_MAX:
        raise Refusal(f"Un message porte {rules.FILES_MAX}\u00a0documents au plus.")
    kept = PostFile.objects.filter(post__author=by).aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    if files and kept + sum(file.size or 0 for file in files) > rules.FILES_MAX_BYTES:
        raise Refusal("Vos documents occupent toute la place prévue dans les salons. Retirez d’anciens messages.")
    return [_ready(file) for file in files]


def _ready(file: UploadedFile) -> Ready:
    name = clean(PurePath(file.name or "document").name)[:60]
    if not reading.has_fitting_size(file):
        raise Refusal(f"«\u00a0{name}\u00a0»\u00a0: un document joint pèse au plus 10\u00a0Mo.")
    try:
        kind, content = reading.read(file)
    except Refusal as refusal:
        raise Refusal(f"«\u00a0{name}\u00a0» ne peut pas être joint. {refusal}") from refusal
    stem = clean(PurePath(file.name or "").stem)[: rules.FILE_NAME_MAX - 5] or "document"
    return Ready(kind, f"{stem}.{kind}", content)


def keep(post: Post, files: Sequence[Ready]) -> None:
    """Store documents with their message; they go again if its transaction does."""
    for file in files:
        row = PostFile(post=post, kind=file.kind, name=file.name, size_bytes=len(file.content))
        default_storage.save(key_of(row), ContentFile(file.content))
        row.save(force_insert=True)


def discard(files: Sequence[PostFile]) -> None:
    """Delete documents, the rows first: a file without a row is nobody's."""
    keys = [key_of(file) for file in files]
    PostFile.objects.filter(pk__in=[file.pk for file in files]).delete()
    transaction.on_commit(lambda: _delete(keys), robust=True)


def _delete(keys: Sequence[str]) -> None:
    for key in keys:
        default_storage.delete(key)
