"""Grids as wholes: a new version, a copy of a colleague's, removal."""

from __future__ import annotations

from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from videos.actions import owned
from videos.actions.grids import NOT_YOURS, check_room
from videos.models import Criterion, Grid


@transaction.atomic
def new_version(*, grid: Grid, by: Person) -> Grid:
    """Prepare the next version of a grid that has been used. Asked twice, it is the same one.

    Raises: Refusal if it is not one's own, or if one has too many grids.
    """
    held = owned.locked(grid, by, NOT_YOURS)
    if (known := Grid.objects.filter(previous=held).first()) is not None:
        if known.removed_at is not None:
            known.removed_at = None
            known.save(update_fields=["removed_at"])
        return known
    circle = {"group": held.group, "network": held.network, "district": held.district}
    return _copied(held, by, previous=held, version=held.version + 1, **circle)


@transaction.atomic
def copy_grid(*, grid: Grid, by: Person) -> Grid:
    """Make one's own grid, kept for oneself, of one that one sees.

    Raises: Refusal if one does not see it, or has too many grids.
    """
    held = Grid.objects.visible_to(by).filter(pk=grid.pk).first()
    if held is None:
        raise Refusal("Cette grille n’est plus visible pour vous.")
    return _copied(held, by)


def _copied(grid: Grid, by: Person, **fields: object) -> Grid:
    check_room(by)
    copy = Grid.objects.create(owner=by, title=grid.title, purpose=grid.purpose, **fields)
    criteria = grid.criteria.filter(removed_at=None)
    Criterion.objects.bulk_create(
        Criterion(grid=copy, rank=one.rank, label=one.label, help=one.help, kind=one.kind, levels=one.levels)
        for one in criteria
    )
    return copy


def remove_grid(*, grid: Grid, by: Person) -> None:
    """Take a grid out of the lists; the observations made with it stay. `restore_grid` brings it back for some minutes.

    Raises: Refusal if it is not one's own.
    """
    owned.remove(grid, by, NOT_YOURS)


def restore_grid(*, grid: Grid, by: Person) -> None:
    """Bring back a grid that one has just removed.

    Raises: Refusal if it is not one's own, or if it was too long ago.
    """
    owned.restore(grid, by, "Cette grille ne peut plus être remise.")
