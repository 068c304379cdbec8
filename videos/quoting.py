"""What films and sheets let be quoted elsewhere: how an address names one, and what each reader sees of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.template.defaultfilters import truncatechars
from django.urls import Resolver404, resolve, reverse

from circo.french import of
from circo.models import Person
from circo.rules import number_in
from networks.salons.quoting import Card, Quotable
from videos.models import Film, Moment, PracticeSheet
from videos.rules import timecode

WORDS_SHOWN = 200  # characters of a comment


def _resolved(address: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    """The name of the page of an address, what fills it, and its parameters; an empty name if it is none of ours."""
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return "", {}, {}
    return match.view_name, match.kwargs, {name: values[-1] for name, values in parse_qs(parts.query).items()}


# --- A comment at the second -----------------------------------------------------------------------------------------
def _find_moment(person: Person, address: str) -> str | None:
    name, filled, asked = _resolved(address)
    moment_id = number_in(asked.get("commentaire"))
    if name != "videos:film_page" or moment_id is None:
        return None
    seen = Moment.objects.visible_to(person).filter(pk=moment_id, film_id=filled["film_id"])
    return str(moment_id) if seen.exists() else None


def _moment_cards(person: Person, ids: set[str]) -> dict[str, Card]:
    rows = Moment.objects.visible_to(person).filter(pk__in=ids).select_related("film", "author").order_by("pk")
    return {
        str(row.pk): Card(
            title=row.film.title,
            detail=f"À {row.timecode}, {row.author}\u00a0: {truncatechars(row.text, WORDS_SHOWN)}",
            url=f"{reverse('videos:film_page', args=[row.film_id], query={'commentaire': row.pk})}#moment-{row.pk}",
            label="Un commentaire de film",
            picture=_poster(row.film),
        )
        for row in rows
    }


# --- A second of a film ----------------------------------------------------------------------------------------------
def _find_film(person: Person, address: str) -> str | None:
    name, filled, asked = _resolved(address)
    if name != "videos:film_page":
        return None
    seen = Film.objects.visible_to(person).watchable().filter(pk=filled["film_id"])
    second = number_in(asked.get("t", "").partition(".")[0]) or 0
    return f"{filled['film_id']}@{min(second, 99_999)}" if seen.exists() else None


def _film_cards(person: Person, ids: set[str]) -> dict[str, Card]:
    places = {one: one.partition("@") for one in ids}
    films = {film_id for film_id, _, _ in places.values()}
    rows = Film.objects.visible_to(person).watchable().filter(pk__in=films).select_related("author").order_by("pk")
    seen = {row.pk: row for row in rows}
    return {one: _film_card(seen[UUID(pk)], int(second)) for one, (pk, _, second) in places.items() if UUID(pk) in seen}


def _film_card(film: Film, second: int) -> Card:
    at = f"À {timecode(second)}, film {of(film.author)}" if second else f"Film {of(film.author)}"
    address = reverse("videos:film_page", args=[film.pk], query={"t": second} if second else None)
    return Card(film.title, at, f"{address}#lecteur", label="Un moment de film", picture=_poster(film))


def _poster(film: Film) -> str:
    return reverse("videos:film_media", args=[film.pk, "poster.jpg"])


# --- A practice sheet ------------------------------------------------------------------------------------------------
def _find_sheet(person: Person, address: str) -> str | None:
    name, filled, _ = _resolved(address)
    if name != "videos:sheet_page":
        return None
    seen = PracticeSheet.objects.visible_to(person).filter(pk=filled["sheet_id"])
    return str(filled["sheet_id"]) if seen.exists() else None


def _sheet_cards(person: Person, ids: set[str]) -> dict[str, Card]:
    rows = PracticeSheet.objects.visible_to(person).filter(pk__in=ids).select_related("owner").order_by("pk")
    return {
        str(row.pk): Card(
            title=row.title,
            detail=f"{row.owner}, {row.get_subject_display()}",
            url=reverse("videos:sheet_page", args=[row.pk]),
            label="Une fiche de pratique",
        )
        for row in rows
    }


# The comment before its film: the address of the one begins with that of the other.
QUOTABLES = (
    Quotable("moment", "un commentaire de film", _moment_cards, _find_moment),
    Quotable("film", "un film", _film_cards, _find_film),
    Quotable("sheet", "une fiche de pratique", _sheet_cards, _find_sheet),
)
