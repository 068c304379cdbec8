"""The code on the screen of a meeting, and the ticket that it gives to whoever scans it.

The code says which meeting and which half-minute, under a signature: nobody writes one, and a picture of it sent to
somebody who is not there serves for a minute at the most. The ticket is one person's own, and leaves time to press.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from circo.documents.verification import square
from circo.errors import Refusal
from circo.models import Person
from networks.models import Meeting

TURNS_S = 20  # seconds that one code stays on the screen
KEPT_TURNS = 3  # turns for which a code serves, its own included
TICKET_S = 5 * 60
LENGTH = 24  # hexadecimal digits of the signature: 96 bits
SALT = "networks.meetings.attendance"
EXPIRED = "Ce code n’est plus à l’écran. Scannez celui que l’on y voit maintenant."
FORGED = "Ce code n’est pas celui de cette rencontre. Scannez celui que l’on voit à l’écran."


def code_at(meeting: Meeting, now: datetime) -> str:
    """The code that the screen shows at an instant."""
    return _code(meeting.pk, int(now.timestamp()) // TURNS_S)


def _code(meeting_id: int, turn: int) -> str:
    return f"{turn:x}-{_signature(meeting_id, turn)}"


def _signature(meeting_id: int, turn: int) -> str:
    return salted_hmac(SALT, f"{meeting_id}:{turn}", algorithm="sha256").hexdigest()[:LENGTH]


def check_code(meeting: Meeting, code: str, now: datetime) -> None:
    """Refuse a code that is not of this meeting, or no longer on the screen.

    Raises: Refusal.
    """
    written, _, signature = code.partition("-")
    try:
        turn = int(written, 16) if len(written) <= 16 else -1
    except ValueError:
        turn = -1
    if not is_signed(meeting.pk, turn, signature):
        raise Refusal(FORGED)
    if not 0 <= int(now.timestamp()) // TURNS_S - turn < KEPT_TURNS:
        raise Refusal(EXPIRED)


def is_signed(meeting_id: int, turn: int, signature: str) -> bool:
    """Tell whether we signed this turn of this meeting."""
    return turn >= 0 and constant_time_compare(signature.encode(), _signature(meeting_id, turn).encode())


def picture(meeting: Meeting, now: datetime) -> str:
    """The square to scan, as SVG."""
    return square(settings.SITE_URL + reverse("networks:attendance_scan", args=[meeting.pk, code_at(meeting, now)]))


def ticket_for(meeting: Meeting, person: Person) -> str:
    """What lets one person sign for one meeting, for some minutes, once the code was read."""
    return signing.dumps([meeting.pk, person.pk], salt=SALT)


def check_ticket(ticket: str, meeting: Meeting, person: Person) -> None:
    """Refuse a ticket of somebody else, of another meeting, or too old.

    Raises: Refusal.
    """
    try:
        held = signing.loads(ticket, salt=SALT, max_age=TICKET_S)
    except signing.SignatureExpired as error:
        raise Refusal(EXPIRED) from error
    except signing.BadSignature as error:
        raise Refusal(FORGED) from error
    if held != [meeting.pk, person.pk]:
        raise Refusal(FORGED)
