"""Pure rules of statements: months as an address says them, days paid once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from circo.rules import MONTHS

ESTIMATE = "Une estimation, d’après le barème en vigueur ce jour-là\u00a0: ARIA fait foi."


@dataclass(frozen=True)
class Month:
    first: date

    @property
    def last(self) -> date:
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> Month:
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def former(self) -> Month:
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def code(self) -> str:
        return f"{self.first:%Y-%m}"

    def __str__(self) -> str:
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"


def month_of(text: str, today: date) -> Month:
    """Read `2027-03`; the month of today for anything else, or what nobody planned."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return Month(today.replace(day=1))
    return Month(first) if abs(first.year - today.year) <= 5 else Month(today.replace(day=1))


@dataclass(frozen=True)
class Worked:
    """One class that a substitute took. Units: metres, cents of euro for the day, if it were the only school."""

    on: date
    moment: str
    school: str
    metres: int | None
    is_estimate: bool
    cents: int


@dataclass(frozen=True)
class Day:
    """One day of a statement: the farthest school is paid, once."""

    on: date
    parts: tuple[Worked, ...]
    is_planned: bool  # not worked yet: nothing is due

    @property
    def cents(self) -> int:
        return max(one.cents for one in self.parts)


@dataclass(frozen=True)
class Statement:
    days: tuple[Day, ...]

    @property
    def cents(self) -> int:
        """What the days that were worked come to."""
        return sum(day.cents for day in self.days if not day.is_planned)

    @property
    def planned_cents(self) -> int:
        return sum(day.cents for day in self.days if day.is_planned)

    @property
    def worked(self) -> int:
        return sum(not day.is_planned for day in self.days)


def statement_of(parts: Iterable[Worked], today: date) -> Statement:
    """Put what was worked together, day by day, whatever the order in which it comes."""
    by_day: dict[date, list[Worked]] = {}
    for one in parts:
        by_day.setdefault(one.on, []).append(one)
    order = sorted(by_day)
    return Statement(
        tuple(
            Day(on, tuple(sorted(by_day[on], key=lambda one: (one.moment, one.school))), is_planned=on > today)
            for on in order
        )
    )
