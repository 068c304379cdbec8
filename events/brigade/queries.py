"""Reads of the brigade: who is in it, who is free on which half-day, how many can be asked on each day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.calendar import queries as calendar
from circo.calendar.rules import FRIDAY, HALVES, Half, HalfDay, days_between
from circo.models import Departement, District, Person, Posting, School
from circo.models.folding import words_of
from circo.registries import Busy
from events.brigade import rules
from events.models import BrigadeRules, HeldHalfDay, Substitute, Unavailability
from events.models.brigade import substitutes_of

DAYS_SHOWN = FRIDAY + 1


# --- Who is in the brigade --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Member:
    """One substitute: the person, the school of attachment, and what is known of them."""

    person: Person
    school: School
    profile: Substitute


def departements(person: Person) -> QuerySet[Departement]:
    """The départements whose brigade one reads."""
    return Departement.objects.filter(pk__in=person.reach().departement_ids_around(Permission.VIEW_BRIGADE))


def is_manager(person: Person, departement_id: int) -> bool:
    return departement_id in person.reach().departement_ids_for(Permission.MANAGE_BRIGADE)


def rules_of(departement: Departement) -> BrigadeRules:
    """What a département decides of its brigade."""
    return BrigadeRules.objects.filter(departement=departement).first() or BrigadeRules(departement=departement)


def posts(departement_ids: Iterable[int], on: date) -> QuerySet[Posting]:
    """The posts of the substitutes of these départements on a day, in the order of names, with what a list reads."""
    rows = substitutes_of(frozenset(departement_ids), on).select_related("person__substitute", "school__district")
    return rows.order_by("person__last_name", "person__first_name", "person_id", "-starts_on", "pk")


def members(rows: Iterable[Posting]) -> list[Member]:
    """One member a person, of the post that came last."""
    found: dict[int, Member] = {}
    for posting in rows:
        person, school = posting.person, posting.school
        profile = getattr(person, "substitute", None) or Substitute(person=person)
        if school is not None:  # the place of this role: always
            found.setdefault(person.pk, Member(person, school, profile))
    return list(found.values())


def narrowed(rows: QuerySet[Posting], *, district_id: int | None, words: str) -> QuerySet[Posting]:
    """Those of one district, and whose name, or school, holds these words."""
    if district_id is not None:
        rows = rows.filter(school__district_id=district_id)
    for word in words_of(words):
        rows = rows.filter(Q(person__folded__contains=word) | Q(school__folded__contains=word))
    return rows


def member(person: Person, pk: int) -> Member | None:
    """The substitute of that key, if one reads the brigade."""
    read = person.reach().departement_ids_around(Permission.VIEW_BRIGADE)
    return next(iter(members(posts(read, timezone.localdate()).filter(person_id=pk))), None)


def homes(departement_id: int) -> dict[int, str]:
    """The UAI of the school of attachment of each substitute, by the person's key."""
    found = members(posts([departement_id], timezone.localdate()))
    return {one.person.pk: one.school.uai for one in found}


def districts_of(departement: Departement) -> QuerySet[District]:
    return District.objects.filter(departement=departement).order_by("name", "pk")


def unavailabilities(reader: Person, person_id: int, since: date) -> QuerySet[Unavailability]:
    """The periods of a substitute that are not over, for whoever manages the brigade."""
    rows = Unavailability.objects.visible_to(reader).standing().filter(person_id=person_id, ends_on__gte=since)
    return rows.select_related("written_by").order_by("starts_on", "starts_half", "pk")


# --- Who is free ------------------------------------------------------------------------------------------------------
def busy(person_ids: Collection[int], first: date, last: date) -> Iterable[Busy]:
    """The half-days that unavailabilities hold: what `register_busy` gives to the calendar. Never why."""
    rows = HeldHalfDay.objects.filter(person_id__in=person_ids, day__range=(first, last)).order_by("day", "pk")
    for person_id, day, half in rows.values_list("person_id", "day", "half"):
        yield Busy(person_id, HalfDay(day, cast(Half, half)), rules.UNAVAILABLE)


def taken(found: Sequence[Member], first: date, last: date, *, but: str = "") -> dict[int, dict[HalfDay, str]]:
    """By what each of these substitutes is taken, half-day by half-day; `but` names what is left aside."""
    everything = calendar.busy([one.person.pk for one in found], first, last)
    return {
        pk: {each.half_day: each.reason for each in entries if each.reason != but} for pk, entries in everything.items()
    }


