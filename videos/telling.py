"""Give up a film that cannot be prepared, and tell its author why."""

from __future__ import annotations

from django.urls import reverse

from circo import jobs, notices
from circo.models import Job, JobState, Person
from videos import queries
from videos.models import Film, FilmState, Preparation, Rendition

OF_A_FILM = (queries.PREPARE, queries.PIECE, queries.COPY, queries.SOUND, queries.FINISH)


def give_up(subject_id: str, reason: str) -> None:
    """Write why a film is not prepared, and tell its author. What was being made of it is dropped."""
    film_id = subject_id.split(":")[0]
    film = Film.objects.select_for_update(of=("self",)).filter(pk=film_id, state=FilmState.PROCESSING).first()
    if film is None:
        return
    ours = Job.objects.filter(subject_id=subject_id, state=JobState.FAILED, is_our_fault=True).exists()
    film.state, film.refusal, film.can_retry = FilmState.REFUSED, reason[:300], ours
    film.output, film.playable_at = "", None
    film.save(update_fields=["state", "refusal", "can_retry", "output", "playable_at"])
    Preparation.objects.filter(film=film).delete()
    Rendition.objects.filter(film=film).delete()
    jobs.forget_all(f"{film_id}:", kinds=OF_A_FILM)
    notices.tell_many(
        Person.objects.filter(pk=film.author_id, is_active=True),
        kind=queries.FILM_REFUSED,
        key=f"film-{film.pk}",
        title="Votre film n’a pas pu être préparé",
        text=f"{film.title}\u00a0: {film.refusal}",
        path=reverse("videos:film_page", args=[film.pk]),
    )
