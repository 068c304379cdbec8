"""The seats that visitors book at the festival: a first name, an e-mail, a number, for thirty days.

Source: docs/decisions/0029-festival.md
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.rules import worded
from events.festival import rules
from events.festival.rules import BookingState
from events.models.festival import AnimationSession


class SeatBookingQuerySet(models.QuerySet["SeatBooking"]):
    def live(self) -> Self:
        """Those that hold seats, or wait for some."""
        return self.filter(state__in=rules.LIVE)


class SeatBooking(models.Model):
    """The seats of one e-mail address at one session. Nobody has an account: the link of the mail is the key."""

    session = models.ForeignKey(AnimationSession, models.CASCADE, related_name="bookings", verbose_name="séance")
    first_name = models.CharField("prénom", max_length=rules.FIRST_NAME_MAX)
    email = models.EmailField("e-mail")
    seats = models.PositiveSmallIntegerField("places")
    state = models.CharField("état", max_length=9, choices=worded(rules.BOOKING_LABELS))
    asked_at = models.DateTimeField("demandée le", default=timezone.now)
    held_until = models.DateTimeField("gardée jusqu’au", null=True, blank=True)
    reminded_at = models.DateTimeField("rappelée le", null=True, blank=True)
    # A keyed trace of the connection, of this session alone; forgotten once somebody answers from the mail.
    trace = models.CharField(max_length=64, blank=True, editable=False)

    objects = SeatBookingQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "email"], condition=Q(state__in=rules.LIVE), name="seat_booking_once"
            ),
            models.CheckConstraint(condition=Q(seats__range=(1, rules.SEATS_MOST)), name="seat_booking_seats"),
            models.CheckConstraint(
                condition=~Q(state=BookingState.HELD) | Q(held_until__isnull=False), name="seat_booking_held_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name}, {self.seats} place(s)"
