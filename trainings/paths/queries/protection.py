"""What protects the films of a path: which are shown to others today, until when, to whom, with captions or not.

Six queries, however many films there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from videos.models import Absence, CaptionTrack, Film, Recorded
from videos.queries.projects import expires_on, people_of


@dataclass(frozen=True)
class FilmState:
    """One film as a check reads it."""

    film: Film
    is_shared: bool
    has_captions: bool
    expires_on: date | None  # the last day on which it is shown; none: it is under no project


def film_states(film_ids: Collection[UUID]) -> dict[UUID, FilmState]:
    """Read the state of films; those that were erased are not there."""
    related = ("project", "group__network__district")
    films = list(Film.objects.filter(pk__in=film_ids).select_related(*related).order_by("pk"))
    shared = set(Film.objects.filter(pk__in=film_ids).shared().order_by().values_list("pk", flat=True))
    tracks = CaptionTrack.objects.shown().filter(film__in=films).order_by()
    captioned = set(tracks.values_list("film_id", flat=True))
    people, hidden = _people(films), _hidden(films)
    return {
        film.pk: FilmState(
            film,
            film.pk in shared,
            film.pk in captioned,
            expires_on(film.project, people[film.project.pk], hidden.get(film.pk, ())) if film.project else None,
        )
        for film in films
    }


def _people(films: Collection[Film]) -> dict[Any, list[Recorded]]:
    found: dict[Any, list[Recorded]] = defaultdict(list)
    for one in people_of([film.project_id for film in films if film.project_id], timezone.localdate()):
        found[one.project_id].append(one)
    return found


def _hidden(films: Collection[Film]) -> dict[UUID, list[int]]:
    found: dict[UUID, list[int]] = defaultdict(list)
    absences = Absence.objects.filter(film__in=films).order_by()
    for film_id, recorded_id in absences.values_list("film_id", "recorded_id"):
        found[film_id].append(recorded_id)
    return found
