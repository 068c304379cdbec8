"""What a statement tells of people: their services, their lines, and who may draw it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet

from circo.access import Permission
from circo.hours.queries.accounts import postings_with_hours
from circo.models import HourEntry, Person, SchoolYear, SelfPacedRules


def people_followed(person: Person, year: SchoolYear) -> QuerySet[Person]:
    """Those whose account one follows: who owes hours, or did some, in one's districts that year."""
    districts = person.reach().district_ids_for(Permission.VIEW_HOURS)
    here = Q(school__district_id__in=districts) | Q(district_id__in=districts)
    serving = postings_with_hours(year).filter(here).order_by().values("person_id")
    counted = HourEntry.objects.filter(district_id__in=districts, school_year=year).order_by().values("person_id")
    return Person.objects.filter(Q(pk__in=serving) | Q(pk__in=counted))


def lines_seen(person: Person, person_ids: Iterable[int], year: SchoolYear) -> dict[int, list[HourEntry]]:
    """The entries that count for each of these people, as far as one sees them, the first days first."""
    found: dict[int, list[HourEntry]] = defaultdict(list)
    rows = HourEntry.objects.visible_to(person).counted().filter(person_id__in=list(person_ids), school_year=year)
    for entry in rows.order_by("on", "pk").fetch_mode(models.FETCH_RAISE):
        if entry.person_id is not None:
            found[entry.person_id].append(entry)
    return found


def derogation_words(rules: SelfPacedRules | None, year: SchoolYear, today: date) -> str:
    """Name the derogation under which self-paced hours count that year, if it is, or was, in force."""
    one = rules.derogation if rules else None
    day = min(max(today, year.first_day), year.last_day)
    return f"{one.reference}, {one.authority}" if one and one.starts_on <= day <= one.ends_on else ""
