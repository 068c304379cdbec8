"""One's observations and wishes, and what other pages show of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from circo import french
from circo.access import Permission
from circo.models import Person
from circo.registries import Busy, Todo
from partnerships.models import ObservationWish, PeerObservation
from partnerships.observations import rules
from partnerships.observations.queries.answers import late_among, observations
from partnerships.observations.rules import ObservationState
from partnerships.placements.rules import half_day_of

A_PAGE = 20
_STANDS = Q(swaps_asked__state=ObservationState.PROPOSED)


@dataclass(frozen=True)
class MinePage:
    """One's observations to come, made and received, then the others, the latest first."""

    coming: Sequence[PeerObservation]
    past: Page
    is_team: bool


def mine_page(person: Person, number: str | None = None) -> MinePage:
    """Read the page of one's observations."""
    mine = observations().of(person)
    coming = mine.coming().order_by("day", "half", "pk")
    past = mine.exclude(pk__in=PeerObservation.objects.coming().order_by().values("pk")).order_by("-day", "-pk")
    return MinePage(
        list(coming[:100]),
        Paginator(past, A_PAGE).get_page(number),
        person.reach().can(Permission.MANAGE_GROUPS),
    )


def wish_of(person: Person) -> ObservationWish:
    return ObservationWish.objects.filter(person=person).first() or ObservationWish(person=person)


def busy(person_ids: Collection[int], first: date, last: date) -> Iterator[Busy]:
    """When people wait for an observation that is proposed to them. Once accepted, the visit itself takes both."""
    rows = PeerObservation.objects.filter(observer_id__in=person_ids, state=ObservationState.PROPOSED)
    for person_id, day, half in (
        rows.between(first, last).order_by("day", "half", "pk").values_list("observer_id", "day", "half")
    ):
        yield Busy(person_id, half_day_of(day, half), rules.BUSY_REASON)


def todos(person: Person) -> list[Todo]:
    """What observations wait for: one's own answer, or an answer to an exchange."""
    rows = observations().filter(observer_id=person.pk, state=ObservationState.PROPOSED).coming()
    waiting = list(rows.annotate(asks=Count("swaps_asked", filter=_STANDS)).order_by("day", "half", "pk")[:20])
    late, found = late_among(waiting, timezone.now()), []
    for row in waiting:
        if row.pk in late:
            continue
        url = reverse("partnerships:observation_page", args=[row.pk])
        title = f"Observer la classe {french.of(row.host)}\u00a0: dire oui ou non"
        if row.asks:
            title = f"Répondre à un échange d’observation avec {row.host}"
        found.append(Todo(title, row.when, url, "eye", row.day, 2))
    return found
