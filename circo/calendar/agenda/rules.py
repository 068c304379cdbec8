"""A month of somebody's agenda: which days it shows, what is said of each. Pure."""

from __future__ import annotations

import re
from calendar import Calendar
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from circo.calendar import rules
from circo.calendar.rules import HALVES, ChangeKind, HalfDay, Place
from circo.rules import HALF_WORDS, MONTHS

MONTHS_AROUND = 24  # before and after today: what the agenda opens
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


# --- Months --------------------------------------------------------------------------------------------------------
def month_asked(asked: str, today: date) -> date:
    """Read `2026-11` as its first day; the month of today for what is no month, or is too far away."""
    found = _MONTH.fullmatch(asked)
    if not found or not 1 <= int(found[2]) <= 12:
        return today.replace(day=1)
    month = months_from(today, (int(found[1]) - today.year) * 12 + int(found[2]) - today.month)
    return month or today.replace(day=1)


def months_from(today: date, count: int) -> date | None:
    """Return the first day of the month `count` months after today’s; None if the agenda does not open it."""
    if abs(count) > MONTHS_AROUND:
        return None
    years, month = divmod(today.month - 1 + count, 12)
    return date(today.year + years, month + 1, 1)


def months_between(today: date, month: date) -> int:
    """How many months `month` comes after today's."""
    return (month.year - today.year) * 12 + month.month - today.month


def month_code(month: date | None) -> str:
    """Write a month as its address holds it: `2026-11`; nothing for none."""
    return f"{month:%Y-%m}" if month else ""


def month_in_words(month: date) -> str:
    """Name a month: `novembre 2026`."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def weeks_of(month: date) -> list[list[date]]:
    """Return the days of a month by weeks from Monday, with the days that complete the first and the last."""
    return Calendar().monthdatescalendar(month.year, month.month)


# --- What the school calendar says of a day ------------------------------------------------------------------------
@dataclass(frozen=True)
class Note:
    """`kind`: `off` for holidays, `closed` or `open` for what a place changes."""

    kind: str
    text: str


def day_note(place: Place, day: date) -> Note | None:
    """Say what is out of the ordinary on a day of school, or what holiday it is; None for any other day."""
    morning, afternoon = (half_note(place, HalfDay(day, half)) for half in HALVES)
    if morning == afternoon:
        return morning
    said = [(half, note) for half, note in zip(HALVES, (morning, afternoon), strict=True) if note]
    text = ", ".join(f"{HALF_WORDS[half]}\u00a0: {_lowered(note.text)}" for half, note in said)
    return Note(said[0][1].kind, text[0].upper() + text[1:])


def holiday_until(place: Place, day: date) -> date | None:
    """Return the last day of the school holidays that a day lies in; None if it lies in none."""
    name = holiday_of(place, day)
    while name and holiday_of(place, day + rules.A_DAY) == name:
        day += rules.A_DAY
    return day if name else None


def holiday_of(place: Place, day: date) -> str:
    """Name the school holidays that a day lies in; nothing for any other day."""
    return rules.school_holidays(place.zone, day.year).get(day, "")


def half_note(place: Place, half_day: HalfDay) -> Note | None:
    """Say it of a half-day."""
    ordinary = {"", rules.week_reason(place, half_day), rules.unknown_reason(place.zone, half_day.day)}
    change = rules.deciding_change(place, half_day)
    if change is None:
        reason = rules.closure_reason(place, half_day)
        return None if reason in ordinary else Note("off", reason)
    if change.kind == ChangeKind.CLOSED:
        return Note("closed", change.reason)
    decreed = rules.closure_reason(replace(place, changes=()), half_day)
    is_news = decreed and decreed != rules.unknown_reason(place.zone, half_day.day)
    return Note("open", f"Classe ({_lowered(change.reason)})") if is_news else None


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


# --- When something is ---------------------------------------------------------------------------------------------
def is_on(starts_at: datetime, ends_at: datetime, day: date) -> bool:
    """Tell whether something touches a day, in local time. What ends at midnight does not touch the next day."""
    if ends_at > starts_at:
        ends_at -= timedelta(microseconds=1)
    return starts_at.date() <= day <= ends_at.date()


def covers(starts_at: datetime, ends_at: datetime, day: date) -> bool:
    """Tell whether something takes a day from its first to its last minute."""
    midnight = datetime.combine(day, time.min, starts_at.tzinfo)
    return starts_at <= midnight and ends_at >= midnight + timedelta(days=1)
