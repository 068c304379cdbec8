"""Excerpts for the tests."""

from __future__ import annotations

from circo.models import Person
from videos.models import Excerpt, Film


def excerpt_of(film: Film, author: Person, **fields) -> Excerpt:
    return Excerpt.objects.create(film=film, author=author, **{"title": "Le silence", "in_s": 2, "out_s": 4} | fields)
