"""What is read of hours: the account of each person, always by the same function."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet, Sum

from circo.hours import rules
from circo.hours.rules import Account, Share
from circo.models import HourEntry, HoursQuota, Person, Posting, SchoolYear


def year_holding(on: date) -> SchoolYear | None:
    """The school year of a day, if it was opened."""
    return SchoolYear.objects.holding(on).first()


def year_asked(text: str, today: date) -> SchoolYear | None:
    """The school year that begins in the year typed in an address; else the present one, if it was opened."""
    asked = SchoolYear.objects.filter(first_day__year=int(text)).first() if re.fullmatch(r"2\d{3}", text) else None
    return asked or year_holding(today)


def account(person: Person, year: SchoolYear) -> Account:
    """What this person did of the 18 hours in that year."""
    return accounts([person.pk], year)[person.pk]


def accounts(person_ids: Iterable[int], year: SchoolYear) -> dict[int, Account]:
    """What each of these people did of the 18 hours in that year, whatever the district: three queries for all."""
    ids = set(person_ids)
    quotas = quotas_of(ids, year)
    sums: dict[int, dict[tuple[str, str, str], int]] = defaultdict(dict)
    rows = (
        HourEntry.objects.counted()
        .filter(person_id__in=ids, school_year=year)
        .order_by("person_id")
        .values_list("person_id", "state", "category", "mode")
        .annotate(total=Sum("minutes"))
    )
    for person_id, state, category, mode, total in rows:
        sums[person_id][state, category, mode] = total
    return {pk: rules.account_of(quotas[pk], sums[pk]) for pk in ids}


def quotas_of(person_ids: Iterable[int], year: SchoolYear) -> dict[int, int]:
    """What each of these people owes that year: as the team set it, else by the part-time of the postings.

    Units: minutes.
    """
    ids = set(person_ids)
    quotas = {pk: rules.quota_of(share) for pk, share in shares_of(ids, year).items()}
    fixed = HoursQuota.objects.filter(person_id__in=ids, school_year=year)
    return quotas | dict(fixed.order_by("pk").values_list("person_id", "minutes"))


def shares_of(person_ids: Iterable[int], year: SchoolYear) -> dict[int, Fraction]:
    """The mean part of a full service that each of these people held that year.

    Units: percent.
    """
    held: dict[int, list[Share]] = {pk: [] for pk in person_ids}
    postings = postings_with_hours(year).filter(person_id__in=list(held))
    for posting in postings.order_by("pk"):
        held[posting.person_id].append(_share(posting, year))
    return {pk: rules.mean_share(shares) for pk, shares in held.items()}


def postings_with_hours(year: SchoolYear) -> QuerySet[Posting]:
    """The services of a school year that owe hours."""
    in_the_year = Q(ends_on__isnull=True) | Q(ends_on__gte=year.first_day)
    return Posting.objects.filter(in_the_year, starts_on__lte=year.last_day, role__in=rules.ROLES_WITH_HOURS)


def _share(posting: Posting, year: SchoolYear) -> Share:
    place = f"school:{posting.school_id}" if posting.school_id else f"district:{posting.district_id}"
    last = min(posting.ends_on or year.last_day, year.last_day)
    first = max(posting.starts_on, year.first_day)
    return Share(place, posting.school_id is not None, posting.share_percent, first, last)


def district_on(person: Person, on: date) -> int | None:
    """The district that answers for this person's hours on a day: that of a school first; None if nobody does."""
    held = Posting.objects.in_force(on).filter(person=person, role__in=rules.ROLES_WITH_HOURS)
    rows = held.order_by("starts_on", "pk").values_list("school__district_id", "district_id")
    found = [school_district or district for school_district, district in sorted(rows, key=lambda row: row[0] is None)]
    return found[0] if found else None
