"""The library that districts share: the paths that others have opened to mine, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from circo.models import Person
from circo.models.folding import words_of
from circo.queries import counted
from trainings.models import LearningPath, PathVersion
from trainings.paths.queries.paths import districts
from trainings.paths.rules import VersionState

PER_PAGE = 20
WORDS_MAX = 200


def shared(person: Person) -> QuerySet[PathVersion]:
    """The published versions of other districts that are opened to mine, with `reuses`: how often each was adapted."""
    opened = LearningPath.objects.open_to(person).exclude(district__in=districts(person)).order_by().values("pk")
    rows = PathVersion.objects.filter(state=VersionState.PUBLISHED, path__in=opened)
    reuses = counted(LearningPath.objects.kept(), "adapted_from__path__versions")
    return rows.select_related("path__district").annotate(reuses=reuses)


@dataclass(frozen=True)
class LibraryPage:
    words: str
    rows: Page
    query: str


def library_page(person: Person, given: Mapping[str, str]) -> LibraryPage:
    """Read the library, the last published first, narrowed by words."""
    words = given.get("q", "").strip()[:WORDS_MAX]
    rows = shared(person)
    for word in words_of(words):
        rows = rows.filter(folded__contains=word)
    page = Paginator(rows.order_by("-published_at", "-pk"), PER_PAGE).get_page(given.get("page"))
    return LibraryPage(words, page, urlencode({"q": words}) if words else "")
