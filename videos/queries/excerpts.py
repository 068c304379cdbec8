"""The pages of excerpts, and two films side by side."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.urls import reverse

from circo.french import of
from circo.models import Person
from videos.models import Excerpt, Film

CHOICES_MAX = 100  # of each sort, the newest


def excerpts(person: Person) -> models.QuerySet[Excerpt]:
    """The excerpts that a person sees, with film and authors, and `is_mine`."""
    return (
        Excerpt.objects.visible_to(person)
        .select_related("author", "film__author")
        .annotate(is_mine=models.ExpressionWrapper(Q(author_id=person.pk), output_field=models.BooleanField()))
        .fetch_mode(models.FETCH_RAISE)
    )


def films_seen(person: Person) -> models.QuerySet[Film]:
    """The films that a person may watch, with what a list of them says."""
    return Film.objects.visible_to(person).watchable().select_related("author").fetch_mode(models.FETCH_RAISE)


@dataclass(frozen=True)
class ExcerptListPage:
    """The excerpts of one film, in its order, and where a new one begins."""

    film: Film
    excerpts: list[Excerpt]
    removed: Excerpt | None  # just removed, can be brought back
    start_s: float


def excerpt_list_page(film: Film, person: Person, *, start_s: float = 0, removed: int | None = None) -> ExcerptListPage:
    """Read the excerpts of `film`, a row of `films(person)`."""
    back = Excerpt.objects.restorable_by(person).filter(film_id=film.pk, pk=removed).first() if removed else None
    return ExcerptListPage(film, list(excerpts(person).filter(film_id=film.pk)), back, start_s)


@dataclass(frozen=True)
class Side:
    """A film or an excerpt, as one of two players shows it. `end_s` is 0 for a whole film."""

    key: str
    title: str
    detail: str
    film: Film
    begin_s: float
    end_s: float
    url: str


def side_of_film(film: Film) -> Side:
    """Show a whole film."""
    url = reverse("videos:film_page", args=[film.pk])
    return Side(f"film-{film.pk}", film.title, f"film {of(film.author)}", film, 0, 0, url)


def side_of_excerpt(excerpt: Excerpt) -> Side:
    """Show an excerpt."""
    url = reverse("videos:excerpt_page", args=[excerpt.film_id, excerpt.pk])
    detail = f"extrait {excerpt.part}, film {of(excerpt.film.author)}"
    return Side(f"extrait-{excerpt.pk}", excerpt.title, detail, excerpt.film, excerpt.in_s, excerpt.out_s, url)


@dataclass(frozen=True)
class SideBySidePage:
    """Two players, and what may be chosen for each. A side is empty as long as nothing that one sees is chosen."""

    first: Side | None
    second: Side | None
    choices: list[Side]

    @property
    def both(self) -> bool:
        return self.first is not None and self.second is not None


def side_by_side_page(person: Person, *, first: str = "", second: str = "") -> SideBySidePage:
    """Read the two sides that an address asks for, each within its own rights."""
    newest = films_seen(person).order_by("-created_at", "-pk")[:CHOICES_MAX]
    shown = excerpts(person).order_by("-created_at", "-pk")[:CHOICES_MAX]
    choices = [*map(side_of_excerpt, shown), *map(side_of_film, newest)]
    known = {side.key: side for side in choices}
    return SideBySidePage(known.get(first), known.get(second), choices)
