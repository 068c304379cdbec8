"""Rows held one after the other, always in the same order: people, classes, schools, then placements.

Whoever waits for a row reads everything again afterwards. The constraints of the database stand behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import QuerySet

from circo.models import Person, School
from partnerships.models import HostOffer, Placement
from partnerships.offers import queries as offers
from partnerships.placements.queries import openings


def hold(*, person_ids: Collection[int], offer_ids: Collection[int]) -> dict[int, HostOffer]:
    """Hold these people, classes and their schools, and return the classes, read again.

    `no_key`: what merely names one of them need not wait.
    """
    _in_order(Person.objects.all(), person_ids)
    _in_order(HostOffer.objects.all(), offer_ids)
    found = {row.pk: row for row in offers.offers().filter(pk__in=set(offer_ids))}
    _in_order(School.objects.all(), {row.school_id for row in found.values()})
    return found


def _in_order(rows: QuerySet[Any], keys: Iterable[int]) -> None:
    rows = rows.select_for_update(of=("self",), no_key=True).filter(pk__in=sorted(set(keys)))
    list(rows.order_by("pk").values_list("pk"))


def held(placement: Placement, *, other_offer: HostOffer | None = None) -> Placement:
    """Hold a placement, its students and its class (and another class), and read it again."""
    people = placement.students.order_by("pk").values_list("student__person_id", flat=True)
    classes = {placement.offer_id} | ({other_offer.pk} if other_offer is not None else set())
    hold(person_ids=list(people), offer_ids=classes)
    _in_order(Placement.objects.all(), [placement.pk])
    return openings.placements().get(pk=placement.pk)
