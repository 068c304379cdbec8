"""Half-days, and which of them are school half-days: zones, weeks, holidays, and what a place changes of them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from holidays import France

from circo.rules import DAYS, HALF_WORDS, WeekPattern, school_year_bounds, school_year_label

Half = Literal["AM", "PM"]
HALVES: tuple[Half, Half] = ("AM", "PM")
A_DAY = timedelta(days=1)
FRIDAY = 4  # as date.weekday() counts
WEEK_CODES = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
YEARS_KNOWN = 1900, 2999


@dataclass(frozen=True, order=True)
class HalfDay:
    """The unit of school planning: a morning or an afternoon."""

    day: date
    half: Half

    @property
    def code(self) -> str:
        """As addresses and columns hold it: `2026-11-26_AM`."""
        return f"{self.day.isoformat()}_{self.half}"

    @property
    def week_code(self) -> str:
        """As a week repeats it, and `Posting.half_days` holds it: `THU_AM`."""
        return f"{WEEK_CODES[self.day.weekday()]}_{self.half}"

    @classmethod
    def from_code(cls, code: str) -> HalfDay:
        """Read `2026-11-26_AM`.

        Raises: ValueError for anything else, and for years so far that no school year is reckoned around them.
        """
        day, _, half = code.partition("_")
        if half not in HALVES:
            raise ValueError(f"not a half-day: {code}")
        found = cls(date.fromisoformat(day), half)
        # Python also reads the other writings of ISO 8601.
        if found.code != code or not YEARS_KNOWN[0] <= found.day.year <= YEARS_KNOWN[1]:
            raise ValueError(f"not a half-day: {code}")
        return found


class Zone(StrEnum):
    A = "A"
    B = "B"
    C = "C"


# The départements of each académie; Corsica and the overseas territories are in no zone: their rector sets the year.
ZONES = {
    Zone.A: "01 03 07 15 16 17 19 21 23 24 25 26 33 38 39 40 42 43 47 58 63 64 69 70 71 73 74 79 86 87 89 90",
    Zone.B: "02 04 05 06 08 10 13 14 18 22 27 28 29 35 36 37 41 44 45 49 50 51 52 53 54 55 56 57 59 60 61 62 67 68 "
    "72 76 80 83 84 85 88",
    Zone.C: "09 11 12 30 31 32 34 46 48 65 66 75 77 78 81 82 91 92 93 94 95",
}
ZONE_OF_CODE = {code: zone for zone, codes in ZONES.items() for code in codes.split()}
# Where the law of the place adds public holidays, and how `holidays` names the place.
PUBLIC_SUBDIVISIONS = {"57": "57", "67": "6AE", "68": "6AE"} | {
    code: code for code in ("971", "972", "973", "974", "976")
}
# What the decrees say, and `holidays` has been compared with; outside, that package goes on by guessing.
FIRST_PUBLISHED, LAST_PUBLISHED = date(2017, 9, 4), date(2028, 8, 31)
KEPT = 512  # calendar years remembered: eleven years of every zone and week, and room

_WEEKS = {
    WeekPattern.FOUR_DAYS: frozenset(f"{day}_{half}" for day in ("MON", "TUE", "THU", "FRI") for half in HALVES),
}
_WEEKS[WeekPattern.FOUR_DAYS_AND_A_HALF] = _WEEKS[WeekPattern.FOUR_DAYS] | {"WED_AM"}


class ChangeKind(StrEnum):
    CLOSED = "CLOSED"
    OPEN = "OPEN"  # there is school, whatever the day
    USUAL = "USUAL"  # there is school on the days of the usual week


@dataclass(frozen=True)
class Change:
    """What a place changes of its calendar, from one half-day to another, both included."""

    kind: ChangeKind
    first: HalfDay
    last: HalfDay
    reason: str = ""

    def holds(self, half_day: HalfDay) -> bool:
        return self.first <= half_day <= self.last


@dataclass(frozen=True)
class Place:
    """What the calendar of a school hangs on. `changes`: the wider and the earlier first, the last word last."""

    code: str  # of the département
    zone: str  # empty: in none
    week: WeekPattern
    closed_on: date | None = None
    changes: Sequence[Change] = ()


def zone_of(code: str, chosen: str = "") -> str:
    """Return the zone of a département: the one that was chosen, else that of its code; empty if it is in none.

    Source: arrêté of 22 October 2025 (académies of each zone, 2026-27) and the departments of each académie.
    """
    return chosen or ZONE_OF_CODE.get(code, "")


def days_between(first: date, last: date) -> Iterator[date]:
    """Each day, both included."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def half_days_between(first: date, last: date) -> Iterator[HalfDay]:
    """Both halves of each day, both days included."""
    return (HalfDay(day, half) for day in days_between(first, last) for half in HALVES)


