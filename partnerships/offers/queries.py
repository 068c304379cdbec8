"""Who may offer a class, on which half-days it is to be had, and within which limits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from itertools import product

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from circo import french
from circo.access import Permission
from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay, zone_of
from circo.models import Institution, Person, Posting, School, SchoolYear
from circo.registries import Found
from circo.rules import Role
from circo.search import matching
from networks.models import Membership
from networks.visits import queries as visits
from partnerships.models import HostingRules, HostOffer, PartnerAgreement, PlacementDay
from partnerships.offers import rules
from partnerships.offers.rules import Actor, OfferState, Period


def offers() -> QuerySet[HostOffer]:
    """Offers with all that their half-days hang on."""
    return HostOffer.objects.select_related("person", "school__district__departement", "school_year")


def open_to(institution_id: int, school_year_id: int) -> QuerySet[HostOffer]:
    """The classes that are open to an institution for a year, as `offers()` reads them."""
    return offers().filter(institutions=institution_id, state=OfferState.OPEN, school_year=school_year_id)


# --- Half-days ------------------------------------------------------------------------------------------------------
def half_days(offers: Iterable[HostOffer], first: date, last: date) -> dict[int, dict[HalfDay, str]]:
    """The half-days that each offer gives between two days, both included, in order: each with why it is not to be had
    all the same (the school does not teach, something takes the teacher), empty if it is.

    `offers`: rows of `offers()`. Who is placed there already is not looked at.
    Bound: three queries and those of the busy providers, whatever the number of offers.
    """
    rows = list(offers)
    given = given_half_days(rows, first, last)
    asked: dict[int, set[HalfDay]] = defaultdict(set)
    for offer in rows:
        asked[offer.school_id].update(given[offer.pk])
    closed = calendar.closure_reasons(asked)
    taken = taken_by({offer.person_id for offer in rows}, first, last)
    return {
        offer.pk: {
            one: rules.refusal_of_half_day(closed[offer.school_id][one], taken[offer.person_id, one])
            for one in given[offer.pk]
        }
        for offer in rows
    }


def given_half_days(offers: Collection[HostOffer], first: date, last: date) -> dict[int, list[HalfDay]]:
    """The half-days of the pattern of each offer between two days, in order, as long as its teacher teaches in that
    school. One query."""
    held = Posting.objects.in_force_or_coming(first).filter(
        person_id__in={offer.person_id for offer in offers}, person__is_active=True, role__in=visits.IN_SCHOOL
    )
    spans: dict[tuple[int, int | None], list[tuple[date, date]]] = defaultdict(list)
    for person_id, school_id, start, end in held.values_list("person_id", "school_id", "starts_on", "ends_on"):
        spans[person_id, school_id].append((start, end or last))
    found = {}
    for offer in offers:
        there = spans[offer.person_id, offer.school_id]
        year = year_periods(offer.school, offer.school_year)
        found[offer.pk] = [
            one
            for one in rules.pattern_half_days(offer.pattern, year, first, last)
            if any(start <= one.day <= end for start, end in there)
        ]
    return found


def open_half_days(offers: Iterable[HostOffer], first: date, last: date) -> dict[int, list[HalfDay]]:
    """The half-days on which each class is really to be had, in order: see `half_days`."""
    found = half_days(offers, first, last)
    return {pk: [one for one, reason in days.items() if not reason] for pk, days in found.items()}


def taken_by(person_ids: Collection[int], first: date, last: date) -> Mapping[tuple[int, HalfDay], set[str]]:
    """What takes each of these people, by half-day; that they have students among it."""
    found: dict[tuple[int, HalfDay], set[str]] = defaultdict(set)
    for person_id, rows in calendar.busy(person_ids, first, last).items():
        for one in rows:
            found[person_id, one.half_day].add(one.reason)
    return found


def year_periods(school: School, year: SchoolYear) -> tuple[Period, ...]:
    """The periods of a school year there, from holidays to holidays."""
    departement = school.district.departement
    return rules.periods(zone_of(departement.code, departement.holiday_zone), year.first_day, year.last_day)


# --- Limits ---------------------------------------------------------------------------------------------------------
def limits(district_ids: Collection[int]) -> dict[int, HostingRules]:
    """What each of these districts decides, or the defaults. One query."""
    said = {row.district_id: row for row in HostingRules.objects.filter(district_id__in=district_ids)}
    return {pk: said.get(pk) or HostingRules(district_id=pk) for pk in district_ids}


# --- Who may --------------------------------------------------------------------------------------------------------
def may_offer(person: Person) -> bool:
    """Tell whether a person may offer a class: a member of a group this year who teaches somewhere."""
    return Membership.objects.in_force().of(person).exists() and visits.hosting_schools(person).exists()


def has_more_to_offer(person: Person) -> bool:
    """Tell whether some class of a person is not proposed yet: one a school and a year."""
    said = set(HostOffer.objects.filter(person=person).order_by().values_list("school_id", "school_year_id"))
    schools = visits.hosting_schools(person).values_list("pk", flat=True)
    return not said.issuperset(product(schools, years().values_list("pk", flat=True)))


def class_of(person: Person) -> Posting | None:
    """The latest posting of a person who teaches, as far as it is known: its levels, its half-days."""
    held = Posting.objects.in_force(timezone.localdate()).filter(person=person, role__in=visits.IN_SCHOOL)
    return held.order_by("-starts_on", "pk").first()


def expects_students(offer: HostOffer) -> bool:
    """Tell whether students are to come to a class from today on."""
    return PlacementDay.objects.standing().filter(offer=offer, day__gte=timezone.localdate()).exists()


def expected_half_days(offer: HostOffer) -> set[HalfDay]:
    """The half-days of the pattern of a class on which students are to come, from today on."""
    rows = PlacementDay.objects.standing().filter(offer=offer, day__gte=timezone.localdate())
    there = {row.half_day for row in rows}
    if not there:
        return set()
    year, days = year_periods(offer.school, offer.school_year), [one.day for one in there]
    return there & set(rules.pattern_half_days(offer.pattern, year, min(days), max(days)))


def years() -> QuerySet[SchoolYear]:
    """The school years for which one may offer a class: this one, and the next once it is written."""
    return SchoolYear.objects.filter(last_day__gte=timezone.localdate()).order_by("first_day")


def actors(offer: HostOffer, person: Person) -> set[Actor]:
    """Who a person is for an offer. Where a school has no head teacher here, the team says that the school agrees."""
    found = set()
    if offer.person_id == person.pk:
        found.add(Actor.HOST)
    mine = HostOffer.objects.filter(pk=offer.pk)
    if mine.overseen_by(person).exists():
        found.add(Actor.TEAM)
    if mine.headed_by(person).exists() or (Actor.TEAM in found and not visits.heads_of(offer.school_id).exists()):
        found.add(Actor.HEAD)
    return found


def institutions_for(departement_ids: Collection[int]) -> QuerySet[Institution]:
    """The institutions of some départements, and those with which these have an agreement."""
    agreed = PartnerAgreement.objects.filter(departement__in=departement_ids, school_year__in=years())
    own = Q(departement__in=departement_ids)
    return Institution.objects.filter(own | Q(pk__in=agreed.order_by().values("institution_id"))).order_by("name", "pk")


def coordinators(institution_ids: Collection[int]) -> QuerySet[Person]:
    """Who places the students of these institutions, today."""
    held = Posting.objects.in_force(timezone.localdate()).filter(
        institution_id__in=institution_ids, role=Role.PARTNER_COORDINATOR
    )
    return Person.objects.filter(pk__in=held.order_by().values("person_id"), is_active=True)


def waiting_for_head(person: Person) -> QuerySet[HostOffer]:
    """The offers that wait for a head teacher's agreement, the oldest first."""
    rows = HostOffer.objects.headed_by(person).filter(state=OfferState.PROPOSED, school_year__in=years())
    return rows.order_by("created_at", "pk")


