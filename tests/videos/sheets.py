"""Practice sheets for the tests, and documents of every kind."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from circo.models import Person
from videos import actions
from videos.models import Film, PracticeSheet, SheetDocument

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def archive(*members: tuple[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return written.getvalue()


ODT = archive(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>"))
DOCX = archive(("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>"))


def sent(content: bytes, name: str = "fiche.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@dataclass
class SheetThings:
    """A draft with a document, and one that was just removed."""

    kept: PracticeSheet
    removed: PracticeSheet
    document: SheetDocument


def sheet_things(film: Film, owner: Person, mark: str = "") -> SheetThings:
    kept = PracticeSheet.objects.create(owner=owner, title=f"Attendre{mark}", context=f"Une classe{mark}")
    kept.films.add(film)
    return SheetThings(
        kept=kept,
        removed=PracticeSheet.objects.create(owner=owner, title=f"Vieille{mark}", removed_at=timezone.now()),
        document=actions.attach(sheet=kept, file=sent(PDF, f"consigne{mark}.pdf"), by=owner),
    )
