"""What time does to the seats of visitors: let go, recalled the day before, forgotten a month after."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from events.festival import booking, rules
from events.festival.mails import send_link
from events.festival.rules import BookingState, FestivalState
from events.models import AnimationSession, SeatBooking


def settle_all() -> None:
    """Let go what nobody confirmed in time, one session after another. Safe to run twice."""
    late = SeatBooking.objects.filter(state=BookingState.HELD, held_until__lte=timezone.now())
    for session in AnimationSession.objects.filter(pk__in=late.order_by().values("session_id")).order_by("pk"):
        booking.settle(session)
    old = SeatBooking.objects.filter(asked_at__lte=timezone.now() - rules.TRACE_KEPT).exclude(trace="")
    old.exclude(state__in=(BookingState.HELD, BookingState.WAITING)).update(trace="")


def remind() -> int:
    """Recall their seats to those who come tomorrow, once each. Return how many."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    due = SeatBooking.objects.filter(
        state=BookingState.CONFIRMED,
        reminded_at=None,
        session__on=tomorrow,
        session__animation__festival__state=FestivalState.PUBLISHED,
    )
    sent = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            if due.filter(pk=pk).update(reminded_at=timezone.now()):
                send_link(SeatBooking.objects.select_related("session__animation__festival").get(pk=pk), reminds=True)
                sent += 1
    return sent


def forget() -> int:
    """Delete the bookings of sessions a month old: names, addresses and all. The session keeps how many seats."""
    before = timezone.localdate() - rules.KEPT_AFTER
    return SeatBooking.objects.filter(session__on__lt=before).delete()[0]
