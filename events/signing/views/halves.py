"""The half-day that an address names."""

from __future__ import annotations

from django.http import Http404
from django.urls import reverse

from circo.calendar.rules import Half
from circo.rules import HALF_WORDS
from events.models import SharingDay
from events.signing.rules import SLUGS

HALVES: dict[str, Half] = {slug: half for half, slug in SLUGS.items()}


def half_of(slug: str) -> Half:
    """The half-day of a word in an address.

    Raises: Http404 for another word.
    """
    if slug not in HALVES:
        raise Http404
    return HALVES[slug]


def tabs_of(day: SharingDay, name: str, half: Half) -> list[tuple[str, str, bool]]:
    """The same page for each half-day."""
    return [
        (HALF_WORDS[one].capitalize(), reverse(f"events:{name}", args=[day.pk, slug]), one == half)
        for slug, one in HALVES.items()
    ]
