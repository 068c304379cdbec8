"""What an event counts for, in whole quarters of an hour."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

QUARTER_MINUTES = 15
ENTRY_MINUTES_MAX = 30 * 60  # the longest course of a year; beyond, a typing mistake


class Category(StrEnum):
    TRAINING_FORMATION = "TRAINING_FORMATION"
    TRAINING_ANIMATION = "TRAINING_ANIMATION"


CATEGORY_LABELS = {
    Category.TRAINING_FORMATION: "formation continue",
    Category.TRAINING_ANIMATION: "animation pédagogique",
}


class Mode(StrEnum):
    IN_PERSON = "IN_PERSON"
    SYNCHRONOUS = "SYNCHRONOUS"
    SELF_PACED = "SELF_PACED"


MODE_LABELS = {
    Mode.IN_PERSON: "en présence",
    Mode.SYNCHRONOUS: "à distance, en direct",
    Mode.SELF_PACED: "à distance, à son rythme",
}
DISTANCE = frozenset({Mode.SYNCHRONOUS, Mode.SELF_PACED})


class Counting(StrEnum):
    COUNTS = "COUNTS"
    NOT = "NOT"
    PARTLY = "PARTLY"


COUNTING_LABELS = {
    Counting.COUNTS: "compte dans les 18 heures",
    Counting.NOT: "ne compte pas",
    Counting.PARTLY: "compte en partie",
}


def is_quarter(minutes: int) -> bool:
    """Tell whether a duration is made of whole quarters of an hour."""
    return minutes % QUARTER_MINUTES == 0


def credited_minutes(
    counting: Counting, duration_minutes: int, counted_minutes: int | None, attended_share: float | Fraction = 1
) -> int:
    """Return the minutes that an event gives to somebody who was there for `attended_share` of it.

    Units:  minutes; the result is the nearest quarter of an hour (the higher one halfway), never above what counts.
    Raises: ValueError for a share outside 0…1, a negative duration, or PARTLY without minutes.
    """
    if not 0 <= attended_share <= 1:
        raise ValueError("a share lies between 0 and 1")
    if duration_minutes < 0 or (counted_minutes or 0) < 0:
        raise ValueError("negative duration")
    if counting is Counting.NOT:
        return 0
    most = duration_minutes
    if counting is Counting.PARTLY:
        if counted_minutes is None:
            raise ValueError("partly counted, without minutes")
        most = min(duration_minutes, counted_minutes)
    most -= most % QUARTER_MINUTES
    quarters = Fraction(most, QUARTER_MINUTES) * Fraction(attended_share)
    return min(most, int(quarters + Fraction(1, 2)) * QUARTER_MINUTES)
