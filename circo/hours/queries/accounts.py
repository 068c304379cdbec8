"""What is read of hours: the account of each person, always by the same function."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet, Sum

from circo.hours import rules
from circo.hours.rules import Account, Mode, Share
from circo.models import District, HourEntry, HoursQuota, Person, Posting, SchoolYear, SelfPacedRules

Services = Mapping[int, Sequence[Posting]]


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
    """What each of these people did of the 18 hours in that year, whatever the district: four queries for all."""
    held = services(person_ids, year)
    return _drawn_up(held, self_paced_of(held), year)


def account_and_rules(person: Person, year: SchoolYear) -> tuple[Account, SelfPacedRules | None]:
    """The account of one person, and what the district decides of self-paced hours."""
    held = services([person.pk], year)
    counting = self_paced_of(held)
    return _drawn_up(held, counting, year)[person.pk], counting.get(person.pk)


def _drawn_up(held: Services, counting: Mapping[int, SelfPacedRules], year: SchoolYear) -> dict[int, Account]:
    owed = _quotas(held, year)
    sums: dict[int, dict[tuple[str, str, str], int]] = defaultdict(dict)
    rows = (
        HourEntry.objects.counted()
        .filter(person_id__in=list(held), school_year=year)
        .order_by("person_id")
        .values_list("person_id", "state", "category", "mode")
        .annotate(total=Sum("minutes"))
    )
    for person_id, state, category, mode, total in rows:
        sums[person_id][state, category, mode] = total
    caps = {pk: one.cap_minutes for pk, one in counting.items()}
    return {pk: rules.account_of(owed[pk], sums[pk], caps.get(pk)) for pk in held}


def services(person_ids: Iterable[int], year: SchoolYear) -> Services:
    """What each of these people held that year that owes hours, the first one first."""
    held: dict[int, list[Posting]] = {pk: [] for pk in person_ids}
    postings = postings_with_hours(year).filter(person_id__in=list(held)).select_related("school", "district")
    for posting in postings.order_by("starts_on", "pk"):
        held[posting.person_id].append(posting)
    return held


def _quotas(held: Services, year: SchoolYear) -> dict[int, int]:
    """What each of these people owes that year: as the team set it, else by the part-time of the postings.

    Units: minutes.
    """
    owed = {pk: rules.quota_of(mean_share(own, year)) for pk, own in held.items()}
    fixed = HoursQuota.objects.filter(person_id__in=list(held), school_year=year)
    return owed | dict(fixed.order_by("pk").values_list("person_id", "minutes"))


def self_paced_of(held: Services) -> dict[int, SelfPacedRules]:
    """What the district in which each of these people works last decides of self-paced hours, if it decides."""
    found = {pk: district_id for pk, own in held.items() if (district_id := _last_district(own)) is not None}
    rows = SelfPacedRules.objects.filter(district_id__in=set(found.values())).select_related("derogation")
    decided = {one.district_id: one for one in rows.order_by("pk")}
    return {pk: decided[district_id] for pk, district_id in found.items() if district_id in decided}


def _last_district(held: Sequence[Posting]) -> int | None:
    """The district of the last of some services; a school says more than a district."""
    if not held:
        return None
    last = ([one for one in held if one.school] or held)[-1]
    return last.school.district_id if last.school else last.district_id


def districts_of(person_ids: Iterable[int], year: SchoolYear) -> dict[int, District]:
    """The district in which each of these people works last that year."""
    found = {pk: _last_district(own) for pk, own in services(person_ids, year).items()}
    districts = District.objects.in_bulk({pk for pk in found.values() if pk is not None})
    return {pk: districts[district_id] for pk, district_id in found.items() if district_id is not None}


def shares_of(person_ids: Iterable[int], year: SchoolYear) -> dict[int, Fraction]:
    """The mean part of a full service that each of these people held that year.

    Units: percent.
    """
    return {pk: mean_share(held, year) for pk, held in services(person_ids, year).items()}


def mean_share(held: Sequence[Posting], year: SchoolYear) -> Fraction:
    """The mean part of a full service over the services of one person.

    Units: percent.
    """
    return rules.mean_share(_share(posting, year) for posting in held)


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


def self_paced_rules(district_id: int) -> SelfPacedRules:
    """What a district decides of self-paced hours; without a row, they all count."""
    found = SelfPacedRules.objects.filter(district_id=district_id).select_related("derogation").first()
    return found or SelfPacedRules(district_id=district_id)


def self_paced_minutes(person: Person, year: SchoolYear, *, without: Iterable[str]) -> int:
    """The self-paced hours of this person that count in that year, those of some sources aside.

    Units: minutes.
    """
    rows = HourEntry.objects.counted().filter(person=person, school_year=year, mode=Mode.SELF_PACED)
    total: int = rows.exclude(source__in=list(without)).aggregate(total=Sum("minutes", default=0))["total"]
    return total
