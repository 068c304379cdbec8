"""Pure rules of observation grids: what may be noted, and how far observers agree.

Every figure compares what two or more people saw; none says anything of the teacher or of the class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from math import ceil

GRID_TITLE_MAX = 120
PURPOSE_MAX = 500
LABEL_MAX = 80
HELP_MAX = 200
LEVEL_MAX = 40
LEVELS_MIN, LEVELS_MAX = 2, 6
CRITERIA_MAX = 20  # beyond, nobody can watch and note at once
OBSERVERS_MAX = 12
NOTE_MAX = 500
ENTRIES_MAX = 2000  # of one observer: one press every two seconds of the longest film
WINDOW_S = 30.0


class Kind(StrEnum):
    COUNTER = "COUNTER"
    SCALE = "SCALE"
    YES_NO = "YES_NO"
    FACT = "FACT"
    NOTE = "NOTE"


COMPARED = (Kind.COUNTER, Kind.SCALE, Kind.YES_NO, Kind.FACT)  # a free note has no other to be equal to
YES_NO_LEVELS = ("non", "oui")

Rating = int | None  # none: this observer had not answered yet


@dataclass(frozen=True)
class Mark:
    """What one observer noted at one second. `value` is the rank of a level; a counter and a fact do not read it."""

    at_s: float
    value: int = 1


def window_count(begin_s: float, end_s: float, width_s: float = WINDOW_S) -> int:
    """Return how many windows of `width_s` cover what was observed: one at least, the last one may be shorter."""
    return max(ceil((end_s - begin_s) / width_s), 1)


def ratings(kind: Kind, marks: Sequence[Mark], *, begin_s: float, end_s: float) -> list[Rating]:
    """Return what one observer noted for one criterion, as one category for each window of 30 seconds.

    A counter gives the number of presses in the window (exact count per interval), a fact whether there was one
    (interval by interval), a level or a yes/no the answer in force at the end of the window (momentary time sampling),
    none as long as there was no answer.

    Units:  `begin_s` and `end_s` are seconds of the film: what was to be observed.
    Raises: ValueError for a free note, which has no category.
    Source: docs/decisions/0014-observation-grids.md (Cooper, Heron and Heward, « Applied Behavior Analysis », on
            interobserver agreement).
    """
    if kind not in COMPARED:
        raise ValueError(kind)
    count = window_count(begin_s, end_s)
    ordered = sorted(marks, key=lambda mark: mark.at_s)
    places = [min(max(int((mark.at_s - begin_s) // WINDOW_S), 0), count - 1) for mark in ordered]
    if kind in (Kind.COUNTER, Kind.FACT):
        presses = Counter(places)
        return [presses[place] if kind is Kind.COUNTER else min(presses[place], 1) for place in range(count)]
    last = dict(zip(places, (mark.value for mark in ordered), strict=True))
    found: list[Rating] = []
    for place in range(count):
        found.append(last.get(place, found[-1] if found else None))
    return found


Unit = tuple[Hashable, ...]  # the category that each observer gave to the same window


def units(columns: Sequence[Sequence[Rating]]) -> list[Unit]:
    """Return the windows that can be compared: what each observer noted there, where one of them at least answered."""
    return [unit for unit in zip(*columns, strict=True) if any(rating is not None for rating in unit)]


@dataclass(frozen=True)
class Agreement:
    """How far observers agree: the share seen, and the share that chance alone would give. None: nothing to compare."""

    observed: Fraction | None = None
    expected: Fraction | None = None
    count: int = 0  # windows compared

    @property
    def percent(self) -> float | None:
        return None if self.observed is None else float(100 * self.observed)

    @property
    def kappa(self) -> float | None:
        """Agreement beyond chance: 1 is complete, 0 is what chance gives. None where it has no meaning."""
        if self.observed is None or self.expected is None or self.expected == 1:
            return None
        return float((self.observed - self.expected) / (1 - self.expected))


def agreement(compared: Sequence[Unit]) -> Agreement:
    """Compare observers over the same windows: Cohen's kappa for two, Fleiss' kappa for more.

    Source: docs/decisions/0014-observation-grids.md (Cohen 1960; Fleiss 1971).
    """
    if not compared or len(compared[0]) < 2:
        return Agreement()
    expected = _by_chance_of_two(compared) if len(compared[0]) == 2 else _by_chance_of_many(compared)
    return Agreement(_observed(compared), expected, len(compared))


def compared(kind: Kind, looks: Sequence[Sequence[Mark]], *, begin_s: float, end_s: float) -> Agreement:
    """Compare what each look noted for one criterion; nothing is compared where nobody noted anything at all.

    Units and errors: those of `ratings`.
    Source: docs/decisions/0014-observation-grids.md
    """
    if not any(looks):
        return Agreement()
    return agreement(units([ratings(kind, marks, begin_s=begin_s, end_s=end_s) for marks in looks]))


def _observed(compared: Sequence[Unit]) -> Fraction:
    """The share of pairs of observers that gave the same category, over all windows."""
    pairs = [first == second for unit in compared for first, second in combinations(unit, 2)]
    return Fraction(sum(pairs), len(pairs))


def _by_chance_of_two(compared: Sequence[Unit]) -> Fraction:
    """Cohen: each of the two keeps their own habits."""
    first, second = (Counter(unit[rank] for unit in compared) for rank in (0, 1))
    return Fraction(sum(first[category] * second[category] for category in first), len(compared) ** 2)


def _by_chance_of_many(compared: Sequence[Unit]) -> Fraction:
    """Fleiss: all draw from the same habits."""
    drawn = Counter(category for unit in compared for category in unit)
    return Fraction(sum(count**2 for count in drawn.values()), drawn.total() ** 2)


def pooled(agreements: Sequence[Agreement]) -> Agreement:
    """Return the agreement over several criteria: the means of what was seen and of what chance gives.

    Source: docs/decisions/0014-observation-grids.md (De Vries and others 2008, « Using pooled kappa »).
    """
    held = [(one.observed, one.expected) for one in agreements if one.observed is not None and one.expected is not None]
    if not held:
        return Agreement()
    observed, expected = (sum(shares, Fraction()) / len(held) for shares in zip(*held, strict=True))
    return Agreement(observed, expected, sum(one.count for one in agreements))


def why_no_kappa(found: Agreement) -> str:
    """Say plainly why there is no kappa; nothing if there is one."""
    if found.observed is None:
        return "Rien à comparer\u00a0: il faut deux regards terminés, et une note au moins."
    if found.kappa is None:
        return "Le kappa ne se calcule pas\u00a0: tout le monde a noté partout la même chose. Lisez l’accord brut."
    return ""
