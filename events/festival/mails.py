"""The mails of visitors: one link each, that is the key of their seats."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from circo.mailing import queue_mail
from events.festival.rules import BookingState
from events.models import SeatBooking

SALT = "events.festival.seats"


def token_of(booking: SeatBooking) -> str:
    """What the link of a booking carries: nobody else makes it."""
    return signing.Signer(salt=SALT).sign(str(booking.pk))


def booking_id(token: str) -> int | None:
    """The booking that a link names; None if we never wrote that link."""
    try:
        return int(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def send_link(
    booking: SeatBooking,
    *,
    again: bool = False,
    called_off: bool = False,
    reminds: bool = False,
    moved: bool = False,
) -> None:
    """Tell a visitor where their booking stands. Asked again within the hour, one mail is enough."""
    session, now = booking.session, timezone.now()
    moment = f"{now:%Y%m%d%H}" if again else f"{now:%Y%m%d%H%M%S%f}"
    queue_mail(
        key=f"festival-seat-{booking.pk}-{'again' if again else booking.state}-{moment}",
        to=booking.email,
        subject=_subject(booking, called_off=called_off, reminds=reminds, moved=moved),
        template="festival_seat",
        context={
            "booking": booking,
            "animation": session.animation,
            "festival": session.animation.festival,
            "moment": str(session.moment),
            "link": settings.SITE_URL + reverse("events:visitor_page", args=[token_of(booking)]),
            "again": again,
            "called_off": called_off,
            "reminds": reminds,
            "moved": moved,
        },
    )


def _subject(booking: SeatBooking, *, called_off: bool, reminds: bool, moved: bool) -> str:
    title = booking.session.animation.title
    if called_off:
        return f"Annulé\u00a0: {title}"
    if moved:
        return f"Changement de lieu ou d’heure\u00a0: {title}"
    if reminds:
        return f"C’est demain\u00a0: {title}"
    if booking.state == BookingState.HELD:
        return f"Confirmez votre réservation\u00a0: {title}"
    if booking.state == BookingState.WAITING:
        return f"Sur liste d’attente\u00a0: {title}"
    return f"Votre réservation\u00a0: {title}"
