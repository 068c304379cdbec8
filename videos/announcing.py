"""Tell a circle of a film, once: from the pipeline when it is ready, from the record when it becomes complete. And take
back what was told of it from whoever sees it no more.
"""

from __future__ import annotations

import re

from django.urls import reverse

from circo import notices
from circo.models import Notice
from videos import queries
from videos.models import Film

OF_A_FILM = re.compile(r"/films/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/", re.ASCII)


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


def take_back(film: Film) -> None:
    """Take back the notices of a film from whoever does not see it any more, but for its author's."""
    page = reverse("videos:film_page", args=[film.pk])
    told = Notice.objects.filter(path__startswith=page).exclude(person_id=film.author_id)
    told.exclude(person__in=queries.circle(film).order_by().values("pk")).delete()


def take_back_all() -> None:
    """Take back the notices of every film from whoever sees it no more: who left a group, whose film ended last night.

    Of a film that is gone, nobody is told any more.
    """
    told = Notice.objects.filter(path__startswith=reverse("videos:film_list")).order_by()
    named = {found[1] for path in told.values_list("path", flat=True).distinct() if (found := OF_A_FILM.match(path))}
    films = Film.objects.kept().filter(pk__in=named).select_related("group__network__district").order_by("pk")
    there = set()
    for film in films:
        there.add(str(film.pk))
        take_back(film)
    for film_id in sorted(named - there):
        told.filter(path__startswith=reverse("videos:film_page", args=[film_id])).delete()
