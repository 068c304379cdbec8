"""Names beside the points of a map: the first ones that find room, so that none covers a point or another name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from circo.maps.rules import Point

GAP = 5.0  # units of the drawing: between a point and its name


@dataclass(frozen=True)
class Lettering:
    """How large names are written, and how much room there is. Units: those of the drawing."""

    height: float
    letter: float
    width: float
    room: float


@dataclass(frozen=True)
class Label:
    x: float
    y: float
    anchor: str  # as SVG calls it: "start", "middle", "end"


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def placed(
    names: Sequence[str], spots: Sequence[Point], radii: Sequence[float], order: Iterable[int], how: Lettering
) -> dict[int, Label]:
    """Where each name stands, in that order of preference; a name that finds no room is left out."""
    taken = [_Box(x - r, y - r, x + r, y + r) for (x, y), r in zip(spots, radii, strict=True)]
    found: dict[int, Label] = {}
    for number in order:
        for label, box in _candidates(names[number], spots[number], radii[number], how):
            inside = box.left >= 0 and box.right <= how.width and box.top >= 0 and box.bottom <= how.room
            others = (one for other, one in enumerate(taken) if other != number)
            if inside and not any(box.meets(other) for other in others):
                taken.append(box)
                found[number] = label
                break
    return found


def _candidates(name: str, spot: Point, radius: float, how: Lettering) -> Iterable[tuple[Label, _Box]]:
    (x, y), width, gap, half = spot, len(name) * how.letter, radius + GAP, how.height / 2
    middle, above, below = y + how.height / 3, y - gap, y + gap + how.height * 0.75
    yield Label(x + gap, middle, "start"), _Box(x + gap, y - half, x + gap + width, y + half)
    yield Label(x - gap, middle, "end"), _Box(x - gap - width, y - half, x - gap, y + half)
    yield Label(x, above, "middle"), _Box(x - width / 2, above - how.height, x + width / 2, above)
    yield Label(x, below, "middle"), _Box(x - width / 2, y + gap, x + width / 2, y + gap + how.height)
