"""Whom to call: the relays of one's district, their territory, and the class that they open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from circo.models import Person, Posting, School
from networks.groups.rules import Stage
from networks.models import Membership, ObservationSite, RelayCommitment


@dataclass(frozen=True)
class Asked:
    """What narrows the list; empty if nothing does."""

    commune: str = ""
    school: int | None = None


ALL = Asked()


def relays(person: Person, asked: Asked = ALL) -> QuerySet[RelayCommitment]:
    """The commitments of this year's relays, in the districts where one works, by name: all, or those that answer for a
    commune or a school, because they work there or because they named it."""
    today = Membership.objects.in_force().filter(stage=Stage.RELAY, person__is_active=True).order_by()
    rows = RelayCommitment.objects.visible_to(person).filter(membership__in=today.values("pk"))
    rows = rows.select_related("membership__person", "membership__group").prefetch_related("schools")
    if asked.school is not None:
        rows = rows.filter(Q(schools=asked.school) | _posted(school=asked.school)).distinct()
    if asked.commune:
        there = Q(schools__commune=asked.commune) | _posted(school__commune=asked.commune)
        rows = rows.filter(there | Q(territory__icontains=asked.commune)).distinct()
    by_name = ("membership__person__last_name", "membership__person__first_name", "pk")
    return rows.order_by(*by_name).fetch_mode(models.FETCH_RAISE)


def _posted(**place: object) -> Q:
    held = Posting.objects.in_force(timezone.localdate()).filter(**place)
    return Q(membership__person__in=held.order_by().values("person_id"))


def schools_answered(person: Person) -> QuerySet[School]:
    """The schools that some relay works in, or named: what the list may be narrowed by."""
    rows = relays(person).order_by()
    held = Posting.objects.in_force(timezone.localdate()).filter(person__in=rows.values("membership__person_id"))
    named = RelayCommitment.schools.through.objects.filter(relaycommitment__in=rows.values("pk")).values("school_id")
    there = Q(pk__in=held.order_by().values("school_id")) | Q(pk__in=named)
    return School.objects.visible_to(person).filter(there).order_by("commune", "name", "pk")


@dataclass(frozen=True)
class RelayLine:
    """One relay, as colleagues look for one."""

    commitment: RelayCommitment
    works_in: list[School]
    sites: list[ObservationSite]  # that the reader may visit

    @property
    def person(self) -> Person:
        return self.commitment.membership.person

    @property
    def called_from(self) -> list[School]:
        """The schools that the relay named, beside the own one."""
        return [school for school in self.commitment.schools.all() if school not in self.works_in]


def relay_lines(person: Person, rows: Sequence[RelayCommitment]) -> list[RelayLine]:
    """The lines of one page, with the schools and the open classes asked once for them all.

    Bound: two queries.
    """
    ids = [row.membership.person_id for row in rows]
    seen = School.objects.visible_to(person).order_by().values("pk")
    held = Posting.objects.in_force(timezone.localdate()).filter(person__in=ids, school__in=seen)
    schools: dict[int, dict[int, School]] = defaultdict(dict)
    for posting in held.select_related("school").order_by("pk"):
        if posting.school is not None:
            schools[posting.person_id][posting.school.pk] = posting.school
    sites = defaultdict(list)
    for site in ObservationSite.objects.visible_to(person).open().filter(host__in=ids).order_by("title", "pk"):
        sites[site.host_id].append(site)
    return [RelayLine(row, [*schools[one].values()], sites[one]) for row, one in zip(rows, ids, strict=True)]
