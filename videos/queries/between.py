"""The films of two people: those of either that the other may see. To be a pair opens no film by itself."""

from __future__ import annotations

from django.urls import reverse

from circo.models import Person
from circo.registries import Found
from videos.models import Film

MOST = 8


def between(one: Person, other: Person) -> list[Found]:
    """The latest films of either that the other sees, for `one` to read: the circle of each film decides."""
    mine = list(Film.objects.visible_to(other).watchable().filter(author=one).order_by("-created_at", "pk")[:MOST])
    theirs = list(Film.objects.visible_to(one).watchable().filter(author=other).order_by("-created_at", "pk")[:MOST])
    told = [*((film, "de vous") for film in mine), *((film, str(other)) for film in theirs)]
    return [Found(film.title, detail, reverse("videos:film_page", args=[film.pk])) for film, detail in told]
