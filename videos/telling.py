"""Give up a film that cannot be prepared, and tell its author why."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from circo import jobs, notices
from circo.models import Job, JobState, Person
from videos import paths, queries, storing, working
from videos.blurring import applying
from videos.models import Blurring, Film, FilmState, Preparation, Rendition


def give_up(subject_id: str, reason: str) -> None:
    """Write why a film is not prepared, and tell its author. What was being made of it is dropped.

    A film still on its way is only begun anew once it has arrived.
    """
    film_id = subject_id.split(":")[0]
    preparation = Preparation.objects.select_for_update().filter(film_id=film_id).first()
    film = Film.objects.select_for_update(of=("self",)).filter(pk=film_id).first()
    if film is None or film.state not in (FilmState.UPLOADING, FilmState.PROCESSING):
        return
    if Blurring.objects.applying(film.pk).exists():
        applying.go_back(film, fault=reason)
        return
    if preparation is not None:
        output = paths.output_key(film.pk, preparation.output)
        transaction.on_commit(lambda: storing.delete(output))
    if film.state == FilmState.UPLOADING:
        film.output, film.playable_at = "", None
        film.save(update_fields=["output", "playable_at"])
        _drop(film)
        return
    ours = Job.objects.filter(subject_id=subject_id, state=JobState.FAILED, is_our_fault=True).exists()
    film.state, film.refusal, film.can_retry = FilmState.REFUSED, working.TOOL_FAILED if ours else reason[:300], ours
    film.output, film.playable_at = "", None
    film.save(update_fields=["state", "refusal", "can_retry", "output", "playable_at"])
    _drop(film)
    notices.tell_many(
        Person.objects.filter(pk=film.author_id, is_active=True),
        kind=queries.FILM_REFUSED,
        key=f"film-{film.pk}",
        title="Votre film n’a pas pu être préparé",
        text=f"{film.title}\u00a0: {film.refusal}",
        path=reverse("videos:film_page", args=[film.pk]),
    )


def _drop(film: Film) -> None:
    Preparation.objects.filter(film=film).delete()
    Rendition.objects.filter(film=film).delete()
    jobs.forget_all(f"{film.pk}:", kinds=queries.OF_A_FILM)
