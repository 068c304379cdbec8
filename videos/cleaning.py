"""Remove what nobody names any more: expired uploads, sources of films long ready, films removed some days ago."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from circo import bucket, jobs
from circo.models import Job, JobState
from videos import arrivals, forgetting, paths, pausing, queries, rules, sources, storing, working
from videos.erasing import erase_film
from videos.models import Blurring, Film, FilmState, Preparation, Rendition, Upload

logger = logging.getLogger(__name__)
ORIGINAL_LEFT_FOR = timedelta(hours=6)
LEFT_ALONE_S = 24 * 3600  # a folder this young may belong to somebody who has not said so yet
WORK_LEFT_ALONE_S = 2 * jobs.LEASE.total_seconds()  # a worker says so before it makes its own
GONE = "L’envoi n’a pas été terminé à temps. Déposez le film à nouveau."


def clean() -> None:
    """Remove all of it; harmless when run twice at once."""
    now = timezone.now()
    for pk in (
        Upload.objects.filter(expires_at__lte=now)
        .exclude(film__state=FilmState.PROCESSING)
        .values_list("pk", flat=True)
    ):
        _expire(pk, now)
    _drop_heavy_originals(now)
    _erase_removed(now)
    forgetting.forget(now)
    _take_up()
    _remove_orphans()


def _erase_removed(now: datetime) -> None:
    """Erase the films that their authors removed, and did not bring back in time."""
    over = Film.objects.filter(removed_at__lte=now - rules.FILM_RESTORABLE_FOR)
    for pk in list(over.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            if film := over.select_for_update(of=("self",)).filter(pk=pk).first():  # else brought back a moment ago
                erase_film(film)


def _take_up() -> None:
    """Begin anew the films for which nobody works any more, whatever made it so: none may wait for ever."""
    waiting = Film.objects.kept().filter(state=FilmState.PROCESSING)
    listed = list(waiting)  # before their work is
    alive = Job.objects.going().filter(kind__in=queries.MAKING)
    worked_at = {film_id for film_id, _ in _films_of(alive)}
    for film in listed:
        if str(film.pk) not in worked_at and waiting.filter(pk=film.pk).exists():
            logger.warning("film %s: nobody worked at it", film.pk)
            pausing.prepare_anew(film)


def _films_of(asked: QuerySet[Job]) -> list[tuple[str, int]]:
    """The film and the epoch of each job."""
    return [(subject.split(":")[0], epoch) for subject, epoch in asked.values_list("subject_id", "epoch")]


def _attempt_of(work_folder: Path) -> str:
    """The film and the epoch that the name of a work folder tells."""
    names = work_folder.name.split(".")
    return f"{names[0]}.{names[-1]}"


@transaction.atomic
def _expire(upload_id: UUID, now: datetime) -> None:
    upload = Upload.objects.select_for_update().filter(pk=upload_id, expires_at__lte=now).first()
    if upload is None:
        return
    film = upload.film
    if film and film.state == FilmState.PROCESSING:  # described a moment ago
        return
    if film and film.state == FilmState.UPLOADING:
        film.state, film.refusal = FilmState.REFUSED, GONE
        film.save(update_fields=["state", "refusal"])
    if film and film.can_retry:  # there is nothing left to try with
        film.refusal, film.can_retry = working.GONE, False
        film.save(update_fields=["refusal", "can_retry"])
    upload.delete()
    transaction.on_commit(lambda: arrivals.place().discard(upload_id), robust=True)


def _drop_heavy_originals(now: datetime) -> None:
    """Remove the pictures that were only published until better ones were there; nobody still watches them by then."""
    left = Rendition.objects.filter(is_whole=True, is_kept=False, film__ready_at__lt=now - ORIGINAL_LEFT_FOR)
    for row in left.order_by("pk"):
        prefix = paths.output_key(row.film_id, row.output)
        for name in storing.sizes(prefix):
            if name.startswith(f"{row.name}-"):
                storing.delete(f"{prefix}/{name}")
        row.delete()


def _remove_orphans() -> None:
    # Each folder is listed before the rows are read: what is made meanwhile is not taken for an orphan.
    uploads, films, outputs, works = (
        list(_old(name, than_s=age_s))
        for name, age_s in (
            (paths.UPLOADS, LEFT_ALONE_S),
            (paths.FILMS, LEFT_ALONE_S),
            (f"{paths.FILMS}/*", LEFT_ALONE_S),
            (paths.WORK, WORK_LEFT_ALONE_S),
        )
    )
    kept = {str(pk) for pk in Upload.objects.values_list("pk", flat=True)}
    known = {str(pk) for pk in Film.objects.values_list("pk", flat=True)}
    running = Job.objects.filter(kind__in=queries.OF_A_FILM, state=JobState.RUNNING)
    alive = {f"{film_id}.{epoch}" for film_id, epoch in _films_of(running)}
    orphans = [folder for folder in uploads if folder.name not in kept]
    orphans += [folder for folder in films if folder.name not in known]
    named = _named_outputs()
    orphans += [folder for folder in outputs if (folder.parent.name, folder.name) not in named]
    orphans += [folder for folder in works if _attempt_of(folder) not in alive]
    for folder in orphans:
        shutil.rmtree(folder, ignore_errors=True)
    if bucket.is_used():
        _remove_orphan_objects()
        sources.clean()


def _named_outputs() -> set[tuple[str, str]]:
    """The folders that rows name: what is published, what is being made, what a blurred film may go back to."""
    named = list(Film.objects.values_list("pk", "output"))
    named += Preparation.objects.values_list("film_id", "output")
    named += Blurring.objects.values_list("film_id", "before")
    return {(str(pk), output) for pk, output in named}


def _remove_orphan_objects() -> None:
    # Listed before the rows are read, as the folders are.
    before = timezone.now() - timedelta(seconds=LEFT_ALONE_S)
    uploads, films = (bucket.older(f"{folder}/", before) for folder in (paths.UPLOADS, paths.FILMS))
    kept = {str(pk) for pk in Upload.objects.values_list("pk", flat=True)}
    named = _named_outputs()
    orphans = [key for key in uploads if key.split("/")[1] not in kept]
    orphans += [key for key in films if tuple(key.split("/")[1:3]) not in named]
    bucket.delete(orphans)


def _old(pattern: str, *, than_s: float) -> Iterator[Path]:
    for folder in Path(settings.MEDIA_ROOT).glob(f"{pattern}/*"):
        if folder.is_dir() and time.time() - folder.stat().st_mtime > than_s:
            yield folder