def waiting_for_team(person: Person) -> QuerySet[HostOffer]:
    """The offers that wait for the team to open them, the oldest first."""
    rows = HostOffer.objects.overseen_by(person).filter(state=OfferState.AGREED, school_year__in=years())
    return rows.order_by("created_at", "pk")


def search(person: Person, words: str, most: int) -> list[Found]:
    """The classes open to students of one's own institutions, by teacher and school."""
    rows = HostOffer.objects.opened_to(person).filter(school_year__in=years()).select_related("person", "school")
    found = matching(rows, ("person__folded", "school__folded"), words, most)
    return [Found(f"Classe {french.of(row.person)}", str(row.school), _page(row)) for row in found]


def _page(offer: HostOffer) -> str:
    return reverse("partnerships:offer_page", args=[offer.pk])


def heads_a_school(person: Person) -> bool:
    return Role.HEAD_TEACHER in person.reach().roles


def opens_classes(person: Person) -> bool:
    return person.reach().can(Permission.MANAGE_GROUPS)


def district_ids(person: Person) -> frozenset[int]:
    """The districts whose team one belongs to."""
    return person.reach().district_ids_for(Permission.VIEW_TEAM)


def oversees(person: Person, offer: HostOffer) -> bool:
    return offer.school.district_id in district_ids(person)