def usual_week(week: WeekPattern) -> frozenset[str]:
    """Return the half-days with school of an ordinary week, as `MON_AM`."""
    return _WEEKS[WeekPattern(week)]


@lru_cache(maxsize=KEPT)
def public_holidays(code: str, year: int) -> Mapping[date, str]:
    """Name the public holidays of a calendar year in a département. Never changed by who reads it: it is kept."""
    return _named(France(subdiv=PUBLIC_SUBDIVISIONS.get(code), years=year, language="fr"), year)


@lru_cache(maxsize=KEPT)
def school_holidays(zone: str, year: int) -> Mapping[date, str]:
    """Name the days of school holidays of a calendar year in a zone, weekends included. Never changed: it is kept.

    Bound: nothing outside the published years, nor in a place that is in no zone.
    """
    if not zone:
        return {}
    found = _named(France(subdiv=f"Zone {zone}", categories=("school",), years=year, language="fr"), year)
    return {day: name for day, name in found.items() if is_published(zone, day)}


def _named(found: Mapping[date, str], year: int) -> dict[date, str]:
    return {day: name.replace("'", "’") for day, name in sorted(found.items()) if day.year == year}


def is_published(zone: str, day: date) -> bool:
    """Tell whether the school calendar of that day is known."""
    return bool(zone) and FIRST_PUBLISHED <= day <= LAST_PUBLISHED


@dataclass(frozen=True)
class Edges:
    """The ends of a school year: when teachers come back, then pupils, and when these leave."""

    teachers_back_on: date
    pupils_back_on: date
    last_day: date


@lru_cache(maxsize=KEPT)
def school_year_edges(zone: str, first_year: int) -> Edges | None:
    """Return the ends of the school year that begins in `first_year`; None if it is not published.

    Bound: of a school of four days. The day of the teachers is the last weekday before the pupils', as in every decree
    since 2017; a rector may set another one.
    """
    if not is_published(zone, date(first_year, 9, 1)):
        return None
    back = date(first_year, 9, 1)
    while _is_off("", zone, back) or back.weekday() > FRIDAY:
        back += A_DAY
    before = back - A_DAY
    while before.weekday() > FRIDAY:
        before -= A_DAY
    last = date(first_year + 1, 7, 31)
    while _is_off("", zone, last) or HalfDay(last, "AM").week_code not in usual_week(WeekPattern.FOUR_DAYS):
        last -= A_DAY
    return Edges(before, back, last)


def _is_off(code: str, zone: str, day: date) -> bool:
    return day in public_holidays(code, day.year) or day in school_holidays(zone, day.year)


# --- Which half-days are school half-days --------------------------------------------------------------------------
def school_half_days(place: Place, first: date, last: date) -> set[HalfDay]:
    """Return the half-days of a school on which it teaches, both days included."""
    found = set(_published_half_days(place.code, place.zone, place.week, first, last))
    for change in place.changes:
        span = _span(change, first, last)
        if change.kind == ChangeKind.CLOSED:
            found.difference_update(span)
        elif change.kind == ChangeKind.OPEN:
            found.update(span)
        else:
            found.update(each for each in span if not _ordinary_reason(place, each))
    if place.closed_on and place.closed_on <= last:
        return {each for each in found if each.day < place.closed_on}
    return found


def _span(change: Change, first: date, last: date) -> list[HalfDay]:
    days = half_days_between(max(first, change.first.day), min(last, change.last.day))
    return [each for each in days if change.holds(each)]


