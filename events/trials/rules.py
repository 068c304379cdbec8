"""Pure rules of trials: what one may try, what is measured of a plan, and how two measures differ in words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

LESS_MOST, RESERVE_MOST, TRIALS_MOST = 200, 100, 24


class TrialKind(StrEnum):
    LOCK = "LOCK"
    LESS = "LESS"
    RESERVE = "RESERVE"
    DATE = "DATE"


KIND_LABELS = {
    TrialKind.LOCK: "sans un verrou",
    TrialKind.LESS: "moins de remplaçants",
    TrialKind.RESERVE: "une autre réserve",
    TrialKind.DATE: "une autre date",
}
# What is measured, in the order of the goals: its key, how it is called.
MEASURES = (
    ("covered", "classes prises"),
    ("first", "dont d’abord"),
    ("far_levels", "loin des niveaux préférés"),
    ("km", "km en tout"),
    ("euros", "€ d’ISSR estimée"),
    ("faces", "classes au même visage deux jours"),
)
type Measure = Mapping[str, int]


def price_words(now: Measure, then: Measure) -> str:
    """Say what a trial would change, the most important first: `+1 classe prise, −12 km`."""
    found = []
    for key, one, several in (
        ("covered", "classe prise", "classes prises"),
        ("far_levels", "classe loin des niveaux préférés", "classes loin des niveaux préférés"),
        ("km", "km", "km"),
        ("euros", "€ d’ISSR", "€ d’ISSR"),
        ("faces", "classe avec le même visage", "classes avec le même visage"),
    ):
        gap = then[key] - now[key]
        if gap:
            sign = "+" if gap > 0 else "\u2212"
            found.append(f"{sign}{abs(gap)}\u00a0{several if abs(gap) > 1 else one}")
    return ", ".join(found) or "rien de plus"
