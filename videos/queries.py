"""All that the pages of films read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from circo.folding import Fold, words_of
from circo.models import Job, Person
from circo.registries import Found, Todo
from networks.models import MutualisationGroup
from videos.models import Film, FilmState, Moment, Upload

TRANSCODE = "transcode"  # the kind of job that prepares a film
REFUSALS_SHOWN_FOR = timedelta(days=30)


def films(person: Person) -> models.QuerySet[Film]:
    """The films that a person sees, with their author, their group, and `is_mine`."""
    return (
        Film.objects.visible_to(person)
        .select_related("author", "group")
        .annotate(is_mine=models.ExpressionWrapper(Q(author_id=person.pk), output_field=models.BooleanField()))
        .fetch_mode(models.FETCH_RAISE)
    )


@dataclass(frozen=True)
class FilmListPage:
    """`mine` in all states, `shared` by the others, each newest first; films have `is_mine`, `moments_count`."""

    mine: list[Film]
    shared: list[Film]
    uploads: list[Upload]  # begun by the person and not described yet


def film_list_page(person: Person) -> FilmListPage:
    """Rows of the list of films."""
    counts = (
        Moment.objects.filter(film=OuterRef("pk"), deleted_at__isnull=True)
        .order_by()
        .values("film")
        .annotate(n=Count("pk"))
    )
    rows = list(
        films(person).annotate(
            moments_count=models.functions.Coalesce(Subquery(counts.values("n")), 0),
            received_bytes=F("upload__offset_bytes"),
            expected_bytes=F("upload__size_bytes"),
        )
    )
    return FilmListPage(
        mine=[film for film in rows if film.is_mine],
        shared=[film for film in rows if not film.is_mine],
        uploads=list(waiting_uploads(person)),
    )


def waiting_uploads(person: Person) -> models.QuerySet[Upload]:
    """What a person began to send and has not described yet, newest first."""
    return Upload.objects.visible_to(person).open_at(timezone.now()).filter(film=None).fetch_mode(models.FETCH_RAISE)


def groups_for_deposit(person: Person) -> models.QuerySet[MutualisationGroup]:
    """The groups with which a person may share a film."""
    return MutualisationGroup.objects.of_member(person).select_related("network")


@dataclass(frozen=True)
class FilmPage:
    """What the page of one film shows. `film` has `is_mine`; each moment has `is_mine` and its author."""

    film: Film
    moments: list[Moment]
    upload: Upload | None  # of one's own film, while its bytes arrive
    progress: int  # percent of the preparation

    @property
    def moments_data(self) -> list[dict[str, object]]:
        """What the markers of the timeline need, for `json_script`."""
        return [
            {"id": moment.pk, "at_s": moment.at_s, "kind": moment.kind, "label": moment.get_kind_display()}
            for moment in self.moments
        ]


def film_page(film: Film, person: Person) -> FilmPage:
    """Read what is around `film`, a row of `films(person)`."""
    moments = (
        Moment.objects.visible_to(person)
        .filter(film_id=film.pk)
        .select_related("author")
        .annotate(is_mine=models.ExpressionWrapper(Q(author_id=person.pk), output_field=models.BooleanField()))
        .fetch_mode(models.FETCH_RAISE)
    )
    upload = Upload.objects.visible_to(person).filter(film_id=film.pk).unfinished().first()
    return FilmPage(film=film, moments=list(moments), upload=upload, progress=_progress(film))


def _progress(film: Film) -> int:
    share = Job.objects.filter(kind=TRANSCODE, subject_id=str(film.pk)).values_list("progress", flat=True).first()
    return round(100 * (share or 0))


def search(person: Person, words: str, most: int) -> Sequence[Found]:
    """The films that a person sees whose title or author holds each of these words."""
    rows = films(person).annotate(
        searched=Fold(models.functions.Concat("title", models.Value(" "), "author__first_name", models.Value(" "), "author__last_name"))
    )
    wanted = words_of(words)
    if not wanted:
        return []
    for word in wanted:
        rows = rows.filter(searched__contains=word)
    return [
        Found(title=film.title, detail=f"{film.author}, {film.group}", url=reverse("videos:film_page", args=[film.pk]))
        for film in rows[:most]
    ]


def todos(person: Person) -> Sequence[Todo]:
    """One's own deposits that stopped: refused lately, on their way, or without a title."""
    lately = timezone.now() - REFUSALS_SHOWN_FOR
    stopped = (
        Film.objects.editable_by(person)
        .filter(Q(state=FilmState.UPLOADING) | Q(state=FilmState.REFUSED, created_at__gt=lately))
        .fetch_mode(models.FETCH_RAISE)
    )
    rows = [
        Todo(
            title="Votre film n’a pas pu être préparé" if film.state == FilmState.REFUSED else "Un envoi n’est pas terminé",
            detail=f"{film.title} : {film.refusal}" if film.refusal else film.title,
            url=reverse("videos:film_page", args=[film.pk]),
            icon="film",
        )
        for film in stopped
    ]
    deposit = reverse("videos:film_deposit")
    return rows + [
        Todo(title="Un film attend son titre et son groupe", detail=upload.file_name, url=deposit, icon="film")
        for upload in waiting_uploads(person)
    ]
