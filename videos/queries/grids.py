"""The pages of observation grids."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse

from circo.access import Permission
from circo.models import Person
from circo.queries import counted
from videos.models import Criterion, Grid, ObservationRound
from videos.models.grids import GridQuerySet

GRIDS_A_PAGE = 24


def grids(person: Person) -> GridQuerySet:
    """The grids that a person sees, with their owner and circle, `is_mine` and `is_used`."""
    return (
        Grid.objects.visible_to(person)
        .select_related("owner", "group", "network", "district")
        .annotate(
            is_mine=models.ExpressionWrapper(Q(owner_id=person.pk), output_field=models.BooleanField()),
            is_used=Exists(ObservationRound.objects.filter(grid=OuterRef("pk")).order_by()),
        )
        .order_by("-is_mine", "title", "pk")
        .fetch_mode(models.FETCH_RAISE)
    )


@dataclass(frozen=True)
class GridListPage:
    """The last version of each grid, with `criteria_count`."""

    grids: Page
    removed: Grid | None  # just removed, can be brought back
    new_url: str  # nothing for those who may not write one


def grid_list_page(person: Person, *, number: str = "", removed: int | None = None) -> GridListPage:
    """Rows of the list of grids: one's own first."""
    rows = (
        grids(person)
        .last_versions()
        .annotate(criteria_count=counted(Criterion.objects.filter(removed_at=None), "grid"))
    )
    back = Grid.objects.restorable_by(person).filter(pk=removed).first() if removed else None
    new_url = reverse("videos:grid_new") if person.reach().can(Permission.WATCH_FILMS) else ""
    return GridListPage(grids=Paginator(rows, GRIDS_A_PAGE).get_page(number), removed=back, new_url=new_url)


@dataclass(frozen=True)
class GridPage:
    """One grid and its criteria. `may_change`: its owner, as long as nobody has used it."""

    grid: Grid
    criteria: list[Criterion]
    may_change: bool
    latest: Grid | None  # a newer version
    removed: Criterion | None  # just taken away, can be brought back


def grid_page(grid: Grid, person: Person, *, removed: int | None = None) -> GridPage:
    """Read what the page of `grid`, a row of `grids(person)`, shows."""
    criteria = list(Criterion.objects.visible_to(person).filter(grid_id=grid.pk).fetch_mode(models.FETCH_RAISE))
    may_change = grid.owner_id == person.pk and not ObservationRound.objects.filter(grid=grid).exists()
    back = None
    if may_change and removed:
        back = Criterion.objects.restorable_by(person).filter(grid_id=grid.pk, pk=removed).first()
    return GridPage(
        grid=grid,
        criteria=criteria,
        may_change=may_change,
        latest=Grid.objects.visible_to(person).filter(previous_id=grid.pk).first(),
        removed=back,
    )


def grids_to_use(person: Person) -> models.QuerySet[Grid]:
    """The grids that a person may observe with: the last version of each, not empty."""
    kept = Criterion.objects.filter(grid=OuterRef("pk"), removed_at=None).order_by()
    return Grid.objects.visible_to(person).last_versions().filter(Exists(kept))


def with_criteria(rows: models.QuerySet[ObservationRound]) -> models.QuerySet[ObservationRound]:
    """Rounds with their grid and its criteria, in order."""
    kept = Criterion.objects.filter(removed_at=None).order_by("rank", "pk")
    return rows.select_related("grid").prefetch_related(Prefetch("grid__criteria", kept))
