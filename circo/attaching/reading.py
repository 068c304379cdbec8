"""An attached document, read and looked at before an app keeps it."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from circo.attaching import pictures, rules
from circo.attaching.rules import Kind
from circo.errors import Refusal


def has_fitting_size(file: UploadedFile) -> bool:
    """Tell whether a document is neither empty nor too big, without reading it."""
    return 0 < (file.size or 0) <= rules.BYTES_MAX


def checked_size(file: UploadedFile) -> int:
    """Return how many bytes a document has, before it is read.

    Raises: Refusal if it is empty or too big.
    """
    if not has_fitting_size(file):
        raise Refusal("Un document joint pèse au plus 10\u00a0Mo.")
    return file.size or 0


def read(file: UploadedFile) -> tuple[Kind, bytes]:
    """Tell what a document is, with the bytes to keep: a picture is made again, the others are kept as they are.

    Raises: Refusal if it is none of those that may be attached, or cannot be read.
    """
    file.seek(0)
    content = file.read()
    kind = rules.kind_of(content)
    return kind, pictures.made_again(content) if kind is Kind.PICTURE else content
