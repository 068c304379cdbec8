"""The films and excerpts among which an author chooses what a step shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator

from circo.models import Person
from circo.models.folding import words_of
from videos.models import Excerpt
from videos.queries.excerpts import excerpts, films_seen

PER_PAGE = 12
EXCERPTS_SHOWN = 12
WORDS_MAX = 200


@dataclass(frozen=True)
class ChoosingPage:
    """What one sees of films, the newest first; on the first page the excerpts too."""

    words: str
    excerpts: list[Excerpt]
    films: Page
    query: str


def choosing_page(person: Person, given: Mapping[str, str]) -> ChoosingPage:
    """Read what one may choose from, narrowed by words of the films’ titles."""
    words = given.get("q", "").strip()[:WORDS_MAX]
    films = films_seen(person).order_by("-created_at", "-pk")
    cut = excerpts(person).order_by("-created_at", "-pk")
    for word in words_of(words):
        films = films.filter(folded__contains=word)
        cut = cut.filter(film__folded__contains=word)
    page = Paginator(films, PER_PAGE).get_page(given.get("page"))
    shown = list(cut[:EXCERPTS_SHOWN]) if page.number == 1 else []
    return ChoosingPage(words, shown, page, urlencode({"q": words}) if words else "")
