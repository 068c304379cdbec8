"""What is read of entries one by one: one's own, one that somebody follows, what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, QuerySet, Sum

from circo.access import Permission
from circo.hours import rules
from circo.hours.rules import Move
from circo.models import HourEntry, Person, SchoolYear
from circo.moves import moves_from

PEOPLE = ("person", "proposed_by", "confirmed_by", "validated_by", "refused_by")


def may(person: Person, move: Move) -> bool:
    """Tell whether a role of this person allows that move somewhere."""
    return person.reach().can(Permission(rules.MOVES[move].right.value))


def entries_of(person: Person, year: SchoolYear, *, seen_by: Person) -> QuerySet[HourEntry]:
    """The entries of a person in a school year, as far as somebody sees them, the last days first."""
    rows = HourEntry.objects.visible_to(seen_by).filter(person_id=person.pk, school_year=year)
    return rows.order_by("-on", "-pk").fetch_mode(models.FETCH_RAISE)


def entry_page(person: Person) -> QuerySet[HourEntry]:
    """The entries that one follows or that are one's own, with all that their page tells."""
    rows = HourEntry.objects.visible_to(person).select_related("district", "school_year", *PEOPLE)
    return rows.fetch_mode(models.FETCH_RAISE)


def moves_open_to(person: Person, entry: HourEntry) -> list[Move]:
    """The moves that this person may make of that entry, now."""
    moves = moves_from(rules.MOVES, entry.state)
    rights = {Permission(rules.MOVES[move].right.value) for move in moves}
    held = {right for right in rights if HourEntry.objects.with_right(person, right).filter(pk=entry.pk).exists()}
    return [move for move in moves if rules.MOVES[move].right.value in held]


def sees_some(person: Person, ids: Iterable[int]) -> bool:
    """Tell whether this person follows one of these entries at least."""
    return HourEntry.objects.visible_to(person).filter(pk__in=set(ids)).exists()


def years_of(person: Person) -> list[SchoolYear]:
    """The school years of which one has entries, the last first."""
    years = HourEntry.objects.visible_to(person).filter(person_id=person.pk).order_by().values("school_year_id")
    return list(SchoolYear.objects.filter(pk__in=years).order_by("-first_day"))


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody's signature, in all."""

    minutes: int
    people: int


def waiting_for(person: Person, move: Move) -> Waiting:
    """What this person may bring further by that move, this person's own hours aside."""
    rule = rules.MOVES[move]
    rows = HourEntry.objects.with_right(person, Permission(rule.right.value)).filter(state__in=rule.sources)
    total = rows.aggregate(minutes=Sum("minutes", default=0), people=Count("person", distinct=True))
    return Waiting(**total)
