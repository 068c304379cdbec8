"""What the verbs on things that have one owner share: lock, open to a circle, remove and bring back, put in order.

The words of a refusal stay with each verb.
"""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from videos import queries
from videos.models import (
    Collection,
    CollectionItem,
    Criterion,
    Excerpt,
    Film,
    Grid,
    Moment,
    Observation,
    ObservationRound,
    PracticeSheet,
    Recorded,
    RecordingProject,
    SheetDocument,
)
from videos.models.circles import Circle, Opened, opening_to

type Opening = Collection | Grid | PracticeSheet
type Removable = Opening | Excerpt | ObservationRound
type Part = CollectionItem | SheetDocument
type OfAFilm = Film | RecordingProject | Recorded | Moment | Observation | ObservationRound


def check_count(rows: QuerySet[Any], most: int, refusal: str) -> None:
    """Refuse one more once there are so many; what was removed counts as long as it can come back.

    Raises: Refusal.
    """
    if rows.count() >= most:
        raise Refusal(refusal)


def locked[Row: Opening | OfAFilm](row: Row, by: Person, refusal: str) -> Row:
    """Read a row anew and lock it, if it is one's own.

    Raises: Refusal.
    """
    held = type(row).objects.editable_by(by).select_for_update(of=("self",)).filter(pk=str(row.pk)).first()
    if held is None:
        raise Refusal(refusal)
    return cast("Row", held)


def open_to(row: Opened, circle: Circle | None, by: Person) -> None:
    """Open a row to a circle, or to nobody, without saving it.

    Raises: Refusal if it is not a circle of this person; one that they have left since may stay.
    """
    opening = opening_to(circle)
    if opening != {name: getattr(row, name) for name in opening}:
        if circle is not None and circle not in queries.circles_of(by).values():
            raise Refusal("Choisissez l’un de vos cercles.")
        for name, value in opening.items():
            setattr(row, name, value)


def remove(row: Removable, by: Person, refusal: str) -> None:
    """Remove what one owns; `restore` brings it back for some minutes.

    Raises: Refusal if it is not one's own.
    """
    if not type(row).objects.editable_by(by).filter(pk=row.pk).exists():
        raise Refusal(refusal)
    row.removed_at = timezone.now()
    row.save(update_fields=["removed_at"])


def restore(row: Removable, by: Person, refusal: str) -> None:
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


def move[Row: CollectionItem | Criterion](row: Row, among: QuerySet[Row, Any], *, up: bool) -> bool:
    """Have a row change places with the one before it, or after it; at the end it stays. False if it is not there."""
    rows = list(among)
    place = next((place for place, one in enumerate(rows) if one.pk == row.pk), None)
    if place is None:
        return False
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place].rank, rows[other].rank = rows[other].rank, rows[place].rank
        among.bulk_update([rows[place], rows[other]], ["rank"])
    return True
