"""All that the pages of films read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from uuid import UUID

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.urls import reverse
from django.utils import timezone

from circo.models import Person, Posting
from circo.registries import Todo
from videos import rules
from videos.models import Film, FilmState, Moment, Upload
from videos.queries.preparing import Progress, progress_of, version_of
from videos.queries.uploads import waiting_uploads

ALIKE_S = 2.0  # two films whose lengths differ by less show the same seconds, about
REFUSALS_SHOWN_FOR = timedelta(days=30)


def films(person: Person) -> models.QuerySet[Film]:
    """The films that a person sees, with their author, their group, and `is_mine`."""
    return (
        Film.objects.visible_to(person)
        .select_related("author", "group__network__district")
        .annotate(is_mine=ExpressionWrapper(Q(author_id=person.pk), output_field=models.BooleanField()))
        .fetch_mode(models.FETCH_RAISE)
    )


def removed_films(person: Person) -> models.QuerySet[Film]:
    """One's own films that one has removed and may bring back, the latest first, with `erased_at`."""
    erased_at = ExpressionWrapper(F("removed_at") + rules.FILM_RESTORABLE_FOR, output_field=models.DateTimeField())
    rows = Film.objects.restorable_by(person).annotate(erased_at=erased_at)
    return rows.order_by("-removed_at", "pk").fetch_mode(models.FETCH_RAISE)


def own_film(person: Person, key: str) -> Film | None:
    """One's own film of that id, if it is one."""
    try:
        return Film.objects.editable_by(person).filter(pk=UUID(key)).first()
    except ValueError:
        return None


@dataclass(frozen=True)
class Replacement:
    """An old film, whose place a new one may take. `later`: comments that stand after the end of the new one."""

    old: Film
    is_ready: bool
    comments: int
    later: int
    lengths: tuple[str, str] | None  # of the old and the new film, where they differ


def replacement(film: Film, person: Person) -> Replacement | None:
    """What `film`, of this person's own, may replace; None if it is to replace nothing."""
    old = Film.objects.editable_by(person).filter(pk=film.replaces_id).first() if film.replaces_id else None
    if old is None or film.author_id != person.pk:
        return None
    said = Moment.objects.in_circle_of(person).filter(film_id=old.pk)
    here, there = film.duration_s or 0, old.duration_s or 0
    return Replacement(
        old=old,
        is_ready=film.state == FilmState.READY,
        comments=said.count(),
        later=said.filter(at_s__gt=here).count(),
        lengths=(old.duration, film.duration) if abs(here - there) > ALIKE_S else None,
    )


@dataclass(frozen=True)
class FilmPage:
    """What the page of one film shows around its discussion. `film` has `is_mine`."""

    film: Film
    upload: Upload | None  # of one's own film, while its bytes arrive
    progress: Progress  # of the preparation
    version: str  # of what a player may choose from
    start_s: float  # where the film is to begin
    school: str  # of its author

    @property
    def upload_text(self) -> str:
        return f"{self.upload.percent}\u00a0% envoyés" if self.upload else ""


def film_page(film: Film, person: Person, *, asked: Mapping[str, str] = MappingProxyType({})) -> FilmPage:
    """Read what is around `film`, a row of `films(person)`.

    `asked` may name, as text, the second where to begin (`t`).
    """
    uploads = Upload.objects.visible_to(person).filter(film_id=film.pk).unfinished()
    return FilmPage(
        film=film,
        upload=uploads.first() if film.state == FilmState.UPLOADING else None,
        progress=progress_of(film),
        version=version_of(film),
        start_s=start_of(film, asked),
        school=schools_of([film]).get(film.pk, ""),
    )


def start_of(film: Film, asked: Mapping[str, str]) -> float:
    """Return the second that a link asks for, if it lies in the film; else its beginning."""
    try:
        second = rules.seconds_of(asked.get("t", ""))
    except ValueError:
        return 0.0
    return second if second <= (film.duration_s or 0) else 0.0


def schools_of(shown: Collection[Film]) -> dict[UUID, str]:
    """The school where the author of each film taught on the day of its deposit."""
    held = Posting.objects.filter(person__in={film.author_id for film in shown}, school__isnull=False)
    columns = ("person_id", "starts_on", "ends_on", "school__name")
    postings = list(held.values_list(*columns))  # the latest first
    found: dict[UUID, str] = {}
    for film in shown:
        day = timezone.localdate(film.created_at)
        for person_id, starts_on, ends_on, name in postings:
            if person_id == film.author_id and starts_on <= day and (ends_on is None or day <= ends_on):
                found.setdefault(film.pk, name)
    return found


def todos(person: Person) -> Sequence[Todo]:
    """What waits for the author of films: deposits that stopped, or have no title; films ready to replace others."""
    deposit = reverse("videos:film_deposit")
    untitled = [
        Todo(title="Un film attend son titre et son groupe", detail=upload.file_name, url=deposit, icon="film")
        for upload in waiting_uploads(person)
    ]
    return _stopped(person) + _replacing(person) + untitled


def _stopped(person: Person) -> list[Todo]:
    """One's own films that were refused lately, or are on their way."""
    lately = timezone.now() - REFUSALS_SHOWN_FOR
    stopped = (
        Film.objects.editable_by(person)
        .filter(Q(state=FilmState.UPLOADING) | Q(state=FilmState.REFUSED, created_at__gt=lately))
        .fetch_mode(models.FETCH_RAISE)
    )
    return [
        Todo(
            title="Votre film n’a pas pu être préparé"
            if film.state == FilmState.REFUSED
            else "Un envoi n’est pas terminé",
            detail=f"{film.title}\u00a0: {film.refusal}" if film.refusal else film.title,
            url=reverse("videos:film_page", args=[film.pk]),
            icon="film",
        )
        for film in stopped
    ]


def _replacing(person: Person) -> list[Todo]:
    """One's own films that are ready to take the place of another, which was not removed meanwhile."""
    ready = Film.objects.editable_by(person).filter(state=FilmState.READY, replaces__isnull=False)
    return [
        Todo(
            title="Un film est prêt à en remplacer un autre",
            detail=film.title,
            url=reverse("videos:film_page", args=[film.pk]) + "#gerer",
            icon="film",
        )
        for film in ready.filter(replaces__removed_at=None)
    ]
