"""Tell a circle of a film, once: from the pipeline when it is ready, from the record when it becomes complete."""

from __future__ import annotations

from django.urls import reverse

from circo import notices
from videos import queries
from videos.consents.rules import Audience
from videos.models import Film


def announce(film: Film) -> None:
    """Tell those who see `film` now that it is there; nobody, while its record is not complete. Safe to call again."""
    notices.tell_many(
        queries.circle(film),
        kind=queries.FILM_READY,
        key=f"film-{film.pk}",
        title=f"{film.author} a partagé un film avec {shown_to(film)}",
        text=film.title,
        path=reverse("videos:film_page", args=[film.pk]),
    )


def shown_to(film: Film) -> str:
    """The film's circle, in words."""
    network = film.group.network
    return {
        Audience.PRIVATE: "personne",
        Audience.GROUP: f"le groupe {film.group}",
        Audience.NETWORK: f"le réseau {network}",
        Audience.DISTRICT: f"la circonscription {network.district}",
    }[Audience(film.audience)]
