"""How a day is said in French, as one says it aloud."""

from __future__ import annotations

from datetime import date, time

from circo.calendar.rules import HalfDay
from circo.rules import DAYS, HALF_WORDS, MONTHS


def day_in_words(day: date, today: date) -> str:
    """Say a day: `1er décembre`, and its year when it is not this one."""
    number = "1er" if day.day == 1 else str(day.day)
    year = "" if day.year == today.year else f" {day.year}"
    return f"{number} {MONTHS[day.month - 1]}{year}"


def planned_in_words(half_day: HalfDay, today: date) -> str:
    """Say a half-day: `jeudi 26 novembre, matin`."""
    return f"{DAYS[half_day.day.weekday()]} {day_in_words(half_day.day, today)}, {HALF_WORDS[half_day.half]}"


def clock(at: time) -> str:
    """Say an hour: `17 h`, `8 h 05`."""
    return f"{at.hour}\u00a0h" + (f"\u00a0{at.minute:02d}" if at.minute else "")
