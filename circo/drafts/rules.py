"""What is kept of what one types, how long, and how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

DRAFT_MAX = 200_000  # characters: more than any form takes, for nothing typed is lost
DRAFTS_OF_ONE_MAX = 100  # beyond, the oldest goes
KEPT = timedelta(days=30)  # since the last stroke
ASIDE_KEPT = timedelta(days=1)
PAGE_OPEN_FOR = timedelta(days=7)  # a page that has stayed open longer keeps nothing more
PLACE_MAX = 100

TOO_LONG = f"Au-delà de {DRAFT_MAX} signes, un brouillon ne peut pas être gardé."

Typed = Mapping[str, Sequence[str]]


def is_blank(typed: Typed, worded: Iterable[str]) -> bool:
    """Tell whether nothing is written where one writes; a form of boxes and lists alone is never blank."""
    names = list(worded)
    return bool(names) and not any(value.strip() for name in names for value in typed.get(name, ()))


def length(typed: Typed) -> int:
    """Count the characters of all that is typed."""
    return sum(len(value) for values in typed.values() for value in values)
