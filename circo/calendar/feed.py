"""Agendas as iCalendar (RFC 5545): the feed that other calendars subscribe to, and the file of one event.

Time zones are written by hand, as Outlook reads them: `icalendar` writes sixty dates, whose summers begin an hour late.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import parseaddr
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration

from circo.calendar.agenda.queries import events_of
from circo.models import Person
from circo.registries import CalendarEvent

PARIS = ZoneInfo("Europe/Paris")
KEPT = timedelta(days=180)  # of the past: other calendars forget what a feed no longer says
CALLED_OFF_KEPT = timedelta(days=45)  # after its day: time for the slowest subscriber
ASKED_EVERY = timedelta(hours=1)
_PARIS = b"""BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Feed:
    body: bytes
    changed_at: datetime


def feed_of(person: Person, now: datetime) -> Feed:
    """Return somebody's agenda for the calendars that subscribe to it. The same events make the same bytes.

    Bound: `changed_at` is that of the last change, or the beginning of the day: what leaves the agenda without a word
    (a group that one has left) is seen by its date at midnight, and by its bytes at once.
    """
    events = [event for event in events_of(person, timezone.localdate(now - KEPT)) if _is_told(event, now)]
    midnight = datetime.combine(timezone.localdate(now), time.min, PARIS)
    changed_at = max((event.updated_at for event in events if event.updated_at <= now), default=midnight)
    return Feed(_written(events, "PUBLISH"), max(changed_at, midnight))


def _is_told(event: CalendarEvent, now: datetime) -> bool:
    return not event.cancelled or event.ends_at >= now - CALLED_OFF_KEPT


def file_of(events: Iterable[CalendarEvent], title: str) -> bytes:
    """Return some events as one file to open in a calendar, under a title."""
    return _written(events, "PUBLISH", title=title)


def invitation(event: CalendarEvent, *, method: Literal["REQUEST", "CANCEL"], attendee: Person | None = None) -> bytes:
    """Return the file of one event, for a mail or a download: it enters a calendar, or goes out of it.

    Its identity is that of the feed: a calendar that has both shows one. An answer is asked of nobody.
    Raises: ValueError for what was called off and is asked for, or the other way round.
    """
    if (method == "CANCEL") != event.cancelled:
        raise ValueError(f"{method} of an event that is {'' if event.cancelled else 'not '}called off")
    return _written([event], method, attendee)


def _written(
    events: Iterable[CalendarEvent], method: str, attendee: Person | None = None, title: str = "mon agenda"
) -> bytes:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//{_text(settings.PLATFORM['name'])}//Agenda//FR")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    if method == "PUBLISH":
        calendar.add("X-WR-CALNAME", _text(f"{settings.PLATFORM['name']}, {title}"))
        calendar.add("X-WR-TIMEZONE", "Europe/Paris")
        calendar.add("REFRESH-INTERVAL", vDuration(ASKED_EVERY), parameters={"VALUE": "DURATION"})
        calendar.add("X-PUBLISHED-TTL", vDuration(ASKED_EVERY))
    calendar.add_component(Timezone.from_ical(_PARIS))
    for event in events:
        component = _component(event)
        if method != "PUBLISH":
            _address(component, attendee)
        calendar.add_component(component)
    return calendar.to_ical()


def _component(event: CalendarEvent) -> Event:
    made = Event()
    link = f"{settings.SITE_URL}{event.url}" if event.url else ""
    prefix = "Annulé\u00a0: " if event.cancelled else ""  # for the calendars that know no STATUS
    made.add("UID", _uid(event))
    made.add("SEQUENCE", event.sequence)
    made.add("DTSTAMP", event.updated_at.astimezone(UTC))
    made.add("LAST-MODIFIED", event.updated_at.astimezone(UTC))
    made.add("SUMMARY", _text(prefix + event.title))
    for name, value in zip(("DTSTART", "DTEND"), _bounds(event), strict=True):
        made.add(name, value)
    made.add("STATUS", "CANCELLED" if event.cancelled else "CONFIRMED")
    made.add("TRANSP", "TRANSPARENT" if event.cancelled or event.all_day else "OPAQUE")
    if event.place:
        made.add("LOCATION", _text(event.place))
    if said := "\n\n".join(filter(None, (event.description, link))):
        made.add("DESCRIPTION", _text(said))
    if link:
        made.add("URL", link)
    return made


def _bounds(event: CalendarEvent) -> tuple[Any, Any]:
    """Its ends, as iCalendar counts them: the last day of a whole day is the one after."""
    starts_at, ends_at = (timezone.localtime(at, PARIS) for at in (event.starts_at, event.ends_at))
    if event.all_day:
        return starts_at.date(), ends_at.date() + timedelta(days=1)
    return starts_at, ends_at


def _uid(event: CalendarEvent) -> str:
    return _text(f"{event.uid}@{urlsplit(settings.SITE_URL).hostname}")


def _address(component: Event, attendee: Person | None) -> None:
    """Say who invites, and whom: RFC 5546 asks for both."""
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = _quotable(settings.PLATFORM["name"])
    component.add("ORGANIZER", organizer)
    if attendee is not None:
        invited = vCalAddress(f"mailto:{attendee.email}")
        invited.params |= {"CN": _quotable(str(attendee)), "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"}
        component.add("ATTENDEE", invited)


def _text(text: str) -> str:
    """What a value of iCalendar may hold: lines, and no other control character, which some readers choke on."""
    lines = "\n".join(text.splitlines())
    return "".join(each for each in lines if each == "\n" or unicodedata.category(each) not in ("Cc", "Cs"))


def _quotable(text: str) -> str:
    """What a parameter may hold between quotes."""
    return _text(text).replace('"', "”").replace("\n", " ")
