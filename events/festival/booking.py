"""Verbs of visitors: ask for seats, confirm, give them back; and what time does to them.

Seats are counted on the session, under its lock, and a constraint of the database holds whatever happens.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from circo.errors import Refusal
from events.festival import rules, waiting
from events.festival.mails import send_link
from events.festival.rules import BookingState, FestivalState
from events.models import Animation, AnimationSession, SeatBooking

PASSED = "Cette séance a commencé\u00a0: les réservations sont closes."
CLOSED = "Les réservations ne sont pas ouvertes pour cette séance."


@dataclass(frozen=True)
class Asked:
    """What a visitor gives."""

    first_name: str
    email: str
    seats: int
    trace: str = ""  # of the connection, for what one of them may hold unconfirmed


@transaction.atomic
def ask(*, session: AnimationSession, asked: Asked) -> None:
    """Keep seats for a day, or a place on the waiting list; a mail says which.

    Beyond what one connection may hold unconfirmed, nothing is kept: the link of the mail takes what there is.
    The answer is the same whether that address has seats already or not: the mail alone tells, to whom it concerns.
    Raises: Refusal if the session takes no booking, has begun, or has fewer seats than asked; if the name is none.
    """
    rules.check_first_name(asked.first_name.strip())
    held = _locked(session)
    _check_open(held)
    if held.seats is not None and asked.seats > held.seats:
        raise Refusal(f"Cet atelier a {held.seats}\u00a0place{'s' if held.seats > 1 else ''} en tout.")
    _settle(held)
    email = asked.email.strip().lower()
    same = held.bookings.live().filter(email=email).first()
    if same is not None:
        send_link(same, again=True)
        return
    booking = SeatBooking(
        session=held, first_name=asked.first_name.strip(), email=email, seats=asked.seats, trace=asked.trace
    )
    holds = _unconfirmed(held)[0].get(asked.trace, 0)
    if asked.seats <= held.free and waiting.may_hold(asked.seats, holds, held.seats or 0):
        _hold(booking)
    else:
        booking.state = BookingState.WAITING
        booking.save()
    send_link(booking)


@transaction.atomic
def confirm(*, booking: SeatBooking) -> SeatBooking:
    """Say yes to the seats kept; also take those that are free, who waits or had given them up. Twice is once.

    Raises: Refusal if the session has begun, or the same address has asked anew meanwhile.
    """
    session = _locked(booking.session)
    _check_open(session)
    _settle(session)
    held = session.bookings.get(pk=booking.pk)
    held.trace = ""
    if held.state == BookingState.HELD:
        held.state, held.held_until = BookingState.CONFIRMED, None
        held.save()
    elif held.state == BookingState.CANCELLED:
        _take_back(session, held)
    elif held.state == BookingState.WAITING and held.seats <= session.free:
        _take(held)
    _settle(session)  # others of the same connection
    return held


@transaction.atomic
def cancel(*, booking: SeatBooking) -> SeatBooking:
    """Give seats back: the first of the waiting list whose group fits gets them. Twice is once.

    Raises: Refusal if the session has begun.
    """
    session = _locked(booking.session)
    if session.starts_at <= timezone.now():
        raise Refusal(PASSED)
    held = session.bookings.get(pk=booking.pk)
    if held.state != BookingState.CANCELLED:
        held.trace = ""
        _release(held)
        _settle(session)
    return held


def call_off(animation: Animation) -> int:
    """Give all the bookings of an animation up, since it does not take place; visitors are told. Return how many."""
    return sum(call_off_session(session) for session in animation.sessions.order_by("pk"))


def call_off_session(session: AnimationSession) -> int:
    """The same for one session."""
    held = _locked(session)
    found = list(held.bookings.live().order_by("pk"))
    for booking in found:
        _release(booking)
        if held.starts_at > timezone.now():
            send_link(booking, called_off=True)
    return len(found)


@transaction.atomic
def settle(session: AnimationSession) -> None:
    """Let go the seats that nobody confirmed in time, and serve the waiting list."""
    _settle(_locked(session))


# --- Under the lock of the session ------------------------------------------------------------------------------------
def _locked(session: AnimationSession) -> AnimationSession:
    """Hold the session, then read it: what is joined to a row that one waits for is of before the wait."""
    AnimationSession.objects.select_for_update().get(pk=session.pk)
    return AnimationSession.objects.select_related("animation__festival").get(pk=session.pk)


def _check_open(session: AnimationSession) -> None:
    animation = session.animation
    if animation.festival.state != FestivalState.PUBLISHED or not animation.is_retained or session.seats is None:
        raise Refusal(CLOSED)
    if session.starts_at <= timezone.now():
        raise Refusal(PASSED)


def _settle(session: AnimationSession) -> None:
    now = timezone.now()
    for booking in session.bookings.filter(state=BookingState.HELD, held_until__lte=now).order_by("pk"):
        _release(booking)
    session.refresh_from_db(fields=["taken"])
    if session.starts_at <= now:
        return
    rows = list(session.bookings.filter(state=BookingState.WAITING).order_by("asked_at", "pk"))
    if not rows:
        return
    turns = [waiting.Waiting(one.pk, one.seats, one.trace) for one in rows]
    held, asked = _unconfirmed(session)
    served = waiting.next_served(turns, session.free, total=session.seats or 0, held=held, asked=asked)
    for booking in rows:
        if booking.pk in served:
            _hold(booking)
            send_link(booking)
    session.refresh_from_db(fields=["taken"])


def _unconfirmed(session: AnimationSession) -> tuple[dict[str, int], dict[str, int]]:
    """By connection, the seats that it holds unconfirmed, and how many of its askings nobody has confirmed in time."""
    held: dict[str, int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    rows = session.bookings.exclude(trace="").exclude(state__in=(BookingState.WAITING, BookingState.CONFIRMED))
    for state, trace, seats in rows.order_by("pk").values_list("state", "trace", "seats"):
        asked[trace] += 1
        held[trace] += seats if state == BookingState.HELD else 0
    return held, asked


def _hold(booking: SeatBooking) -> None:
    session = booking.session
    booking.state = BookingState.HELD
    is_large = bool(booking.trace) and waiting.is_large(booking.seats, session.seats or 0)
    booking.held_until = rules.held_until(timezone.now(), session.starts_at, is_large=is_large)
    booking.save()
    _count(booking, booking.seats)


def _release(booking: SeatBooking) -> None:
    takes = booking.state in rules.TAKING
    booking.state, booking.held_until = BookingState.CANCELLED, None
    booking.save()
    if takes:
        _count(booking, -booking.seats)


def _take_back(session: AnimationSession, booking: SeatBooking) -> None:
    if session.bookings.live().filter(email=booking.email).exists():
        raise Refusal("Vous avez fait une autre demande pour cette séance\u00a0: ouvrez le lien du dernier e-mail.")
    if booking.seats <= session.free:
        _take(booking)
    else:
        booking.state, booking.asked_at = BookingState.WAITING, timezone.now()
        booking.save()


def _take(booking: SeatBooking) -> None:
    booking.state = BookingState.CONFIRMED
    booking.save()
    _count(booking, booking.seats)


def _count(booking: SeatBooking, seats: int) -> None:
    AnimationSession.objects.filter(pk=booking.session_id).update(taken=F("taken") + seats)
