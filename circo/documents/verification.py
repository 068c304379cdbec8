"""What a document prints for whoever wants to check it: its code, the address of the page, and a square to scan."""

from __future__ import annotations

from collections.abc import Mapping

import qrcode
from django.conf import settings
from django.urls import reverse

from circo.documents import rules


def printed(code: str) -> dict[str, object]:
    """What the template of a document that carries a code reads beside it."""
    link = settings.SITE_URL + reverse("documents:verify_document", args=[rules.grouped(code)])
    address = settings.SITE_URL.split("://", 1)[-1] + reverse("documents:verify")
    return {
        "code": rules.grouped(code),
        "verification_link": link,
        "verification_address": address,
    }


def drawn(data: Mapping[str, object]) -> dict[str, object]:
    """What the template reads, with the square to scan: drawn as it is typeset, for a square takes 10 ms, and whoever
    asks for three hundred letters would wait for them."""
    link = data.get("verification_link")
    return {**data, "qr": square(str(link))} if link else {**data}


def square(text: str) -> str:
    """Draw a QR code, as SVG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path d="{path}"/></svg>'
