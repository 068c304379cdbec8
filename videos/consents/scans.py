"""Signed papers, photographed or scanned: known by their content, stored under names of ours, made again when pictures.

A picture is decoded and written anew: no place, no camera, no hidden bytes are kept. A PDF is kept as it is, and leaves
as an attachment that no browser opens in our pages.
"""

from __future__ import annotations

from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from PIL import Image, ImageOps

from circo.errors import Refusal
from videos import paths, rules
from videos.models import Recorded, Scan

BYTES_MAX = 15 * 1024 * 1024
PIXELS_MAX = 60_000_000  # a large phone's photograph
SIDE_MAX = 2400  # pixels: a page of A4 stays readable
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
    content = content if is_pdf else picture(content)
    scan = Scan.objects.create(recorded=recorded, kind=kind, size_bytes=len(content))
    default_storage.save(paths.scan_key(recorded.project_id, scan.pk, scan.kind), ContentFile(content))
    return scan


def picture(content: bytes) -> bytes:
    """Decode a picture and write it anew, upright and no larger than a page needs.

    Raises: Refusal if it cannot be read, or is too large.
    """
    written = BytesIO()
    try:
        with Image.open(BytesIO(content), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > PIXELS_MAX:
                raise Refusal("Cette photo est trop grande. Photographiez le formulaire avec un réglage plus léger.")
            image.draft("RGB", (SIDE_MAX, SIDE_MAX))
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((SIDE_MAX, SIDE_MAX))
            upright.info.clear()
            upright.save(written, "JPEG", quality=85)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refusal(UNREADABLE) from error
    return written.getvalue()
