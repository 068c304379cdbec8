"""What one owes of the 18 hours: the pro rata of a part-time service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from circo.rules import Role

FULL_QUOTA_MINUTES = 18 * 60
# Who owes the 18 hours: teachers, and trainers, who are teachers with a class.
ROLES_WITH_HOURS = frozenset({Role.TEACHER, Role.HEAD_TEACHER, Role.SUBSTITUTE, Role.TRAINER})


@dataclass(frozen=True)
class Share:
    """The part of a full service that one posting holds, over days of one school year, in one place."""

    place: str  # « school:12 »
    in_school: bool
    percent: int
    first: date
    last: date


def share_on(shares: Iterable[Share], day: date) -> int:
    """Return the percentage of a service that somebody holds on a day, 100 at the most.

    Two roles in one school are one service; services in two schools add up. A district counts where no school does: a
    trainer has a class, and the row of the district says nothing of the part-time.
    """
    here = [share for share in shares if share.first <= day <= share.last]
    here = [share for share in here if share.in_school] or here
    by_place: dict[str, int] = {}
    for share in here:
        by_place[share.place] = max(by_place.get(share.place, 0), share.percent)
    return min(100, sum(by_place.values()))


def mean_share(shares: Iterable[Share]) -> Fraction:
    """Return the mean percentage over the days on which some posting is held; 0 if there are none."""
    shares = list(shares)
    borders = sorted({share.first for share in shares} | {date.fromordinal(s.last.toordinal() + 1) for s in shares})
    held = weighted = 0
    for first, after in pairwise(borders):
        days, percent = (after - first).days, share_on(shares, first)
        if percent:
            held += days
            weighted += days * percent
    return Fraction(weighted, held) if held else Fraction(0)


def quota_of(share_percent: Fraction | int) -> int:
    """Return what a part-time service owes of the 18 hours: the pro rata, up to the next whole hour.

    Units:  minutes; 100 % → 18 h, 80 % → 15 h, 75 % → 14 h, 50 % → 9 h, 33 % → 6 h.
    Source: docs/decisions/0020-hours.md.
    """
    return due_of(FULL_QUOTA_MINUTES, share_percent)


def due_of(full_minutes: int, share_percent: Fraction | int) -> int:
    """Return what a part-time service owes of a full duty, up to the next whole hour.

    Units: minutes.
    """
    hours = Fraction(share_percent) * full_minutes / 6000
    return -(-hours.numerator // hours.denominator) * 60
