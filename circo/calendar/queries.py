"""Which half-days are school half-days here, and who is taken on which: the two questions of whoever plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from circo import registries
from circo.calendar import rules
from circo.calendar.rules import HalfDay
from circo.models import CalendarChange, Person, Posting, School
from circo.registries import Busy
from circo.rules import HALF_DAYS, WeekPattern


def school_half_days(schools: Iterable[School], first: date, last: date) -> dict[int, set[HalfDay]]:
    """Return the half-days on which each of these schools teaches, both days included. Costs two queries.

    Source: docs/decisions/0019-calendar.md (zones, weeks, changes; the narrower wins, then the later).
    """
    places = _places([school.pk for school in schools], first, last)
    return {pk: rules.school_half_days(place, first, last) for pk, place in places.items()}


def is_school_half_day(school: School, half_day: HalfDay) -> bool:
    """Tell whether this school teaches on this half-day."""
    return not closure_reason(school, half_day)


def closure_reason(school: School, half_day: HalfDay) -> str:
    """Say in a few words of French why this school does not teach on this half-day; empty if it does.

    It reads by itself, and after a colon: « Vacances de Noël », « Férié : Armistice ».
    """
    return rules.closure_reason(_places([school.pk], half_day.day, half_day.day)[school.pk], half_day)


def closure_reasons(asked: Mapping[int, Collection[HalfDay]]) -> dict[int, dict[HalfDay, str]]:
    """Say the same of many half-days of many schools (by key): empty where the school teaches. Costs two queries."""
    days = [one.day for each in asked.values() for one in each]
    places = _places(list(asked), min(days), max(days)) if days else {}
    return {
        pk: {one: rules.closure_reason(places[pk], one) for one in half_days} if pk in places else {}
        for pk, half_days in asked.items()
    }


def _places(school_ids: Collection[int], first: date, last: date) -> dict[int, rules.Place]:
    """What the calendar of each school hangs on, with what is changed of it in a period (two queries)."""
    rows = School.objects.filter(pk__in=school_ids).values(
        "week_pattern",
        "closed_on",
        "district_id",
        school_id=F("pk"),
        departement_id=F("district__departement_id"),
        code=F("district__departement__code"),
        chosen_zone=F("district__departement__holiday_zone"),
    )
    schools = list(rows.order_by("pk"))
    changes = _changes(schools, first, last)
    return {row["school_id"]: _place(row, changes) for row in schools}


def place_of(person: Person, first: date, last: date, *, on: date) -> rules.Place | None:
    """What the calendar of somebody's place of work hangs on (two queries): a school before a wider place.

    None for whoever works nowhere on that day.
    """
    departement = [f"{path}departement" for path in ("school__district__", "district__", "", "institution__")]
    row = (
        Posting.objects.in_force(on)
        .filter(person_id=person.pk)
        .order_by(F("school_id").asc(nulls_last=True), F("district_id").asc(nulls_last=True), "pk")
        .values(
            "school_id",
            week_pattern=F("school__week_pattern"),
            closed_on=F("school__closed_on"),
            of_district=Coalesce("school__district_id", "district_id"),
            of_departement=Coalesce(*(f"{path}_id" for path in departement)),
            code=Coalesce(*(f"{path}__code" for path in departement)),
            chosen_zone=Coalesce(*(f"{path}__holiday_zone" for path in departement)),
        )
        .first()
    )
    if row is None:
        return None
    found = {**row, "district_id": row["of_district"], "departement_id": row["of_departement"]}
    return _place(found, _changes([found], first, last))


def _place(row: Mapping[str, Any], changes: Mapping[tuple, Sequence[CalendarChange]]) -> rules.Place:
    return rules.Place(
        code=row["code"],
        zone=rules.zone_of(row["code"], row["chosen_zone"]),
        week=WeekPattern(row["week_pattern"] or WeekPattern.FOUR_DAYS),
        closed_on=row["closed_on"],
        changes=tuple(each.as_change() for place in _nested(row) for each in changes.get(place, ())),
    )


def _nested(row: Mapping[str, Any]) -> tuple[tuple[str, int | None], ...]:
    """The places that a school lies in, the widest first."""
    return ("departement", row["departement_id"]), ("district", row["district_id"]), ("school", row["school_id"])


def _filled(rows: Sequence[Mapping[str, Any]], key: str) -> set[int]:
    return {row[key] for row in rows if row[key] is not None}


def _changes(schools: Sequence[Mapping[str, Any]], first: date, last: date) -> dict[tuple, list[CalendarChange]]:
    """The changes of a period by level and place, the earlier first."""
    rows = CalendarChange.objects.filter(starts_on__lte=last, ends_on__gte=first).filter(
        Q(school__in=_filled(schools, "school_id"))
        | Q(district__in=_filled(schools, "district_id"))
        | Q(departement__in=_filled(schools, "departement_id"))
    )
    found: dict[tuple, list[CalendarChange]] = defaultdict(list)
    for each in rows.order_by("pk").fetch_mode(models.FETCH_RAISE):
        level = "school" if each.school_id else "district" if each.district_id else "departement"
        found[level, each.school_id or each.district_id or each.departement_id].append(each)
    return found


# --- Who is taken --------------------------------------------------------------------------------------------------
def busy(person_ids: Collection[int], first: date, last: date) -> dict[int, list[Busy]]:
    """Return when each of these people is taken, both days included, whichever app takes them; in order of time.

    Everybody asked for has an answer, empty when nothing takes them. The number of queries is that of the providers'.
    """
    asked = set(person_ids)
    found: dict[int, set[Busy]] = {pk: set() for pk in asked}
    for provider in registries.busy_providers():
        for each in provider(asked, first, last):
            if each.person_id in asked and first <= each.half_day.day <= last:
                found[each.person_id].add(each)
    return {pk: sorted(taken) for pk, taken in found.items()}


def taken(person_ids: Collection[int], first: date, last: date) -> dict[tuple[int, HalfDay], list[str]]:
    """Say what takes each of these people on each half-day, but that they do not work then: one may come on one's own
    time. One query more than `busy`."""
    off = {(one.person_id, one.half_day, one.reason) for one in away(person_ids, first, last)}
    found: dict[tuple[int, HalfDay], list[str]] = defaultdict(list)
    for pk, rows in busy(person_ids, first, last).items():
        for one in rows:
            if (pk, one.half_day, one.reason) not in off:
                found[pk, one.half_day].append(one.reason)
    return found


def away(person_ids: Collection[int], first: date, last: date) -> Iterator[Busy]:
    """The half-days on which people do not work, as their postings say (`Posting.half_days`). One query."""
    postings = (
        Posting.objects.filter(person_id__in=person_ids, starts_on__lte=last)
        .in_force_or_coming(first)
        .values_list("person_id", "starts_on", "ends_on", "half_days", "school__week_pattern")
        .order_by("pk")
    )
    of_person: dict[int, list[tuple]] = defaultdict(list)
    for person_id, *posting in postings:
        of_person[person_id].append(tuple(posting))
    partial = {pk: held for pk, held in of_person.items() if any(half_days for _, _, half_days, _ in held)}
    for day in rules.days_between(first, last) if partial else ():
        for person_id, held in partial.items():
            free = _unworked(held, day)
            both = (HalfDay(day, half) for half in rules.HALVES)
            yield from (Busy(person_id, each, "Ne travaille pas") for each in both if each.week_code in free)


def _unworked(held: Collection[tuple], on: date) -> frozenset[str]:
    return rules.unworked(
        [
            (rules.usual_week(week) if week else frozenset(HALF_DAYS), frozenset(half_days))
            for starts_on, ends_on, half_days, week in held
            if starts_on <= on and (ends_on is None or ends_on >= on)
        ]
    )
