"""The pages of practice sheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from circo.access import Permission
from circo.models import Person
from circo.registries import Found
from circo.search import matching
from videos.models import Excerpt, Film, PracticeSheet, SheetDocument
from videos.queries.excerpts import Side, excerpts, films_seen, side_of_excerpt, side_of_film

SHEETS_A_PAGE = 24
PARTS = {
    "context": "Contexte",
    "intention": "Intention",
    "course": "Déroulement",
    "keeps": "Ce que je garde",
}


def sheets(person: Person) -> models.QuerySet[PracticeSheet]:
    """The sheets that a person sees, with owner and circle, and `is_mine`."""
    return (
        PracticeSheet.objects.visible_to(person)
        .select_related("owner", "group", "network", "district")
        .annotate(is_mine=models.ExpressionWrapper(Q(owner_id=person.pk), output_field=models.BooleanField()))
        .fetch_mode(models.FETCH_RAISE)
    )


@dataclass(frozen=True)
class SheetListPage:
    """Sheets, the latest first."""

    sheets: Page
    removed: PracticeSheet | None  # just removed, can be brought back
    new_url: str  # nothing for those who may not write one


def sheet_list_page(person: Person, *, number: str = "", removed: int | None = None) -> SheetListPage:
    """Rows of the list of sheets: one's own, drafts among them, and those of one's circles."""
    back = PracticeSheet.objects.restorable_by(person).filter(pk=removed).first() if removed else None
    url = reverse("videos:sheet_new") if person.reach().can(Permission.WATCH_FILMS) else ""
    return SheetListPage(Paginator(sheets(person), SHEETS_A_PAGE).get_page(number), back, url)


@dataclass(frozen=True)
class SheetPage:
    """One sheet: its parts that say something, and what this person sees of what it shows."""

    sheet: PracticeSheet
    parts: list[tuple[str, str]]  # the title of each, and what was written
    shown: list[Side]
    documents: list[SheetDocument]
    removed: SheetDocument | None  # just taken away, can be put back


def sheet_page(sheet: PracticeSheet, person: Person, *, removed: str = "") -> SheetPage:
    """Read the page of `sheet`, a row of `sheets(person)`."""
    linked = [
        *map(side_of_film, films_seen(person).filter(pk__in=sheet.films.order_by().values("pk"))),
        *map(side_of_excerpt, excerpts(person).filter(pk__in=sheet.excerpts.order_by().values("pk"))),
    ]
    back = None
    if removed and sheet.owner_id == person.pk:
        gone = SheetDocument.objects.editable_by(person).filter(sheet_id=sheet.pk, removed_at__isnull=False)
        back = next((one for one in gone if str(one.pk) == removed), None)
    return SheetPage(
        sheet=sheet,
        parts=[(title, text) for name, title in PARTS.items() if (text := getattr(sheet, name))],
        shown=linked,
        documents=list(SheetDocument.objects.visible_to(person).filter(sheet_id=sheet.pk)),
        removed=back,
    )


def films_to_show(person: Person) -> models.QuerySet[Film]:
    """The films that a sheet of this person may show: one's own."""
    return Film.objects.editable_by(person).watchable()


def excerpts_to_show(person: Person) -> models.QuerySet[Excerpt]:
    """The excerpts that a sheet of this person may show: one's own."""
    return Excerpt.objects.editable_by(person)


def search_sheets(person: Person, words: str, most: int) -> Sequence[Found]:
    """The sheets that a person sees whose title holds each of these words."""
    rows = matching(sheets(person), ("folded",), words, most)
    return [
        Found(row.title, f"{row.owner}, {row.get_subject_display()}", reverse("videos:sheet_page", args=[row.pk]))
        for row in rows
    ]
