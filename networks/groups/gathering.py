"""The groups as a way to narrow the lists of the ground."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from circo.models import Person
from circo.registries import Gathering
from circo.rules import number_in
from networks.models import Membership, MutualisationGroup


def _choices(person: Person) -> list[tuple[str, str]]:
    rows = MutualisationGroup.objects.visible_to(person).order_by("name", "pk").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


def _people(person: Person, value: str) -> QuerySet[Any]:
    rows = Membership.objects.visible_to(person).in_force()
    number = number_in(value)
    return rows.filter(group_id=number).order_by().values("person_id") if number else rows.none().values("person_id")


GATHERING = Gathering("groupe", "Groupe", _choices, _people)
