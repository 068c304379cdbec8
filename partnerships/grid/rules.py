"""Pure rules of the grid: its weeks, and what one half-day of one class is for those whom one places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from circo.calendar.rules import HalfDay, half_days_between
from circo.rules import HALF_DAYS
from partnerships.cohorts.rules import DayKind
from partnerships.placements.rules import seats_for

WEEKS = 4
NEVER = "WED_PM"  # no school anywhere


class Look(StrEnum):
    """What a half-day of a class is, in one letter: as the page colours it."""

    FREE = "f"
    NOT_OFFERED = "n"
    CLOSED = "x"  # the school, or the past
    AWAY = "a"  # the teacher
    FULL = "t"
    LIMIT = "l"  # of the class in the year, of the school in the period
    ELSEWHERE = "p"  # the students are


@dataclass(frozen=True)
class Facts:
    """All that is known of one half-day of one class; a reason is empty where it does not hold."""

    is_over: bool = False
    is_offered: bool = True
    closure: str = ""
    away: str = ""
    taken: Collection[int] = ()
    seats: int = 1
    limit: str = ""
    elsewhere: str = ""


@dataclass(frozen=True)
class Verdict:
    look: Look
    words: str
    free: int = 0

    @property
    def is_bookable(self) -> bool:
        return self.look is Look.FREE


def verdict(facts: Facts, kind: DayKind, count: int) -> Verdict:
    """Say whether so many students may do a kind of day there, and why not: the first reason that holds.

    What takes the teacher is no reason against students who hold the class.
    """
    free = max(0, facts.seats - len(set(facts.taken)))
    if facts.is_over:
        return Verdict(Look.CLOSED, "C’est passé")
    if facts.closure:
        return Verdict(Look.CLOSED, facts.closure)
    if not facts.is_offered:
        return Verdict(Look.NOT_OFFERED, "La classe n’est pas proposée à ce moment")
    if facts.away and kind is not DayKind.RESPONSIBILITY:
        return Verdict(Look.AWAY, f"L’enseignant·e n’est pas avec sa classe\u00a0: {facts.away}")
    if seats_for(kind, count, facts.taken, facts.seats) is None:
        return Verdict(Look.FULL, _full(facts, kind, count, free), free)
    if facts.limit:
        return Verdict(Look.LIMIT, facts.limit, free)
    if facts.elsewhere:
        return Verdict(Look.ELSEWHERE, facts.elsewhere, free)
    return Verdict(Look.FREE, f"{free}\u00a0place{'s' if free > 1 else ''} libre{'s' if free > 1 else ''}", free)


def _full(facts: Facts, kind: DayKind, count: int, free: int) -> str:
    if kind is DayKind.RESPONSIBILITY and facts.taken:
        return "Qui tient la classe y est sans autre étudiant\u00a0: quelqu’un vient déjà"
    if free == 0:
        return "Complet"
    return f"{free}\u00a0place{'s' if free > 1 else ''} libre{'s' if free > 1 else ''}, il en faut {count}"


def monday_of(day: date) -> date:
    """The Monday of the week of a day; of the next week at the weekend, when the week is over."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day - timedelta(days=day.weekday())


def columns(first: date, weeks: int = WEEKS) -> list[HalfDay]:
    """The half-days of some weeks from a Monday on: those of school weeks, of four days and a half at most."""
    last = first + timedelta(weeks=weeks, days=-1)
    return [one for one in half_days_between(first, last) if one.week_code in HALF_DAYS and one.week_code != NEVER]


def initials(name: str) -> str:
    """Two letters for a name, as a cell of the grid has room for: « Inès Garreau » is IG."""
    words = name.replace("-", " ").split()
    return "".join(word[0].upper() for word in (words[0], words[-1])) if words else ""
