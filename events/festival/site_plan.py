"""The site plan of a festival, drawn from the numbers of its stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

COLUMNS, CELL, GAP, TITLE = 6, 44, 8, 26  # stands side by side; units of the drawing
WIDTH = GAP + COLUMNS * (CELL + GAP)


@dataclass(frozen=True)
class Stand:
    number: int
    x: int
    y: int


@dataclass(frozen=True)
class Area:
    """One place of the site, with its stands."""

    name: str
    y: int
    height: int
    stands: Sequence[Stand]


def draw(stands: Iterable[tuple[str, int]]) -> tuple[list[Area], int]:
    """Place the numbered stands by place, one place under another; return them with the height of the drawing."""
    by_place: dict[str, list[int]] = {}
    for place, number in stands:
        by_place.setdefault(place, []).append(number)
    areas, top = [], 0
    step = CELL + GAP
    for place, numbers in by_place.items():
        placed = [
            Stand(number, GAP + rank % COLUMNS * step, top + TITLE + rank // COLUMNS * step)
            for rank, number in enumerate(sorted(numbers))
        ]
        height = TITLE + ((len(numbers) - 1) // COLUMNS + 1) * step
        areas.append(Area(place, top, height, placed))
        top += height + GAP
    return areas, top
