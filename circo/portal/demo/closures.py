"""What places of the demonstration change of their school calendar this year: all invented."""

from __future__ import annotations

from datetime import date, timedelta

from circo.calendar.rules import ChangeKind
from circo.models import CalendarChange, School

WEDNESDAY, FRIDAY = 2, 4
HEATED = "0271300S"  # the school whose heating breaks down


def changes(first_day: date, schools: dict[str, School]) -> list[CalendarChange]:
    """A Wednesday on which a whole district teaches, and an afternoon without heating."""
    december = date(first_day.year, 12, 1)
    wednesday, friday = _next(december, WEDNESDAY), _next(december, FRIDAY)
    return [
        CalendarChange(
            district=schools[HEATED].district,
            kind=ChangeKind.OPEN,
            starts_on=wednesday,
            ends_on=wednesday,
            ends_half="AM",
            reason="Mercredi travaillé",
        ),
        CalendarChange(
            school=schools[HEATED], starts_on=friday, starts_half="PM", ends_on=friday, reason="Panne de chauffage"
        ),
    ]


def _next(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)
