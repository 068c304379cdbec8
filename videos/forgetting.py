"""Erase what people have removed and cannot bring back, what nobody came back to, and files that no row names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from videos import paths, storing
from videos.models import (
    CaptionTrack,
    Collection,
    CollectionItem,
    Criterion,
    Entry,
    Excerpt,
    Grid,
    Moment,
    ObservationRound,
    PlaybackPosition,
    PracticeSheet,
    Reply,
    Scan,
    SheetDocument,
)
from videos.sheets import keeping

KEPT = timedelta(days=2)  # far beyond the minutes of « Annuler », and for whoever calls for help the next morning
POSITIONS_KEPT = timedelta(days=180)  # after that one begins a film anew; told on the page of private life
FILES_LEFT_ALONE = timedelta(days=1)  # a file this young may belong to a row that is being written
INSIDE_OUT: tuple[Any, ...] = (
    Entry,
    ObservationRound,
    CaptionTrack,
    CollectionItem,
    Collection,
    SheetDocument,
    PracticeSheet,
    Excerpt,
)


def forget(now: datetime) -> None:
    """Erase all of it; harmless when run twice at once."""
    for rows in _removed(now - KEPT):
        rows.delete()
    PlaybackPosition.objects.filter(updated_at__lte=now - POSITIONS_KEPT).delete()
    _remove_orphan_files(now - FILES_LEFT_ALONE)


def _removed(before: datetime) -> Iterator[QuerySet[Any]]:
    """What was removed before that instant; what hangs on it goes with it."""
    for model in (Reply, Moment):
        yield model.objects.filter(deleted_at__lte=before)
    for model in INSIDE_OUT:
        yield model.objects.filter(removed_at__lte=before)
    # A grid stays as long as somebody observed with it: what was noted would lose its words.
    yield Criterion.objects.filter(removed_at__lte=before, entries=None)
    yield Grid.objects.filter(removed_at__lte=before, rounds=None)


def _remove_orphan_files(before: datetime) -> None:
    """Remove the attached documents and the signed papers of rows that are gone, whichever way they went."""
    # Listed before the rows are read: what is attached meanwhile is not taken for an orphan.
    stored = {folder: storing.older(folder, before) for folder in (paths.SHEETS, paths.PAPERS)}
    named = {keeping.key_of(document) for document in SheetDocument.objects.only("sheet_id", "kind").order_by("pk")}
    scans = Scan.objects.select_related("recorded").only("kind", "recorded__project_id").order_by("pk")
    named |= {paths.scan_key(scan.recorded.project_id, scan.pk, scan.kind) for scan in scans}
    for key in {*stored[paths.SHEETS], *stored[paths.PAPERS]} - named:
        storing.delete(key)
