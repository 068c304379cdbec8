"""What is forgotten of bookings."""

from __future__ import annotations

from datetime import datetime

from networks.models import Booking


def forget_passed(before: datetime) -> None:
    """Delete the bookings cancelled before that instant whose hours were over by then. Safe to run twice."""
    Booking.objects.filter(cancelled_at__lt=before, ends_at__lt=before).delete()
