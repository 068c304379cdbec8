"""What the verbs on things that have one owner share: films and their records, and the collections, grids and sheets
that come back for some minutes. The words of a refusal stay with each verb.
"""

from __future__ import annotations

from typing import cast

from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from videos.models import (
    Collection,
    CollectionItem,
    Film,
    Grid,
    PracticeSheet,
    Recorded,
    RecordingProject,
    SheetDocument,
)

type Owned = Collection | Grid | PracticeSheet
type Part = CollectionItem | SheetDocument


def locked[Row: Owned | Film | RecordingProject | Recorded](row: Row, by: Person, refusal: str) -> Row:
    """Read a row anew and lock it, if it is one's own.

    Raises: Refusal.
    """
    held = type(row).objects.editable_by(by).select_for_update(of=("self",)).filter(pk=str(row.pk)).first()
    if held is None:
        raise Refusal(refusal)
    return cast("Row", held)


def remove(row: Owned, by: Person, refusal: str) -> None:
    """Remove what one owns.

    Raises: Refusal if it is not one's own.
    """
    if row.owner_id != by.pk:
        raise Refusal(refusal)
    row.removed_at = timezone.now()
    row.save(update_fields=["removed_at"])


def restore(row: Owned, by: Person, refusal: str) -> None:
    """Bring back what one owns and has just removed.

    Raises: Refusal if it is not one's own, or if it was too long ago.
    """
    if not type(row).objects.restorable_by(by).filter(pk=row.pk).exists():
        raise Refusal(refusal)
    row.removed_at = None
    row.save(update_fields=["removed_at"])


def take_out(part: Part) -> None:
    """Remove a part of what one owns, which the caller has locked; the first instant is kept."""
    part.removed_at = part.removed_at or timezone.now()
    part.save(update_fields=["removed_at"])


def put_back(part: Part) -> None:
    """Put back a part of what one owns, which the caller has locked."""
    part.removed_at = None
    part.save(update_fields=["removed_at"])
