"""The list of the showcase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from circo.access import Permission
from circo.models import District, Person
from circo.models.folding import MOST_CHARACTERS
from circo.queries import Filter
from circo.rules import GradeLevel, school_year_bounds
from circo.search import matching
from trainings.models import Showcase
from trainings.showcase.rules import State
from videos.models import Subject

PER_PAGE = 20
FOUND_MOST = 500  # by words: beyond, one adds a word
GOING_MOST = 50  # of those that one prepares, on one page


@dataclass(frozen=True)
class ListPage:
    words: str
    filters: Sequence[Filter]
    page: Page
    query: str
    going: Sequence[Showcase]  # those that one prepares, or whose authors are asked
    may_propose: bool

    @property
    def is_narrowed(self) -> bool:
        return any(one.chosen for one in self.filters)


def list_page(person: Person, given: Mapping[str, str]) -> ListPage:
    """Read what is shown to this person, narrowed by words and filters. Six queries, whatever their number.

    An unknown value narrows nothing.
    """
    every = Showcase.objects.shown_to(person)
    filters = _filters(every, given)
    chosen = {one.name: one.chosen for one in filters if one.chosen}
    words = given.get("q", "").strip()[:MOST_CHARACTERS]
    rows = _narrowed(every, chosen).select_related("district", "sheet", "path")
    found = matching(rows, ("folded",), words, FOUND_MOST) if words else rows.order_by("-published_at", "-pk")
    going = Showcase.objects.concerning(person).exclude(state=State.PUBLISHED).select_related("district", "sheet")
    return ListPage(
        words,
        filters,
        Paginator(found, PER_PAGE).get_page(given.get("page")),
        urlencode(chosen | ({"q": words} if words else {})),
        list(going.order_by("-updated_at", "-pk")[:GOING_MOST]),
        person.reach().can(Permission.WATCH_FILMS),
    )


def _filters(every: QuerySet[Showcase], given: Mapping[str, str]) -> list[Filter]:
    districts = District.objects.filter(pk__in=every.order_by().values("district")).order_by("name", "pk")
    places = [(str(pk), name) for pk, name in districts.values_list("pk", "name")]
    years = {_year_of(day) for day in every.order_by().datetimes("published_at", "month")}
    known = {
        "niveau": ("Niveau", [(level.value, level.value) for level in GradeLevel]),
        "domaine": ("Domaine", list(Subject.choices)),
        "circonscription": ("Circonscription", places if places[1:] else []),
        "annee": ("Année", [(str(year), f"{year}-{year + 1}") for year in sorted(years, reverse=True)]),
    }
    return [
        Filter(name, label, choices, given.get(name, "") if given.get(name) in dict(choices) else "")
        for name, (label, choices) in known.items()
    ]


def _year_of(day: date) -> int:
    return school_year_bounds(day)[0].year


def _narrowed(rows: QuerySet[Showcase], chosen: Mapping[str, str]) -> QuerySet[Showcase]:
    if level := chosen.get("niveau"):
        rows = rows.alias(said_levels=Cast("sheet__levels", TextField())).filter(said_levels__contains=f'"{level}"')
    if subject := chosen.get("domaine"):
        rows = rows.filter(sheet__subject=subject)
    if district := chosen.get("circonscription"):
        rows = rows.filter(district=int(district))
    if year := chosen.get("annee"):
        first, last = school_year_bounds(date(int(year), 10, 1))
        rows = rows.filter(published_at__date__range=(first, last))
    return rows
