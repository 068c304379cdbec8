"""Reads of needs: what a day asks for today, what is written of it, and where the two differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.models import Person, Posting, School
from circo.queries import counted
from circo.rules import Role
from events.brigade import queries as brigade
from events.convening.rules import halves_of
from events.days.queries import WITH_A_CLASS
from events.days.rules import DayState
from events.models import Convocation, CoverNeed, SharingDay
from events.needs import rules
from events.needs.leaving import queries as leaving
from events.needs.leaving.queries import Crowded
from events.needs.rules import Post, SchoolClass, Wanted, Why


# --- Which days -------------------------------------------------------------------------------------------------------
def days(person: Person) -> QuerySet[SharingDay]:
    """The days whose cover one reads, those in preparation too, the next first."""
    districts = person.reach().district_ids_for(Permission.VIEW_BRIGADE)
    rows = SharingDay.objects.standing().filter(district_id__in=districts).select_related("district__departement")
    return rows.order_by("on", "district__name", "pk")


def coming(person: Person) -> QuerySet[SharingDay]:
    """Of them, those that are not over, with how many classes each leaves."""
    needs = CoverNeed.objects.to_cover()
    rows = days(person).filter(on__gte=timezone.localdate(), state__in=(DayState.DRAFT, DayState.PUBLISHED))
    return rows.annotate(need_count=counted(needs, "day")).fetch_mode(models.FETCH_RAISE)


def may_plan(person: Person, day: SharingDay) -> bool:
    return day.district_id in person.reach().district_ids_for(Permission.PLAN_COVER)


# --- What a day asks for ----------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Facts:
    """What a day asks for, as convocations, posts and calendars say it now."""

    day: SharingDay
    wanted: Sequence[Wanted]
    classes: Sequence[SchoolClass]
    schools: Mapping[int, School]
    called: Mapping[int, Sequence[HalfDay]]
    teaching: Mapping[int, set[HalfDay]]

    def class_count(self, school_id: int) -> int:
        return sum(one.school_id == school_id for one in self.classes)


def facts_of(day: SharingDay) -> Facts:
    """Read what a day asks for. The same number of queries however many are called."""
    called = _called(day)
    held = Posting.objects.in_force(day.on).filter(role__in=WITH_A_CLASS)
    own = held.filter(person_id__in=called).order_by().values("school_id")
    rows = held.filter(school_id__in=own, person__is_active=True).select_related("school").order_by("pk")
    postings = list(rows.fetch_mode(models.FETCH_RAISE))
    schools = {posting.school.pk: posting.school for posting in postings if posting.school}
    classes = rules.classes_of(_post(posting) for posting in postings)
    teaching = calendar.school_half_days(schools.values(), day.on, day.on)
    return Facts(day, rules.wanted(classes, called, teaching), classes, schools, called, teaching)


def _called(day: SharingDay) -> dict[int, list[HalfDay]]:
    rows = Convocation.objects.standing().filter(day=day).order_by("pk").values_list("person_id", "answer")
    return {pk: [HalfDay(day.on, half) for half in halves_of(answer)] for pk, answer in rows}


def _post(posting: Posting) -> Post:
    return Post(
        pk=posting.pk,
        person_id=posting.person_id,
        school_id=posting.school_id or 0,  # the place of these roles: always
        levels=frozenset(posting.levels),
        size=posting.class_size,
        half_days=frozenset(posting.half_days),
        is_head=posting.role == Role.HEAD_TEACHER,
    )


# --- What is written, and the differences -----------------------------------------------------------------------------
@dataclass(frozen=True)
class Difference:
    """What computing again would change."""

    new: int
    changed: int
    gone: int

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.gone)


def written(day: SharingDay) -> dict[str, CoverNeed]:
    """The needs of a day, withdrawn ones too, by the key of their class."""
    rows = CoverNeed.objects.filter(day=day).select_related("school").prefetch_related("people")
    return {need.class_key: need for need in rows.order_by("pk")}


def computed(wanted: Wanted) -> dict[str, object]:
    """The fields of a need that nobody types."""
    one = wanted.school_class
    return {"school_id": one.school_id, "levels": one.levels, "class_size": one.size, "span": wanted.span.value}


def is_changed(need: CoverNeed, wanted: Wanted) -> bool:
    same = all(getattr(need, name) == value for name, value in computed(wanted).items())
    return not same or {person.pk for person in need.people.all()} != wanted.people


def difference(facts: Facts, rows: Mapping[str, CoverNeed]) -> Difference:
    """How what is written differs from what the day asks for now."""
    now = {one.school_class.key: one for one in facts.wanted}
    standing = {key: need for key, need in rows.items() if need.withdrawn_at is None}
    return Difference(
        new=sum(key not in standing for key in now),
        changed=sum(is_changed(standing[key], one) for key, one in now.items() if key in standing),
        gone=sum(key not in now for key in standing),
    )


# --- The page ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class NotNeeded:
    person: Person
    why: Why

    @property
    def words(self) -> str:
        return rules.WHY_LABELS[self.why]


@dataclass(frozen=True)
class NeedsPage:
    needs: Sequence[CoverNeed]
    shared_out: int
    difference: Difference
    crowded: Sequence[Crowded]
    not_needed: Sequence[NotNeeded]
    free: int | None  # substitutes who can be asked all that day, less the reserve
    counts: Sequence[tuple[str, int]]  # by rank, in words

    @property
    def is_short(self) -> bool:
        return self.free is not None and len(self.needs) - self.shared_out > self.free


def needs_page(day: SharingDay) -> NeedsPage:
    """All that the page of the needs of a day shows. The same number of queries however many."""
    facts, rows = facts_of(day), written(day)
    standing = sorted((need for need in rows.values() if need.withdrawn_at is None), key=_in_order)
    return NeedsPage(
        needs=standing,
        shared_out=sum(need.is_shared_out for need in standing),
        difference=difference(facts, rows),
        crowded=leaving.crowded(facts),
        not_needed=_not_needed(facts),
        free=brigade.capacity(day.district.departement, day.on, day.on).get(day.on),
        counts=list(Counter(need.get_priority_display() for need in standing if not need.is_shared_out).items()),
    )


def _in_order(need: CoverNeed) -> tuple:
    return need.is_shared_out, need.priority, need.school.commune, need.school.name, need.pk


def _not_needed(facts: Facts) -> list[NotNeeded]:
    """Those who are called and leave no class, with why."""
    leaving = frozenset().union(*(one.people for one in facts.wanted))
    left = {pk: halves for pk, halves in facts.called.items() if halves and pk not in leaving}
    people = Person.objects.get_queryset().filter(pk__in=left).order_by("last_name", "first_name", "pk")
    return [NotNeeded(one, rules.why_none(one.pk, facts.classes, left[one.pk], facts.teaching)) for one in people]


def needs(person: Person) -> QuerySet[CoverNeed]:
    """The needs that one may open, with what their page reads."""
    rows = CoverNeed.objects.visible_to(person) | CoverNeed.objects.of_teacher(person)
    return rows.distinct().select_related("day__district__departement", "school").prefetch_related("people")