def free(found: Sequence[Member], first: date, last: date, *, but: str = "") -> dict[int, set[HalfDay]]:
    """The half-days on which each of these substitutes can be asked: there is school where they are attached, and
    nothing else takes them. Whoever is kept for sick leave has none."""
    schools = {one.school.pk: one.school for one in found}
    teaching = calendar.school_half_days(schools.values(), first, last)
    occupied = taken(found, first, last, but=but)
    return {
        one.person.pk: set() if one.profile.is_reserve else teaching[one.school.pk].difference(occupied[one.person.pk])
        for one in found
    }


def capacity(departement: Departement, first: date, last: date) -> Mapping[date, int]:
    """How many substitutes can take a class all day, on each day of school.

    The share kept for sick leave is taken off. A day on which no school of theirs is open morning and afternoon is
    absent.
    """
    found = members(posts([departement.pk], first))
    if not found:
        return {}
    open_on = calendar.school_half_days({one.school.pk: one.school for one in found}.values(), first, last)
    days = sorted({each.day for half_days in open_on.values() for each in half_days if _is_whole(half_days, each.day)})
    counts = rules.free_all_day(free(found, first, last).values(), days)
    return rules.capacity(counts, rules_of(departement).reserve_percent)


def _is_whole(half_days: Collection[HalfDay], day: date) -> bool:
    return all(HalfDay(day, half) in half_days for half in HALVES)


# --- The week ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cell:
    """One half-day of one substitute, in a word: free, or by what they are taken."""

    half_day: HalfDay
    is_free: bool
    reason: str


@dataclass(frozen=True)
class Line:
    member: Member
    cells: Sequence[Cell]

    @property
    def days(self) -> list[tuple[date, Sequence[Cell]]]:
        """The cells, two a day."""
        return [(pair[0].half_day.day, pair) for pair in zip(self.cells[::2], self.cells[1::2], strict=True)]


@dataclass(frozen=True)
class Week:
    first: date
    lines: Sequence[Line]
    counts: Sequence[tuple[HalfDay, int]]  # of the whole brigade, not of the lines shown

    @property
    def last(self) -> date:
        return self.first + timedelta(days=DAYS_SHOWN - 1)

    @property
    def days(self) -> list[date]:
        return list(days_between(self.first, self.last))

    @property
    def former(self) -> date:
        return self.first - timedelta(weeks=1)

    @property
    def next(self) -> date:
        return self.first + timedelta(weeks=1)


def week_of(found: Sequence[Member], shown: Sequence[Member], on: date) -> Week:
    """Who is free in the week that holds a day: `shown` line by line, `found` counted.

    Costs the same number of queries however many they are.
    """
    first = on - timedelta(days=on.weekday())
    last = first + timedelta(days=DAYS_SHOWN - 1)
    half_days = [HalfDay(day, half) for day in days_between(first, last) for half in HALVES]
    free_of, taken_of = free(found, first, last), taken(shown, first, last)
    lines = [Line(one, [_cell(one, each, free_of, taken_of) for each in half_days]) for one in shown]
    return Week(first, lines, [(each, sum(each in mine for mine in free_of.values())) for each in half_days])


def _cell(
    one: Member, half_day: HalfDay, free_of: Mapping[int, set[HalfDay]], taken_of: Mapping[int, dict[HalfDay, str]]
) -> Cell:
    if half_day in free_of[one.person.pk]:
        return Cell(half_day, is_free=True, reason="libre")
    if reason := taken_of[one.person.pk].get(half_day):
        said = reason if reason in rules.SAID else rules.UNAVAILABLE
        return Cell(half_day, is_free=False, reason=said.lower())
    return Cell(half_day, is_free=False, reason="réserve" if one.profile.is_reserve else "pas de classe")


# --- The file ---------------------------------------------------------------------------------------------------------
EXPORTED = (
    "nom",
    "prénom",
    "e-mail",
    "uai",
    "école de rattachement",
    "circonscription",
    "sorte",
    "niveaux préférés",
    "niveaux exclus",
    "réserve",
    "titulaire",
)
PHONE = ("téléphone",)


def exported(found: Iterable[Member], *, phones: bool) -> list[Sequence[object]]:
    """The brigade as a table that can be imported again, with its titles; telephones for its manager alone."""
    return [
        (*EXPORTED, *PHONE[:phones]),
        *(
            (
                one.person.last_name,
                one.person.first_name,
                one.person.email,
                one.school.uai,
                one.school.name,
                one.school.district.name,
                one.profile.get_kind_display(),
                one.profile.preferred_words,
                one.profile.refused_words,
                "oui" if one.profile.is_reserve else "non",
                "oui" if one.profile.is_tenured else "non",
                *(one.profile.phone,)[:phones],
            )
            for one in found
        ),
    ]


def read_fully(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    """The same, where a forgotten join would be an error."""
    return rows.fetch_mode(models.FETCH_RAISE)