@lru_cache(maxsize=KEPT)
def _year_half_days(code: str, zone: str, week: WeekPattern, year: int) -> frozenset[HalfDay]:
    usual = usual_week(week)
    return frozenset(
        each
        for each in half_days_between(date(year, 1, 1), date(year, 12, 31))
        if each.week_code in usual and is_published(zone, each.day) and not _is_off(code, zone, each.day)
    )


def _published_half_days(code: str, zone: str, week: WeekPattern, first: date, last: date) -> Iterable[HalfDay]:
    for year in range(first.year, last.year + 1):
        whole = _year_half_days(code, zone, WeekPattern(week), year)
        yield from (each for each in whole if first <= each.day <= last)


def closure_reason(place: Place, half_day: HalfDay) -> str:
    """Say in a few words of French why a school does not teach on a half-day; empty if it does.

    It reads by itself, and after a colon: « Vacances de Noël », « Férié : Armistice ».
    """
    if place.closed_on and half_day.day >= place.closed_on:
        return f"École fermée depuis le {place.closed_on:%d/%m/%Y}"
    if change := deciding_change(place, half_day):
        return (change.reason or "Fermé") if change.kind == ChangeKind.CLOSED else ""
    return _published_reason(place, half_day)


def deciding_change(place: Place, half_day: HalfDay) -> Change | None:
    """Return the change that has the last word on a half-day.

    A usual week says nothing of the days that have no school in it: what was said before it stands.
    """
    for change in reversed(place.changes):
        if change.holds(half_day) and (change.kind != ChangeKind.USUAL or not _ordinary_reason(place, half_day)):
            return change
    return None


def _published_reason(place: Place, half_day: HalfDay) -> str:
    day = half_day.day
    if day in public_holidays(place.code, day.year):
        return _ordinary_reason(place, half_day)
    if not is_published(place.zone, day):
        return unknown_reason(place.zone, day)
    if name := school_holidays(place.zone, day.year).get(day):
        return "Pré-rentrée, sans les élèves" if _is_teachers_day(place.zone, day) else name
    return _ordinary_reason(place, half_day)


def _is_teachers_day(zone: str, day: date) -> bool:
    edges = school_year_edges(zone, day.year)
    return edges is not None and edges.teachers_back_on == day


def unknown_reason(zone: str, day: date) -> str:
    """Say why the school calendar of a day is not known: the platform would guess, and does not."""
    if not zone:
        return "Calendrier scolaire à saisir\u00a0: ce département n’est dans aucune zone de vacances"
    year = school_year_label(school_year_bounds(day)[0])
    return f"Calendrier scolaire {year} inconnu\u00a0: la plateforme va de 2017 à {LAST_PUBLISHED.year}"


def _ordinary_reason(place: Place, half_day: HalfDay) -> str:
    """Why there would be no school on it in a period of school."""
    if name := public_holidays(place.code, half_day.day.year).get(half_day.day):
        return f"Férié\u00a0: {name}"
    return week_reason(place, half_day)


def week_reason(place: Place, half_day: HalfDay) -> str:
    """Say why an ordinary week of the school has no school on a half-day; empty if it has."""
    if half_day.day.weekday() > FRIDAY:
        return "Week-end"
    if half_day.week_code not in usual_week(place.week):
        return f"Pas de classe le {DAYS[half_day.day.weekday()]} {HALF_WORDS[half_day.half]}"
    return ""


# --- Who does not work ---------------------------------------------------------------------------------------------
def unworked(weeks: Collection[tuple[frozenset[str], frozenset[str]]]) -> frozenset[str]:
    """Return the half-days of a week (`MON_AM`) on which somebody is free of all their postings.

    `weeks`: of each posting, the usual half-days of its place, and those worked of it (empty: all).
    What no place of theirs works (a Wednesday afternoon) is nobody's free time: it is not in it.
    """
    usual = frozenset().union(*(place for place, _ in weeks))
    worked = frozenset().union(*(mine or place for place, mine in weeks))
    return usual - worked
