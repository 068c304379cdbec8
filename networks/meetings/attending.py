"""The code on the screen of a meeting: see `circo.scanning`."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from circo.documents.verification import square
from circo.scanning import Scanned
from networks.models import Meeting

FORGED = "Ce code n’est pas celui de cette rencontre. Scannez celui que l’on voit à l’écran."


def scanned(meeting: Meeting) -> Scanned:
    """What one signs for by scanning the code of a meeting."""
    return Scanned("networks.meetings.attendance", str(meeting.pk), FORGED)


def picture(meeting: Meeting, now: datetime) -> str:
    """The square to scan, as SVG."""
    code = scanned(meeting).code_at(now)
    return square(settings.SITE_URL + reverse("networks:attendance_scan", args=[meeting.pk, code]))
