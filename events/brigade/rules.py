"""Pure rules of the brigade: kinds of substitutes, why one is not free, which half-days a period holds, capacity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

from circo.calendar.rules import FRIDAY, HALVES, HalfDay, half_days_between
from circo.errors import Refusal
from circo.rules import levels_in_order

NOTE_MAX, PHONE_MAX = 200, 30
PHONE_READ_BY = (
    "Lu par la cellule remplacement et, le jour du remplacement, par la direction et l’enseignant·e concernés."
)
LONGEST = timedelta(days=366)  # of one unavailability: beyond, it is a typing mistake
RESERVE_PERCENT, LIMIT_KM, SAME_FACE_CENTS, DETOUR_PERCENT = 10, 45, 800, 130
# What a substitute who is taken is taken by. Calendars say no more: a visit or a meeting is theirs to tell.
UNAVAILABLE, ON_MISSION = "Indisponible", "Un remplacement"
SAID = (UNAVAILABLE, ON_MISSION)


class Kind(StrEnum):
    ALL = "ALL"
    NEAR = "NEAR"
    TRAINING = "TRAINING"


KIND_LABELS = {
    Kind.ALL: "brigade départementale",
    Kind.NEAR: "remplacements proches (ZIL)",
    Kind.TRAINING: "formation continue",
}


class Cause(StrEnum):
    MISSION = "MISSION"
    PART_TIME = "PART_TIME"
    TRAINING = "TRAINING"
    LEAVE = "LEAVE"
    OTHER = "OTHER"


CAUSE_LABELS = {
    Cause.MISSION: "mission longue",
    Cause.PART_TIME: "temps partiel",
    Cause.TRAINING: "formation",
    Cause.LEAVE: "congé",
    Cause.OTHER: "autre",
}


def levels_fault(preferred: Collection[str], refused: Collection[str]) -> str:
    """Say why these levels can't be those of one substitute; nothing if they can."""
    both = set(preferred) & set(refused)
    return f"Un niveau est préféré ou exclu, pas les deux\u00a0: {', '.join(levels_in_order(both))}." if both else ""


def held(first: HalfDay, last: HalfDay) -> list[HalfDay]:
    """Return the half-days of the working week from one to the other, both included.

    Raises: Refusal for a period that goes backwards, is too long, or holds no working day.
    """
    if last < first:
        raise Refusal("La fin vient après le début.")
    if last.day - first.day > LONGEST:
        raise Refusal("Une indisponibilité dure un an au plus\u00a0: vérifiez les dates.")
    found = [
        each
        for each in half_days_between(first.day, last.day)
        if first <= each <= last and each.day.weekday() <= FRIDAY
    ]
    if not found:
        raise Refusal("Cette période ne tient qu’un week-end\u00a0: personne n’y travaille.")
    return found


def kept(count: int, reserve_percent: int) -> int:
    """Return how many of `count` free substitutes are kept for sick leave: the share, rounded up."""
    return ceil(count * reserve_percent / 100)


def capacity(free: Mapping[date, int], reserve_percent: int) -> dict[date, int]:
    """Return how many substitutes can be asked on each day, once the reserve is kept."""
    return {day: count - kept(count, reserve_percent) for day, count in free.items()}


def free_all_day(free: Iterable[Collection[HalfDay]], days: Iterable[date]) -> dict[date, int]:
    """Count, on each of these days, who is free both morning and afternoon."""
    of_each = list(free)
    return {day: sum(all(HalfDay(day, half) in mine for half in HALVES) for mine in of_each) for day in days}
