"""Prepare a film anew with what its author chose hidden: the work of the job « film-blur », and what comes of it.

The pictures are decoded and encoded again from the file that was sent, if it is still there, or else from our best
rendition; no picture is ever copied. What was published before is sealed: no address leads to it.
Source: docs/decisions/0017-blurring.md
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from circo import jobs, notices
from circo.errors import Refusal
from circo.jobs import LeaseLost, Run
from circo.models import Person
from videos import arrivals, commands, paths, pictures, preparing, queries, rules, runner, storing, working
from videos.models import Blurring, BlurringState, Film, FilmState, Preparation, Rendition, Upload
from videos.plans import rules as plans

WHOLE = "whole.mp4"


def apply(run: Run) -> None:
    """Plan the blurred film, and ask for its pieces.

    Raises: Refusal if the file cannot be read; Outside if the disk or a tool fails; LeaseLost.
    """
    film = Film.objects.filter(pk=run.subject_id).first()
    if film is None or not Blurring.objects.applying(film.pk).exists():
        with run.finish():
            return
    if not Upload.objects.filter(film=film).complete().exists():
        _keep_best_rendition(film, run)
    upload = Upload.objects.get(film=film)
    found = preparing.look(run, upload)
    if found is None:
        raise Refusal(working.GONE)
    heard = Rendition.objects.filter(film=film, output=film.output, name=plans.AUDIO, seconds__gt=0).first()
    told = replace(found, audio=0 if heard else None, audio_end_s=heard.seconds if heard else 0.0)
    plan = plans.make(told, may_copy=False)
    with run.finish():
        held = Film.objects.select_for_update(of=("self",)).filter(pk=film.pk, state=FilmState.PROCESSING).first()
        blurring = Blurring.objects.applying(film.pk).select_for_update().first()
        if held is None or blurring is None:
            raise LeaseLost
        blurring.before = held.output
        blurring.save(update_fields=["before"])
        preparing.begin(held, plan, output=f"b{run.job_id}-{run.epoch}", upload=upload, is_blurring=True)


def _keep_best_rendition(film: Film, run: Run) -> None:
    """Put our best rendition in the place of the file that was sent, which is not kept for ever."""
    rows = list(Rendition.objects.published().filter(film=film))
    best = plans.offered(rows)[0]
    with working.folder(run, f"{film.pk}.{film.output}.best") as folder:
        whole = pictures.joined(film.pk, film.output, best.name, folder, segments=len(best.lengths))
        limits = runner.Limits(wall_s=1800, cpu_s=600)
        working.run(commands.whole(whole, None, WHOLE), limits=limits, reads=[whole], folder=folder, lost=run.lost)
        _put(film, folder / WHOLE)


@transaction.atomic
def _put(film: Film, file: Path) -> None:
    # A worker that slept may come once the film is sealed: what it holds shows what is hidden by then.
    held = Film.objects.select_for_update(of=("self",)).filter(pk=film.pk, output=film.output).first()
    if held is None or not Blurring.objects.applying(film.pk).exists():
        raise LeaseLost
    size = file.stat().st_size
    name = rules.download_name(film.title)[: rules.FILE_NAME_MAX]
    upload = Upload.objects.create(owner=film.author, film=film, file_name=name, size_bytes=size, offset_bytes=size)
    storing.put(file, paths.source_key(upload.pk))


def applied(film: Film, output: str) -> None:
    """Put the blurred film in the place of the other, for its author alone to look at. Under the lock of the film."""
    film.output = output
    film.save(update_fields=["output"])
    Blurring.objects.filter(film=film).update(state=BlurringState.CHECKING, fault="")
    notices.tell_many(
        Person.objects.filter(pk=film.author_id, is_active=True),
        kind=queries.FILM_BLURRED,
        key=f"film-{film.pk}-{output}",
        title="Votre film flouté est prêt\u00a0: regardez-le avant de le montrer",
        text=film.title,
        path=reverse("videos:film_page", args=[film.pk]),
    )


def go_back(film: Film, *, fault: str = "") -> None:
    """Publish again what was published before, and let the author choose anew. Under the lock of the film.

    The film stays its author's alone.
    """
    drop_preparation(film.pk)
    blurring = Blurring.objects.select_for_update().get(film=film)
    if blurring.state == BlurringState.CHECKING:
        _remove(film.pk, film.output)
        film.output = blurring.before
    film.state = FilmState.READY
    film.save(update_fields=["output", "state"])
    blurring.state, blurring.before, blurring.fault = BlurringState.CHOOSING, "", fault[:300]
    blurring.save(update_fields=["state", "before", "fault"])


def drop_preparation(film_id: UUID) -> None:
    """Forget what is being made of a film, and remove it."""
    jobs.forget_all(str(film_id), kinds=queries.MAKING)
    preparation = Preparation.objects.select_for_update().filter(film=film_id).first()
    if preparation is not None:
        _remove(film_id, preparation.output)
        preparation.delete()


def _remove(film_id: UUID, output: str) -> None:
    """Remove one published folder of a film, for good."""
    Rendition.objects.filter(film=film_id, output=output).delete()
    key = paths.output_key(film_id, output)
    transaction.on_commit(lambda: storing.delete(key), robust=True)


def _remove_all_but(film_id: UUID, output: str) -> None:
    """Remove every folder of a film but one: a worker whose result was dropped may have left some of it behind."""
    film = paths.film_key(film_id)
    for name in {key.removeprefix(f"{film}/").split("/")[0] for key in storing.keys(film)} - {output}:
        storing.delete(f"{film}/{name}")


def seal(film: Film, blurring: Blurring) -> None:
    """Remove all that shows what is hidden: what was published before, the file that was sent, the faces found."""
    Rendition.objects.filter(film=film).exclude(output=film.output).delete()
    transaction.on_commit(partial(_remove_all_but, film.pk, film.output), robust=True)
    for upload in Upload.objects.filter(film=film):
        transaction.on_commit(partial(arrivals.place().discard, upload.pk), robust=True)
        upload.delete()
    blurring.areas.all().delete()
    blurring.searched.all().delete()
    blurring.state, blurring.before, blurring.approved_at = BlurringState.DONE, "", timezone.now()
    blurring.save(update_fields=["state", "before", "approved_at"])
