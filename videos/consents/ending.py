"""What time does to films: a warning sixty days before their end, erasure a month after it. Nothing is hidden here:

the gate reads the dates by itself, and a night without these tasks shows no film for a day too long.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.dates import day_in_words
from circo.models import Person
from videos import announcing, queries
from videos.erasing import erase_film, erase_project
from videos.models import Film
from videos.queries import ending


def end() -> None:
    """Warn, erase, and take back what was told of films from whoever sees them no more; harmless when run twice."""
    warn()
    purge()
    announcing.take_back_all()


def warn() -> None:
    """Tell authors, once for each end, of the films that will soon be shown no more."""
    today = timezone.localdate()
    for film in ending.films_ending(Film.objects.kept(), today):
        last = day_in_words(film.last_shown_on, today)
        notices.tell_many(
            Person.objects.filter(pk=film.author_id, is_active=True),
            kind=queries.FILM_ENDING,
            key=f"film-{film.pk}-{film.last_shown_on}",
            title=f"L’un de vos films ne sera plus montré après le {last}",
            text=f"{film.title}\u00a0: il sera effacé un mois plus tard.",
            path=reverse("videos:film_protection", args=[film.pk]),
        )


def purge() -> None:
    """Erase the films whose end is passed, and the signed papers that need not be kept any more."""
    today = timezone.localdate()
    for film in ending.films_to_purge(today):
        erase_film(film)
    for project in ending.projects_to_purge(today, timedelta(days=settings.CONSENT_PROOF_DAYS)):
        erase_project(project)
