"""Pure rules of a discussion: what a text may hold, how a timeline is drawn."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from circo.errors import Refusal
from circo.mentions import clean
from videos.rules import MOMENT_MAX

A_PAGE = 40  # moments
PLACES = 30  # of a timeline: what is closer than that is one mark
POINT_S = 3.0  # how long a point stays on the screen as a caption


def checked(text: str) -> str:
    """Return a text that may be published.

    Raises: Refusal if nothing is left of it, or if it is too long.
    """
    text = clean(text)
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in text):
        raise Refusal("Écrivez votre commentaire.")
    if len(text) > MOMENT_MAX:
        raise Refusal(f"Un commentaire compte au plus {MOMENT_MAX} signes\u00a0; celui-ci en compte {len(text)}.")
    return text


def check_times(at_s: float, ends_at_s: float | None, *, duration_s: float) -> None:
    """Refuse a place that is not in the film.

    Units:  seconds from the beginning of the film.
    Raises: Refusal, in words that say what to change.
    """
    for second in (at_s, ends_at_s):
        if second is not None and not (math.isfinite(second) and 0 <= second <= duration_s + 1):
            raise Refusal("Ce commentaire est posé hors du film.")
    if ends_at_s is not None and ends_at_s <= at_s:
        raise Refusal("La fin du passage vient après son début.")


@dataclass(frozen=True)
class Dot:
    """One moment as a timeline sees it."""

    pk: int
    at_s: float
    ends_at_s: float | None
    kind: str


@dataclass(frozen=True)
class Mark:
    """One mark on the timeline: a moment alone, or several that stand too close to be told apart."""

    at_s: float
    dots: tuple[Dot, ...]

    @property
    def kind(self) -> str:
        """The kind of all of them, or nothing if they differ."""
        kinds = {dot.kind for dot in self.dots}
        return kinds.pop() if len(kinds) == 1 else ""


def marks(dots: Sequence[Dot], *, duration_s: float, places: int = PLACES) -> list[Mark]:
    """Gather what stands too close together. `dots` come in the order of the film.

    Bound: at most `places` marks and one or two; a mark stands at the first of its moments.
    """
    width = duration_s / places
    gathered: list[list[Dot]] = []
    for dot in dots:
        if gathered and dot.at_s - gathered[-1][0].at_s < width:
            gathered[-1].append(dot)
        else:
            gathered.append([dot])
    return [Mark(group[0].at_s, tuple(group)) for group in gathered]


def bands(dots: Iterable[Dot]) -> dict[str, list[tuple[float, float]]]:
    """The intervals of each kind, those that touch made one: what a timeline draws as bands."""
    drawn: dict[str, list[tuple[float, float]]] = {}
    for dot in sorted((dot for dot in dots if dot.ends_at_s is not None), key=lambda dot: dot.at_s):
        end = dot.ends_at_s or dot.at_s
        line = drawn.setdefault(dot.kind, [])
        if line and dot.at_s <= line[-1][1]:
            line[-1] = (line[-1][0], max(line[-1][1], end))
        else:
            line.append((dot.at_s, end))
    return drawn
