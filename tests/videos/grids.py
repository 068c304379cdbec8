"""Grids and observations for the tests."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from circo.models import Person
from videos.models import Criterion, CriterionKind, Entry, Film, Grid, Observation, ObservationRound

LEVELS = ["à deux", "en groupe", "tous ensemble"]


def grid_of(owner: Person, *, title: str = "Qui parle ?", **fields) -> Grid:
    """A grid with one criterion of each kind."""
    grid = Grid.objects.create(owner=owner, title=title, **fields)
    for rank, (label, kind) in enumerate(
        (
            ("Un élève pose une question", CriterionKind.COUNTER),
            ("Forme de travail", CriterionKind.SCALE),
            ("La consigne est reformulée", CriterionKind.YES_NO),
            ("Un élève explique à un autre", CriterionKind.FACT),
            ("Ce que j’entends", CriterionKind.NOTE),
        ),
        start=1,
    ):
        levels = LEVELS if kind == CriterionKind.SCALE else []
        grid.criteria.create(rank=rank, label=label, kind=kind, levels=levels)
    return grid


def criterion(grid: Grid, kind: CriterionKind) -> Criterion:
    return grid.criteria.get(kind=kind)


def round_of(film: Film, grid: Grid, *observers: Person, **fields) -> ObservationRound:
    made = ObservationRound.objects.create(film=film, grid=grid, **{"end_s": film.duration_s} | fields)
    for observer in observers:
        Observation.objects.create(round=made, observer=observer)
    return made


def look_of(made: ObservationRound, observer: Person) -> Observation:
    return made.observations.get(observer=observer)


def entry_of(made: ObservationRound, observer: Person, kind: CriterionKind, at_s: float = 3, **fields) -> Entry:
    found = criterion(made.grid, kind)
    return Entry.objects.create(observation=look_of(made, observer), criterion=found, at_s=at_s, **fields)


@dataclass
class ObservationThings:
    """One of each, all of one author's film."""

    used: Grid
    draft: Grid
    removed_grid: Grid
    criterion: Criterion
    removed_criterion: Criterion
    going: ObservationRound
    finished: ObservationRound  # by the author, who waits
    shown: ObservationRound
    removed_round: ObservationRound
    entry: Entry


def observation_things(film: Film, author: Person, mark: str = "") -> ObservationThings:
    now = timezone.now()
    used = grid_of(author, title=f"Qui parle{mark}", purpose=f"Entendre{mark}")
    draft = grid_of(author, title=f"Brouillon{mark}")
    rounds = [round_of(film, used, author, focus=f"Le silence{mark}") for _ in range(4)]
    going, finished, shown, removed = rounds
    finished.observations.update(finished_at=now)
    shown.observations.update(finished_at=now)
    ObservationRound.objects.filter(pk=shown.pk).update(revealed_at=now)
    ObservationRound.objects.filter(pk=removed.pk).update(removed_at=now)
    for one in (going, shown):
        entry_of(one, author, CriterionKind.FACT, text=f"Elle explique{mark}")
    return ObservationThings(
        used=used,
        draft=draft,
        removed_grid=grid_of(author, title=f"Ancienne{mark}", removed_at=now),
        criterion=draft.criteria.first(),
        removed_criterion=draft.criteria.create(rank=9, label=f"En trop{mark}", removed_at=now),
        going=going,
        finished=finished,
        shown=shown,
        removed_round=removed,
        entry=going.observations.get().entries.get(),
    )
