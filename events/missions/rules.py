"""Pure rules of missions: about when a class is there."""

from __future__ import annotations

from collections.abc import Sequence

from circo.calendar.rules import Half
from circo.dates import clock
from networks.visits.rules import HOURS


def hours_in_words(halves: Sequence[Half]) -> str:
    """Say about when a class is there on these half-days: each school has its own hours."""
    return f"de {clock(HOURS[halves[0]][0])} à {clock(HOURS[halves[-1]][1])} environ"
