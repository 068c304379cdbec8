"""Which half-days are school half-days here, and who is taken on which: the two questions of whoever plans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date

from django.db.models import F

from circo import registries
from circo.calendar import rules
from circo.calendar.rules import HalfDay
from circo.models import Posting, School
from circo.registries import Busy
from circo.rules import HALF_DAYS, WeekPattern


def school_half_days(schools: Iterable[School], first: date, last: date) -> dict[int, set[HalfDay]]:
    """Return the half-days on which each of these schools teaches, both days included. Costs one query.

    Source: docs/decisions/0019-calendar.md (zones, weeks, changes; the narrower wins, then the later).
    """
    places = _places([school.pk for school in schools])
    return {pk: rules.school_half_days(place, first, last) for pk, place in places.items()}


def is_school_half_day(school: School, half_day: HalfDay) -> bool:
    """Tell whether this school teaches on this half-day."""
    return not closure_reason(school, half_day)


def closure_reason(school: School, half_day: HalfDay) -> str:
    """Say in a few words of French why this school does not teach on this half-day; empty if it does.

    It reads by itself, and after a colon: « Vacances de Noël », « Férié : Armistice ».
    """
    return rules.closure_reason(_places([school.pk])[school.pk], half_day)


def _places(school_ids: Collection[int]) -> dict[int, rules.Place]:
    rows = School.objects.filter(pk__in=school_ids).values(
        "pk",
        "week_pattern",
        "closed_on",
        code=F("district__departement__code"),
        chosen_zone=F("district__departement__holiday_zone"),
    )
    return {
        row["pk"]: rules.Place(
            code=row["code"],
            zone=rules.zone_of(row["code"], row["chosen_zone"]),
            week=WeekPattern(row["week_pattern"]),
            closed_on=row["closed_on"],
        )
        for row in rows.order_by("pk")
    }


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
