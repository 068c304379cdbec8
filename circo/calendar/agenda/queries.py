"""What the agenda reads: the events that the apps offer, and the school calendar of where one works."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from circo import registries
from circo.calendar import queries as calendar
from circo.calendar import rules as calendar_rules
from circo.calendar.agenda import rules
from circo.calendar.agenda.rules import Note
from circo.dates import clock, day_in_words
from circo.models import Person
from circo.registries import CalendarEvent
from circo.rules import DAYS

NEXT = 5  # dates that « Mon année » shows


def events_of(person: Person, since: date) -> list[CalendarEvent]:
    """All that is on somebody's agenda and ends on that day or later, in order of time; what is called off as well."""
    found = [event for provider in registries.event_providers() for event in provider(person, since)]
    return sorted(found, key=lambda event: (event.starts_at, event.uid))


@dataclass(frozen=True)
class Entry:
    """One event as a page shows it on one day."""

    title: str
    when: str
    place: str
    url: str
    cancelled: bool


@dataclass(frozen=True)
class Day:
    day: date
    words: str  # « Jeudi 26 novembre »
    is_in_month: bool
    is_today: bool
    note: Note | None
    note_starts: bool
    note_shows: bool  # where it starts, and each Monday: elsewhere it is for screen readers
    entries: Sequence[Entry]


@dataclass(frozen=True)
class MonthPage:
    title: str
    weeks: Sequence[Sequence[Day]]
    gone: Sequence[Day]  # for narrow screens, the days that have something: before today, in the present month
    listed: Sequence[Day]  # and the others
    previous: str
    next: str
    is_current: bool
    has_events: bool
    unknown: str  # why the school calendar is not shown


def month_page(person: Person, month: date, today: date) -> MonthPage:
    """Return a month of somebody's agenda, with the holidays and closures of where they work."""
    weeks = rules.weeks_of(month)
    first, last = weeks[0][0], weeks[-1][-1]
    events = events_of(person, first)
    place = calendar.place_of(person, first, last, on=today)
    shown: list[list[Day]] = []
    before: Note | None = None
    for week in weeks:
        row: list[Day] = []
        for day in week:
            note = rules.day_note(place, day) if place else None
            row.append(_day(day, month, today, note, before, events))
            before = note
        shown.append(row)
    inside = [day for row in shown for day in row if day.is_in_month]
    count = rules.months_between(today, month)
    listed = list(_listed(inside, place, today))
    gone = [day for day in listed if day.day < today] if count == 0 else []
    return MonthPage(
        title=rules.month_in_words(month),
        weeks=shown,
        gone=gone,
        listed=listed[len(gone) :],
        previous=rules.month_code(rules.months_from(today, count - 1)),
        next=rules.month_code(rules.months_from(today, count + 1)),
        is_current=count == 0,
        has_events=any(day.entries for day in inside),
        unknown=_unknown(place, inside[-1].day),
    )


def _unknown(place: calendar_rules.Place | None, day: date) -> str:
    """Why holidays are not shown; nothing where the place says its periods of school by itself."""
    if place is None or calendar_rules.is_published(place.zone, day) or place.changes:
        return ""
    return calendar_rules.unknown_reason(place.zone, day)


def _day(
    day: date, month: date, today: date, note: Note | None, before: Note | None, events: Sequence[CalendarEvent]
) -> Day:
    return Day(
        day=day,
        words=_named(day, today),
        is_in_month=day.month == month.month,
        is_today=day == today,
        note=note,
        note_starts=note is not None and note != before,
        note_shows=note is not None and (note != before or day.weekday() == 0),
        entries=[_entry(event, day) for event in events if _is_on(event, day)],
    )


def _listed(days: Sequence[Day], place: calendar_rules.Place | None, today: date) -> Iterator[Day]:
    """The days that have something. Holidays are said once, on their first day of the month, with their last one."""
    said = set()
    for day in days:
        note = day.note if day.note_starts else None
        if place and day.note and day.note.text == rules.holiday_of(place, day.day):
            last = rules.holiday_until(place, day.day)
            until = f", jusqu’au {day_in_words(last, today)}" if last and last > day.day else ""
            note = None if day.note.text in said else Note("off", day.note.text + until)
            said.add(day.note.text)
        if note or day.entries:
            yield replace(day, note=note)


def _named(day: date, today: date) -> str:
    return f"{DAYS[day.weekday()].capitalize()} {day_in_words(day, today)}"


def _local(event: CalendarEvent) -> tuple[datetime, datetime]:
    return timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)


def _is_on(event: CalendarEvent, day: date) -> bool:
    starts_at, ends_at = _local(event)
    if event.all_day:
        return starts_at.date() <= day <= ends_at.date()
    return rules.is_on(starts_at, ends_at, day)


def _entry(event: CalendarEvent, day: date) -> Entry:
    return Entry(event.title, _when(event, day), event.place, event.url, event.cancelled)


def _when(event: CalendarEvent, day: date) -> str:
    """Say when it is on that day."""
    starts_at, ends_at = _local(event)
    if event.all_day or rules.covers(starts_at, ends_at, day):
        return "toute la journée"
    if starts_at.date() < day:
        return f"jusqu’à {clock(ends_at.time())}"
    if ends_at.date() > day:
        return f"à partir de {clock(starts_at.time())}"
    if ends_at == starts_at:
        return clock(starts_at.time())
    return f"{clock(starts_at.time())}\u00a0– {clock(ends_at.time())}"


# --- « Mon année » -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class NextDate:
    words: str
    entry: Entry


def next_dates(person: Person, now: datetime) -> list[NextDate]:
    """Return the next things on somebody's agenda, those under way first."""
    today = timezone.localdate(now)
    coming = [event for event in events_of(person, today) if event.all_day or event.ends_at >= now]
    return [_next(event, today) for event in coming[:NEXT]]


def _next(event: CalendarEvent, today: date) -> NextDate:
    day = max(_local(event)[0].date(), today)
    return NextDate(_named(day, today), _entry(event, day))
