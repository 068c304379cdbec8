"""The pages of collections."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from circo.french import of
from circo.models import Person
from circo.queries import counted
from circo.rules import number_in
from videos.models import Collection, CollectionItem, Excerpt, Film, PracticeSheet
from videos.queries.excerpts import excerpts, films_seen, side_of_excerpt, side_of_film
from videos.queries.sheets import sheets

COLLECTIONS_A_PAGE = 24
Thing = Film | Excerpt | PracticeSheet


def collections(person: Person) -> models.QuerySet[Collection]:
    """The collections that a person sees, with owner and circle, and `is_mine`."""
    return (
        Collection.objects.visible_to(person)
        .select_related("owner", "group", "network", "district")
        .annotate(is_mine=models.ExpressionWrapper(Q(owner_id=person.pk), output_field=models.BooleanField()))
        .order_by("-is_mine", "title", "pk")
        .fetch_mode(models.FETCH_RAISE)
    )


@dataclass(frozen=True)
class Kept:
    """A film, an excerpt or a sheet, as a line of a collection shows it; `key` names it in an address."""

    key: str
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class CollectionListPage:
    """Collections, each with `items_count`: of what this person sees."""

    collections: Page
    removed: Collection | None  # just removed, can be brought back
    adding: Kept | None  # what to put into one of them


def collection_list_page(
    person: Person, *, number: str = "", removed: int | None = None, adding: str = ""
) -> CollectionListPage:
    """Rows of the list of collections, one's own first; one's own alone when something is to be added."""
    what = thing_named(person, adding) if adding else None
    rows = collections(person).annotate(items_count=counted(CollectionItem.objects.visible_to(person), "collection"))
    if what:
        rows = rows.filter(owner_id=person.pk)
    back = Collection.objects.restorable_by(person).filter(pk=removed).first() if removed else None
    page = Paginator(rows, COLLECTIONS_A_PAGE).get_page(number)
    return CollectionListPage(page, back, kept(what) if what else None)


def thing_named(person: Person, key: str) -> Thing | None:
    """The film, excerpt or sheet that a person sees under the key that `Kept` gives it."""
    sort, _, name = key.partition("-")
    if sort == "film":
        return films_seen(person).filter(pk__in=_uuids(name)).first()
    if (pk := number_in(name)) is None:
        return None
    if sort == "extrait":
        return excerpts(person).filter(pk=pk).first()
    return sheets(person).filter(pk=pk).first() if sort == "fiche" else None


def _uuids(name: str) -> list[UUID]:
    """The id of a film, if it has the shape of one."""
    try:
        return [UUID(name)]
    except ValueError:
        return []


def kept(what: Thing) -> Kept:
    """Tell of what a collection keeps, or might."""
    if isinstance(what, PracticeSheet):
        url = reverse("videos:sheet_page", args=[what.pk])
        return Kept(f"fiche-{what.pk}", what.title, f"fiche {of(what.owner)}", url)
    side = side_of_film(what) if isinstance(what, Film) else side_of_excerpt(what)
    return Kept(side.key, side.title, side.detail, side.url)


@dataclass(frozen=True)
class CollectionPage:
    """One collection, and those of its items that this person sees."""

    collection: Collection
    items: list[tuple[CollectionItem, Kept]]
    removed: CollectionItem | None  # just taken out, can be put back


def collection_page(collection: Collection, person: Person, *, removed: int | None = None) -> CollectionPage:
    """Read the page of `collection`, a row of `collections(person)`."""
    rows = (
        CollectionItem.objects.visible_to(person)
        .filter(collection_id=collection.pk)
        .select_related("film__author", "excerpt__film__author", "sheet__owner")
        .fetch_mode(models.FETCH_RAISE)
    )
    back = None
    if removed:
        mine = CollectionItem.objects.editable_by(person).filter(removed_at__isnull=False)
        back = mine.filter(collection_id=collection.pk, pk=removed).first()
    things = ((row, row.film or row.excerpt or row.sheet) for row in rows)
    return CollectionPage(collection, [(row, kept(what)) for row, what in things if what], back)
