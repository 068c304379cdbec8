"""The accounts of the people whose hours one follows, one line a person, as a table for the record."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import models
from django.db.models import Q, QuerySet

from circo import registries
from circo.access import Permission
from circo.hours import rules
from circo.hours.queries.accounts import accounts, postings_with_hours
from circo.hours.queries.team import Filters
from circo.hours.rules import Account
from circo.models import Person, Posting, SchoolYear

COLUMNS = (
    "nom",
    "prénom",
    "école",
    "où en sont les heures",
    "minutes à faire",
    "minutes faites",
    "dont à confirmer",
    "dont confirmées",
    "dont validées",
    "dont formation continue",
    "dont à distance",
    "dont à distance, à son rythme",
    "plafond à son rythme",
    "part de formation continue (%)",
    "part à son rythme (%)",
    "minutes qui restent",
    "formation continue qui reste",
)


def account_lines(person: Person, year: SchoolYear, asked: Filters) -> Iterator[list[object]]:
    """The table of the accounts that the filters leave, its titles first; who has done nothing yet is in it.

    Bound: six queries and those of the gatherings, whatever the number of people.
    """
    yield list(COLUMNS)
    latest: dict[int, Posting] = {}
    for posting in _postings(person, year, asked):
        if posting.school_id or posting.person_id not in latest:  # a school says more than the district
            latest[posting.person_id] = posting
    drawn_up = accounts(latest, year)
    for person_id, posting in latest.items():
        yield _line(posting, drawn_up[person_id])


def _postings(person: Person, year: SchoolYear, asked: Filters) -> QuerySet[Posting]:
    """The services of that year in the districts whose hours one follows, by person, the latest last."""
    districts = person.reach().district_ids_for(Permission.VIEW_HOURS)
    here = Q(school__district_id__in=districts) | Q(district_id__in=districts)
    rows = postings_with_hours(year).filter(here)
    if asked.school is not None:
        rows = rows.filter(school_id=asked.school)
    for gathering in registries.gatherings():
        if chosen := asked.gathered.get(gathering.name):
            rows = rows.filter(person_id__in=gathering.people(person, chosen))
    for word in asked.words.split():
        rows = rows.filter(Q(person__last_name__icontains=word) | Q(person__first_name__icontains=word))
    by_name = ("person__last_name", "person__first_name", "person_id", "starts_on", "pk")
    return rows.select_related("person", "school").order_by(*by_name).fetch_mode(models.FETCH_RAISE)


def people_asked(person: Person, year: SchoolYear, asked: Filters) -> list[Person]:
    """The people whose accounts the filters leave, by name."""
    return list({posting.person_id: posting.person for posting in _postings(person, year, asked)}.values())


def _known(number: int | None) -> int | str:
    return "" if number is None else number


def _line(posting: Posting, account: Account) -> list[object]:
    return [
        posting.person.last_name,
        posting.person.first_name,
        posting.school or "",
        rules.sentence(account),
        account.quota_minutes,
        account.done_minutes,
        account.proposed_minutes,
        account.confirmed_minutes,
        account.validated_minutes,
        account.formation_minutes,
        account.distance_minutes,
        account.self_paced_minutes,
        _known(account.self_paced_cap_minutes),
        _known(rules.percent_of(account.formation_minutes, account)),
        _known(rules.percent_of(account.self_paced_minutes, account)),
        account.left_minutes,
        account.formation_left_minutes,
    ]
