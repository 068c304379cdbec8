"""Tell a circle of a film, once: from the pipeline when it is ready, from the record when it becomes complete."""

from __future__ import annotations

from django.urls import reverse

from circo import notices
from videos import queries
from videos.models import Film


def announce(film: Film) -> None:
    """Tell those who see `film` now that it is there; nobody, while its record is not complete. Safe to call again."""
    notices.tell_many(
        queries.circle(film),
        kind=queries.FILM_READY,
        key=f"film-{film.pk}",
        title=f"{film.author} a partagé un film avec {queries.circle_in_words(film)}",
        text=film.title,
        path=reverse("videos:film_page", args=[film.pk]),
    )
