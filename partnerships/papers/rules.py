"""Pure rules of the papers of placements: their limits, days in words, when one may sign, the balance of a year."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from circo import french
from circo.calendar.rules import HalfDay
from circo.documents.rules import NO_BREAK, day, weekday
from circo.rules import HALF_WORDS
from partnerships.cohorts.rules import KIND_LABELS, DayKind

NAME_MAX, LINE_MAX, TEXT_MAX, HOURS_MAX = 160, 300, 4000, 2000
SIGNED_WITHIN = timedelta(days=30)  # later, one trusts no memory: the coordinator notes it
ACTIVITIES = {
    DayKind.OBSERVATION: "Observer la classe, avec les questions de la formation.",
    DayKind.ACCOMPANIED: "Prendre en main des séances, en présence de l’enseignant ou de l’enseignante de la classe.",
    DayKind.RESPONSIBILITY: "Tenir la classe, un adulte référent étant présent dans l’école.",
}


def counted(count: int) -> str:
    return f"{count}{NO_BREAK}demi-journée{'s' if count > 1 else ''}"


def presence(kinds: Sequence[DayKind]) -> str:
    """Say how long a placement is: `6 demi-journées : 4 d’observation, 2 de responsabilité`."""
    parts = [f"{kinds.count(kind)}{NO_BREAK}{french.of(KIND_LABELS[kind])}" for kind in DayKind if kind in kinds]
    return f"{counted(len(kinds))}{NO_BREAK}: {', '.join(parts)}"


def period(days: Collection[date]) -> str:
    """Say from when to when: `du 11 janvier 2027 au 2 février 2027`, `le 11 janvier 2027`."""
    first, last = min(days), max(days)
    return f"le {day(first)}" if first == last else f"du {day(first)} au {day(last)}"


def moment(half_day: HalfDay) -> str:
    """Say a half-day on paper: `lundi 11 janvier 2027, matin`."""
    return f"{weekday(half_day.day)}, {HALF_WORDS[half_day.half]}"


def weeks(half_days: Iterable[HalfDay]) -> list[list[HalfDay]]:
    """The half-days of each week, in order: one sheet of signatures each."""
    return [list(some) for _, some in groupby(sorted(set(half_days)), key=lambda one: one.day.isocalendar()[:2])]


def may_sign(half_day: HalfDay, today: date) -> bool:
    """Whether one may still say who was there: the day itself, and the month after it."""
    return half_day.day <= today <= half_day.day + SIGNED_WITHIN


@dataclass(frozen=True)
class Balance:
    """What a year of placements came to, in half-days of students by kind, and people."""

    name: str
    by_kind: tuple[int, ...]  # in the order of the kinds
    students: int
    classes: int
    schools: int
    freed: int  # half-days on which a teacher was freed
    observed: int  # visits that teachers made to colleagues
    tutor_visits: int

    @property
    def half_days(self) -> int:
        return sum(self.by_kind)

    @property
    def cells(self) -> tuple[int, ...]:
        """Its figures, in the order of `BALANCE_HEADER`."""
        return (*self.by_kind, self.students, self.classes, self.schools, self.freed, self.observed, self.tutor_visits)

    @property
    def pairs(self) -> list[tuple[str, int]]:
        return list(zip(BALANCE_HEADER[1:], self.cells, strict=True))


BALANCE_HEADER = (
    "Promotion ou circonscription",
    "Observation",
    "Pratique accompagnée",
    "Responsabilité",
    "Étudiants",
    "Classes",
    "Écoles",
    "Demi-journées où un enseignant est libéré",
    "Visites faites entre enseignants",
    "Visites de tutorat",
)


def balance_rows(found: Iterable[Balance]) -> list[Sequence[object]]:
    """The balance as a table, its titles first. Half-days are of students, but where a teacher is freed."""
    return [BALANCE_HEADER, *((one.name, *one.cells) for one in found)]
