"""Pure rules of presences: how one is known, what late and partial ones are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction

from circo.calendar.rules import HALVES, Half
from circo.errors import Refusal
from events.days.rules import Hours

SLUGS: Mapping[Half, str] = {"AM": "matin", "PM": "apres-midi"}  # of a half-day, in addresses
SCAN_MARGIN = timedelta(minutes=30)  # before and after a half-day: three hundred people do not sign at once


class Way(StrEnum):
    """How a presence came to be known."""

    SCAN = "SCAN"
    PAPER = "PAPER"
    LIST = "LIST"


WAY_LABELS = {Way.SCAN: "code scanné", Way.PAPER: "feuille signée", Way.LIST: "liste"}


@dataclass(frozen=True)
class Stay:
    """When somebody was there in a half-day; nothing said: all along."""

    arrived_at: time | None = None
    left_at: time | None = None


def check_stay(stay: Stay, hours: tuple[time, time]) -> None:
    """Refuse an arrival or a departure that the half-day does not hold.

    Raises: Refusal.
    """
    starts, ends = hours
    arrived, left = stay.arrived_at or starts, stay.left_at or ends
    if not starts <= arrived < ends or not starts < left <= ends:
        raise Refusal("L’arrivée et le départ sont dans les heures de la demi-journée.")
    if arrived >= left:
        raise Refusal("Le départ vient après l’arrivée.")


def attended_share(stays: Mapping[Half, Stay], hours: Hours) -> Fraction:
    """The share of a whole day that somebody attended."""
    whole = sum(hours.minutes(half) for half in HALVES)
    return Fraction(attended_minutes(stays, hours), whole)


def attended_minutes(stays: Mapping[Half, Stay], hours: Hours) -> int:
    """The minutes of a day that somebody attended."""
    return sum(_minutes(stay, hours.of(half)) for half, stay in stays.items())


def _minutes(stay: Stay, hours: tuple[time, time]) -> int:
    arrived, left = stay.arrived_at or hours[0], stay.left_at or hours[1]
    return max((left.hour - arrived.hour) * 60 + left.minute - arrived.minute, 0)


def is_signed_now(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Tell whether one may sign for a half-day: during its hours, and around."""
    return starts_at - SCAN_MARGIN <= now <= ends_at + SCAN_MARGIN
