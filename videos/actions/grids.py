"""Build an observation grid. One that has been used is frozen: it gets a new version."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from videos.actions import owned
from videos.grids import rules
from videos.models import Criterion, CriterionKind, Grid
from videos.models.circles import Circle
from videos.rules import GRIDS_MAX

NOT_YOURS = "Seule la personne qui a écrit cette grille peut la changer."
FULL = f"Une grille tient en {rules.CRITERIA_MAX}\u00a0repères\u00a0: au-delà, on ne peut plus regarder."
FROZEN = "Cette grille a déjà servi\u00a0: préparez une nouvelle version pour la changer."


def check_room(by: Person) -> None:
    """Raises: Refusal if this person has too many grids to begin another."""
    owned.check_count(by.grids.all(), GRIDS_MAX, "Vous avez déjà beaucoup de grilles. Changez l’une d’elles.")


@transaction.atomic
def create_grid(*, title: str, purpose: str, circle: Circle | None, by: Person) -> Grid:
    """Begin a grid, without any criterion yet.

    Raises: Refusal without a title, or for a circle that is not one's own.
    """
    check_room(by)
    return _described(Grid(owner=by), title, purpose, circle, by)


@transaction.atomic
def describe_grid(*, grid: Grid, title: str, purpose: str, circle: Circle | None, by: Person) -> Grid:
    """Change the title, the purpose and the circle: what observers note does not depend on them.

    Raises: Refusal if it is not one's own, without a title, or for a circle that is not one's own.
    """
    return _described(owned.locked(grid, by, NOT_YOURS), title, purpose, circle, by)


def _described(grid: Grid, title: str, purpose: str, circle: Circle | None, by: Person) -> Grid:
    if not title.strip():
        raise Refusal("Donnez un titre à cette grille.")
    grid.title, grid.purpose = title.strip()[: rules.GRID_TITLE_MAX], purpose.strip()
    owned.open_to(grid, circle, by)
    grid.save()
    return grid


def _changeable(grid: Grid, by: Person) -> Grid:
    held = owned.locked(grid, by, NOT_YOURS)
    if held.rounds.exists():
        raise Refusal(FROZEN)
    return held


@transaction.atomic
def add_criterion(
    *, grid: Grid, label: str, help: str, kind: CriterionKind, levels: Sequence[str], by: Person
) -> Criterion:
    """Add something to look at, after the others.

    Raises: Refusal if the grid is not one's own, is frozen or full, or if the levels do not fit the kind.
    """
    held = _changeable(grid, by)
    if held.criteria.filter(removed_at=None).count() >= rules.CRITERIA_MAX:
        raise Refusal(FULL)
    last = held.criteria.aggregate(rank=Max("rank"))["rank"] or 0
    return held.criteria.create(rank=last + 1, **_criterion(label, help, kind, levels))


def _criterion(label: str, help: str, kind: CriterionKind, levels: Sequence[str]) -> dict[str, object]:
    if not label.strip():
        raise Refusal("Dites ce que l’on regarde.")
    named = [level.strip()[: rules.LEVEL_MAX] for level in levels if level.strip()]
    if kind == CriterionKind.SCALE and not rules.LEVELS_MIN <= len(set(named)) == len(named) <= rules.LEVELS_MAX:
        raise Refusal(f"Nommez de {rules.LEVELS_MIN} à {rules.LEVELS_MAX}\u00a0niveaux différents, un par ligne.")
    return {
        "label": label.strip()[: rules.LABEL_MAX],
        "help": help.strip()[: rules.HELP_MAX],
        "kind": kind,
        "levels": named if kind == CriterionKind.SCALE else [],
    }


@transaction.atomic
def change_criterion(
    *, criterion: Criterion, label: str, help: str, kind: CriterionKind, levels: Sequence[str], by: Person
) -> Criterion:
    """Say a criterion otherwise.

    Raises: Refusal as `add_criterion`.
    """
    held = _changeable(criterion.grid, by)
    found = held.criteria.get(pk=criterion.pk)
    for name, value in _criterion(label, help, kind, levels).items():
        setattr(found, name, value)
    found.save()
    return found


@transaction.atomic
def move_criterion(*, criterion: Criterion, up: bool, by: Person) -> Criterion:
    """Move a criterion one place up or down; at the end it stays there.

    Raises: Refusal if the grid is not one's own, or is frozen.
    """
    held = _changeable(criterion.grid, by)
    if not owned.move(criterion, held.criteria.filter(removed_at=None), up=up):
        raise Refusal("Ce repère n’est plus dans la grille.")
    return criterion


@transaction.atomic
def remove_criterion(*, criterion: Criterion, by: Person) -> None:
    """Take a criterion away; `restore_criterion` brings it back for some minutes.

    Raises: Refusal if the grid is not one's own, or is frozen.
    """
    _changeable(criterion.grid, by)
    criterion.removed_at = timezone.now()
    criterion.save(update_fields=["removed_at"])


@transaction.atomic
def restore_criterion(*, criterion: Criterion, by: Person) -> None:
    """Bring back a criterion that one has just taken away.

    Raises: Refusal if the grid is not one's own, is frozen or full, or if it was too long ago.
    """
    held = _changeable(criterion.grid, by)
    if not Criterion.objects.restorable_by(by).filter(pk=criterion.pk).exists():
        raise Refusal("Ce repère ne peut plus être remis.")
    if held.criteria.filter(removed_at=None).count() >= rules.CRITERIA_MAX:
        raise Refusal(FULL)
    criterion.removed_at = None
    criterion.save(update_fields=["removed_at"])
