"""When films end: the earliest day that somebody of their record agreed to, and what waits for their authors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least
from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.registries import Todo
from videos.consents import rules
from videos.consents.rules import Answer, Audience
from videos.models import Absence, Agreement, Film, FilmState, RecordingProject


def with_end(films: QuerySet[Film]) -> QuerySet[Any]:
    """Annotate the films under a project with `last_shown_on`: `rules.expires_on`, in SQL."""
    return _with_end(films).filter(project__isnull=False)


def _with_end(films: QuerySet[Film]) -> QuerySet[Any]:
    hidden = Absence.objects.filter(film=OuterRef(OuterRef("pk")), recorded=OuterRef("recorded"))
    given = Agreement.objects.filter(
        ~Exists(hidden), recorded__project=OuterRef("project"), answer=Answer.AGREED, ends_on__isnull=False
    )
    earliest = Subquery(given.order_by("ends_on").values("ends_on")[:1])
    ends_on = F("project__ends_on")
    return films.annotate(last_shown_on=Least(ends_on, Coalesce(earliest, ends_on)))


def unprotected_since(films: QuerySet[Film], day: date) -> QuerySet[Film]:
    """The films that no project ever came to protect, and whose own last day was before `day`."""
    midnight = timezone.make_aware(datetime.combine(rules.oldest_recording(day), time()))
    return films.filter(project__isnull=True, created_at__lt=midnight)


def films_to_purge(today: date) -> list[Film]:
    """The films whose end is passed for long enough that nobody mends their record any more."""
    limit = today - rules.PURGED_AFTER
    protected = with_end(Film.objects.all()).filter(last_shown_on__lt=limit).order_by("pk")
    return [*protected, *unprotected_since(Film.objects.all(), limit).order_by("pk")]


def _soon(today: date) -> tuple[date, date]:
    return today, today + rules.WARNED_BEFORE


def films_ending(films: QuerySet[Film], today: date) -> QuerySet[Any]:
    """The films that will soon be shown no more."""
    return with_end(films).filter(last_shown_on__range=_soon(today)).order_by("last_shown_on", "pk")


def projects_to_purge(today: date, kept_for: timedelta) -> QuerySet[RecordingProject]:
    """The projects without films whose proofs need not be kept any more."""
    return RecordingProject.objects.filter(films=None, ends_on__lt=today - kept_for).order_by("pk")


def protection_todos(person: Person) -> Sequence[Todo]:
    """One's own films that wait for their record, and those that will soon be shown no more."""
    today = timezone.localdate()
    complete = Film.objects.complete().filter(pk=OuterRef("pk")).order_by()
    mine = _with_end(Film.objects.editable_by(person).exclude(state=FilmState.REFUSED)).annotate(
        is_complete=Exists(complete),
        is_ending=ExpressionWrapper(Q(last_shown_on__range=_soon(today)), BooleanField()),
    )
    over = Q(project__ends_on__lt=today)
    waiting = Q(audience__gte=Audience.GROUP, is_complete=False) & ~over
    found = list(mine.filter(waiting | Q(is_ending=True)).order_by("last_shown_on", "-created_at", "pk"))
    ending = [
        Todo(
            title="Un film ne sera bientôt plus montré",
            detail=f"{film.title}\u00a0: les accords s’arrêtent là.",
            url=reverse("videos:film_protection", args=[film.pk]),
            icon="clock",
            due_on=film.last_shown_on,
        )
        for film in found
        if film.is_ending
    ]
    return [*_waiting([film for film in found if not film.is_ending]), *ending]


def _waiting(films: Sequence[Film]) -> list[Todo]:
    if not films:
        return []
    if len(films) == 1:
        title, detail = "Un film attend les accords pour être vu", films[0].title
        url = reverse("videos:film_protection", args=[films[0].pk])
    else:
        title, detail = (
            f"{len(films)} films attendent les accords pour être vus",
            "Personne d’autre que vous ne les voit pour l’instant.",
        )
        url = reverse("videos:project_list")
    return [Todo(title=title, detail=detail, url=url, icon="lock")]
