"""The code on the screen of a half-day of a sharing day: see `circo.scanning`."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from circo.calendar.rules import Half
from circo.documents.verification import square
from circo.scanning import Scanned
from events.models import SharingDay
from events.signing.rules import SLUGS

FORGED = "Ce code n’est pas celui de cette demi-journée. Scannez celui que l’on voit à l’écran."


def scanned(day: SharingDay, half: Half) -> Scanned:
    """What one signs for by scanning the code of a half-day."""
    return Scanned("events.signing", f"{day.pk}:{half}", FORGED)


def picture(day: SharingDay, half: Half, now: datetime) -> str:
    """The square to scan, as SVG."""
    code = scanned(day, half).code_at(now)
    return square(settings.SITE_URL + reverse("events:presence_scan", args=[day.pk, SLUGS[half], code]))
