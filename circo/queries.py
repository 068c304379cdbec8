"""Reads of the ground's own pages, and how every list counts and is narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from circo.models import Notice, Person


@dataclass(frozen=True)
class Filter:
    """One choice that narrows a list, as `components/filter.html` draws it: its name in the address, its choices as
    (value, words), and the words of no choice, if one may choose nothing."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    chosen: str
    none: str = "Peu importe"


def counted(rows: QuerySet[Any], by: str, *, each: str = "pk") -> Coalesce:
    """How many of `rows` hang on each row of the outer query: `by` is their key to it, `each` what counts once."""
    mine = rows.filter(**{by: OuterRef("pk")}).order_by().values(by)
    return Coalesce(Subquery(mine.annotate(counted=Count(each, distinct=each != "pk")).values("counted")), 0)


def notices_page(person: Person) -> QuerySet[Notice]:
    """One's notices: the unread ones first, then the newest."""
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    return Notice.objects.visible_to(person).annotate(is_read=is_read).order_by("is_read", "-created_at", "-pk")
