"""Pure rules of the catalogue: lengths of paths, who may leave a word."""

from __future__ import annotations

from enum import StrEnum

WORDS_MAX, ADVICE_MAX, REASON_MAX = 1000, 200, 300


class Length(StrEnum):
    """How long a path takes, as one looks for it."""

    SHORT = "courte"
    MEDIUM = "moyenne"
    LONG = "longue"


LENGTH_LABELS = {
    Length.SHORT: "moins d’une heure",
    Length.MEDIUM: "de 1 à 3\u00a0heures",
    Length.LONG: "plus de 3\u00a0heures",
}
# First and last minute of each, both included; none: no end.
MINUTES: dict[Length, tuple[int, int | None]] = {
    Length.SHORT: (0, 59),
    Length.MEDIUM: (60, 180),
    Length.LONG: (181, None),
}


def may_say(*, done: int, total: int, is_complete: bool) -> bool:
    """Tell whether somebody knows a path enough to leave a word on it: finished, or half of its steps done."""
    return is_complete or (total > 0 and 2 * done >= total)
