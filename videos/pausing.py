"""Stop what workers do with a film that is taken away, and ask for it again if its author brings it back."""

from __future__ import annotations

from uuid import UUID

from circo import jobs
from videos import queries
from videos.blurring import applying, searching
from videos.models import Blurring, BlurringState, Film, FilmState


def pause(film_id: UUID) -> None:
    """Drop all that is asked for a film, and what is half made of it. Not under its lock: workers lock it last."""
    jobs.forget_all(str(film_id), kinds=queries.OF_A_FILM)
    applying.drop_preparation(film_id)


def go_on(film: Film) -> None:
    """Ask anew for what was being made of a film. What a machine heard of it is asked for by its author alone."""
    if film.state == FilmState.PROCESSING:
        prepare_anew(film)
    elif Blurring.objects.filter(film=film, state=BlurringState.SEARCHING).exists():
        searching.ask(film)


def prepare_anew(film: Film) -> None:
    """Ask for the first step of the preparation that a film is in."""
    kind = queries.BLUR if Blurring.objects.applying(film.pk).exists() else queries.PREPARE
    jobs.ask(kind, str(film.pk), rank=0, owner_key=str(film.author_id))
