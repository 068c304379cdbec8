"""What the portal's own pages read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import QuerySet

from circo import registries
from circo import rules as ground_rules
from circo.hours import queries as hours
from circo.hours import rules as hours_rules
from circo.models import Notice, Person, Posting
from circo.portal import rules
from networks.models import Membership

NEWS = 5  # notices shown on the home page
WORDS_MAX = 100  # characters of a search
WORDS_MIN = 2


@dataclass(frozen=True)
class Task:
    """A to-do with its deadline in words."""

    todo: registries.Todo
    when: str
    is_pressing: bool


def tasks_of(person: Person, today: date) -> list[Task]:
    """What waits for this person, the most pressing first."""
    return [
        Task(todo, rules.deadline_in_words(todo.due_on, today), rules.is_pressing(todo.due_on, today))
        for todo in registries.todos_of(person)
    ]


def news_of(person: Person) -> QuerySet[Notice]:
    """The last notices that this person has not read."""
    return Notice.objects.visible_to(person).unread().order_by("-created_at", "-pk")[:NEWS]


def postings_of(person: Person, today: date) -> QuerySet[Posting]:
    """The roles that this person holds at some time of the present school year."""
    first, last = ground_rules.school_year_bounds(today)
    return (
        Posting.objects.visible_to(person)
        .filter(person_id=person.pk, starts_on__lte=last)
        .filter(models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=first))
        .select_related("school__district", "district", "departement", "institution")
        .order_by("starts_on", "pk")
        .fetch_mode(models.FETCH_RAISE)
    )


@dataclass(frozen=True)
class Hours:
    """The 18 hours in one sentence."""

    sentence: str
    left: str


def hours_of(person: Person, today: date) -> Hours | None:
    """The account of this person's hours; None for somebody who owes none and did none."""
    year = hours.year_holding(today)
    account = hours.account(person, year) if year else None
    if account is None or not (account.quota_minutes or account.done_minutes):
        return None
    return Hours(hours_rules.sentence(account), hours_rules.what_is_left(account))


def memberships_of(person: Person) -> QuerySet[Membership]:
    """The groups of which this person is a member this year."""
    return (
        Membership.objects.visible_to(person)
        .in_force()
        .filter(person_id=person.pk)
        .select_related("group__network", "group__adviser")
        .order_by("group__name", "pk")
        .fetch_mode(models.FETCH_RAISE)
    )


def clean_words(typed: str) -> str:
    """The words of a search, without the spaces and the excess of what was typed."""
    return " ".join(typed.split())[:WORDS_MAX]
