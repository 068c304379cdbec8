"""What the ground brings to the portal's search: people and schools, of those that the person may see."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Concat, StrIndex
from django.urls import reverse

from circo.access import Permission
from circo.models import Person, School
from circo.models.folding import words_of
from circo.registries import Found


def matching[Q: QuerySet](rows: Q, columns: Sequence[str], text: str, most: int) -> Q:
    """The rows whose folded columns hold all the words of `text`, those that hold the first word soonest first.

    Source: docs/decisions/0007-search.md
    """
    words = words_of(text)
    if not words:
        return rows.none()
    spaced = [part for column in columns for part in (F(column), Value(" "))]
    rows = rows.alias(searched=Concat(*spaced, output_field=TextField()))
    for word in words:
        rows = rows.filter(searched__contains=word)
    return rows.order_by(StrIndex("searched", Value(words[0])), *columns, "pk")[:most]


def people(person: Person, text: str, most: int) -> list[Found]:
    """People, for the team that runs their district."""
    if not person.reach().can(Permission.VIEW_TEAM):
        return []
    rows = matching(Person.objects.visible_to(person), ("folded", "email"), text, most)
    return [Found(str(row), row.email, reverse("portal:person_page", args=[row.pk])) for row in rows]


def schools(person: Person, text: str, most: int) -> list[Found]:
    """Schools of the districts in which the person works."""
    rows = matching(School.objects.visible_to(person), ("folded",), text, most)
    return [
        Found(row.name, f"{row.commune} · {row.uai}", reverse("portal:school_page", args=[row.uai])) for row in rows
    ]
