"""Signed papers, photographed or scanned: known by their content, stored under names of ours, made again when pictures.

A picture is decoded and written anew: no place, no camera, no hidden bytes are kept. A PDF is kept as it is, and leaves
as an attachment that no browser opens in our pages.
"""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum

from circo.attaching import pictures
from circo.errors import Refusal
from videos import paths, rules
from videos.models import Recorded, Scan

BYTES_MAX = 15 * 1024 * 1024
UNREADABLE = "Ce fichier n’est ni un PDF ni une photo lisible (JPEG ou PNG)."


def keep(recorded: Recorded, file: UploadedFile) -> Scan:
    """Store one signed paper.

    Raises: Refusal if it is neither a PDF nor a picture, or too big, alone or with the others of the same teacher.
    """
    if not file.size or file.size > BYTES_MAX:
        raise Refusal("Un formulaire signé pèse au plus 15\u00a0Mo.")
    author = recorded.project.author_id
    kept = Scan.objects.filter(recorded__project__author=author).aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    if kept + file.size > rules.PAPERS_MAX_BYTES:
        raise Refusal("Vos formulaires signés occupent toute la place prévue. Envoyez des photos plus légères.")
    file.seek(0)
    content = file.read()
    is_pdf = content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]
    kind = Scan.Kind.PDF if is_pdf else Scan.Kind.JPEG
    content = content if is_pdf else pictures.made_again(content, UNREADABLE)
    scan = Scan.objects.create(recorded=recorded, kind=kind, size_bytes=len(content))
    default_storage.save(paths.scan_key(recorded.project_id, scan.pk, scan.kind), ContentFile(content))
    return scan
