"""What becomes of an entry whose source gives something else by the rules of now."""

from __future__ import annotations

from enum import StrEnum

from circo.hours.rules.entries import State


class Fate(StrEnum):
    CHANGE = "CHANGE"
    REVIEW = "REVIEW"
    KEPT = "KEPT"


FATE_LABELS = {Fate.CHANGE: "changeront", Fate.REVIEW: "à revoir", Fate.KEPT: "validées, gardées"}


def fate_of(state: State | None) -> Fate:
    """Return what becomes of an entry in that state; None: there is none yet.

    What nobody signed follows the rule; what was confirmed waits for a human; what was validated never moves.
    """
    if state is State.VALIDATED:
        return Fate.KEPT
    return Fate.REVIEW if state is State.CONFIRMED else Fate.CHANGE
