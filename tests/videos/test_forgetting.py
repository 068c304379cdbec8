"""What was removed comes back for some minutes, is kept for two days, and is then really erased, files with it."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tests.videos.films import film_of
from tests.videos.grids import entry_of, grid_of, round_of
from tests.videos.records import project_of, pupil
from tests.videos.sheets import PDF, sent
from videos import actions, cleaning, forgetting, paths
from videos.models import (
    CaptionTrack,
    Collection,
    CollectionItem,
    Criterion,
    CriterionKind,
    Entry,
    Excerpt,
    Film,
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

LONG_AGO = timezone.now() - forgetting.KEPT - timedelta(minutes=1)
LATELY = timezone.now() - forgetting.KEPT + timedelta(hours=1)


@pytest.fixture
def film(world):
    return film_of(world.amina, world.here.group)


def removed_of_each(film, at) -> list:
    """One of each thing that can be removed, removed at that instant, in something that stays."""
    who = film.author
    moment = Moment.objects.create(film=film, author=who, at_s=1, text="Un silence")
    grid = grid_of(who)
    made = round_of(film, grid, who)
    collection = Collection.objects.create(owner=who, title="Silences")
    sheet = PracticeSheet.objects.create(owner=who, title="Attendre")
    gone = {"removed_at": at}
    return [
        Moment.objects.create(film=film, author=who, at_s=2, text="En trop", deleted_at=at),
        Reply.objects.create(moment=moment, author=who, text="En trop", deleted_at=at),
        CaptionTrack.objects.create(film=film, **gone),
        Collection.objects.create(owner=who, title="Vieille", **gone),
        collection.items.create(film=film, rank=1, **gone),
        Excerpt.objects.create(film=film, author=who, title="Vieux", in_s=1, out_s=2, **gone),
        grid_of(who, **gone),
        grid.criteria.create(rank=9, label="En trop", **gone),
        round_of(film, grid, who, **gone),
        entry_of(made, who, CriterionKind.FACT, **gone),
        PracticeSheet.objects.create(owner=who, title="Vieille", **gone),
        SheetDocument.objects.create(sheet=sheet, kind="pdf", name="a.pdf", size_bytes=1, **gone),
    ]


KINDS = (
    Moment,
    Reply,
    CaptionTrack,
    Collection,
    CollectionItem,
    Excerpt,
    Grid,
    Criterion,
    ObservationRound,
    Entry,
    PracticeSheet,
    SheetDocument,
)


def left(things) -> set[str]:
    return {type(one).__name__ for one in things if type(one).objects.filter(pk=one.pk).exists()}


def test_what_was_removed_is_erased_after_two_days_and_not_before(film):
    old, young = removed_of_each(film, LONG_AGO), removed_of_each(film, LATELY)
    assert {type(one) for one in old} == set(KINDS)
    kept = {kind.__name__ for kind in (Moment, Collection, Grid, Criterion, ObservationRound, PracticeSheet)}
    cleaning.clean()
    assert left(old) == set()
    assert left(young) == {kind.__name__ for kind in KINDS}
    youngest = {type(one): one.pk for one in young}
    standing = {kind.__name__ for kind in KINDS if kind.objects.exclude(pk=youngest[kind]).exists()}
    assert kept <= standing, "what was not removed stays"
    cleaning.clean()


def test_every_thing_that_can_be_removed_is_known_here():
    """A new kind of thing with an undo must be erased one day too."""
    removable = {
        model
        for model in apps.get_app_config("videos").get_models()
        if {field.name for field in model._meta.fields} & {"removed_at", "deleted_at"}
    }
    assert removable - {Film} == set(KINDS)  # a film goes by its own way, with its files


def test_grid_that_served_stays_until_its_observations_go(film, world):
    grid = grid_of(world.amina, removed_at=LONG_AGO)
    made = round_of(film, grid, world.bruno)
    entry = entry_of(made, world.bruno, CriterionKind.FACT)
    Criterion.objects.filter(pk=entry.criterion_id).update(removed_at=LONG_AGO)
    cleaning.clean()
    assert Grid.objects.filter(pk=grid.pk).exists()
    assert Criterion.objects.filter(pk=entry.criterion_id).exists()
    ObservationRound.objects.update(removed_at=LONG_AGO)
    cleaning.clean()
    assert not Grid.objects.filter(pk=grid.pk).exists()


def test_where_one_stopped_is_forgotten_after_half_a_year(film, world):
    for who, age in ((world.amina, forgetting.POSITIONS_KEPT), (world.bruno, timedelta(days=170))):
        stopped = PlaybackPosition.objects.create(film=film, person=who, at_s=4)
        PlaybackPosition.objects.filter(pk=stopped.pk).update(updated_at=timezone.now() - age)
    cleaning.clean()
    assert [stopped.person for stopped in PlaybackPosition.objects.all()] == [world.bruno]


def make_old(key: str) -> None:
    long_ago = time.time() - forgetting.FILES_LEFT_ALONE.total_seconds() - 60
    os.utime(Path(default_storage.path(key)), (long_ago, long_ago))


def test_document_leaves_the_storage_with_its_row_and_not_before(world):
    sheet = PracticeSheet.objects.create(owner=world.amina, title="Attendre")
    kept, removed, of_removed = (
        actions.attach(sheet=one, file=sent(PDF), by=world.amina)
        for one in (sheet, sheet, PracticeSheet.objects.create(owner=world.amina, title="Vieille"))
    )
    actions.remove_document(document=removed, by=world.amina)
    actions.remove_sheet(sheet=of_removed.sheet, by=world.amina)
    keys = [keeping.key_of(document) for document in (kept, removed, of_removed)]
    for key in keys:
        make_old(key)
    cleaning.clean()
    assert [default_storage.exists(key) for key in keys] == [True, True, True]
    SheetDocument.objects.filter(removed_at__isnull=False).update(removed_at=LONG_AGO)
    PracticeSheet.objects.filter(removed_at__isnull=False).update(removed_at=LONG_AGO)
    cleaning.clean()
    assert [default_storage.exists(key) for key in keys] == [True, False, False]


def test_signed_paper_that_no_row_names_goes_once_it_is_old(world):
    project = project_of(world.amina, world.here.group)
    scan = Scan.objects.get(recorded=pupil(project))
    named = paths.scan_key(project.pk, scan.pk, scan.kind)
    orphan, young = (f"{paths.papers_key(project.pk)}/{name}.pdf" for name in ("gone", "young"))
    for key in (named, orphan, young):
        default_storage.save(key, ContentFile(PDF))
    make_old(named)
    make_old(orphan)
    cleaning.clean()
    assert [default_storage.exists(key) for key in (named, orphan, young)] == [True, False, True]
