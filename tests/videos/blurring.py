"""Films on their way to be blurred, for the tests."""

from __future__ import annotations

from videos.models import Blurring, BlurringState, Film, HiddenArea


def blurring_of(film: Film, **fields) -> Blurring:
    """The blurring of a film: its author chooses, unless said otherwise."""
    return Blurring.objects.create(film=film, **({"state": BlurringState.CHOOSING, "stretches": 1} | fields))


def area_of(blurring: Blurring, start_s: float = 2, end_s: float = 5, **fields) -> HiddenArea:
    """A face that goes from the left to the right."""
    path = [[start_s, 0.1, 0.2, 0.1, 0.2], [end_s, 0.5, 0.2, 0.1, 0.2]]
    return HiddenArea.objects.create(blurring=blurring, **({"start_s": start_s, "end_s": end_s, "path": path} | fields))
