"""The map of observation sites as SVG: points placed by their coordinates, numbers, and the names that find room.

No tile and no other host: nothing tells anybody else where one looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from circo.maps import labels
from circo.maps import rules as maps
from circo.maps.labels import Label
from circo.maps.rules import Point, Ring

type Spot = tuple[float, float]  # units of the drawing: to the right, and down

WIDTH, HEIGHT_MIN, HEIGHT_MAX, MARGIN = 640.0, 320.0, 640.0, 48.0  # units of the drawing
SPAN_MIN = 0.06  # degrees: a single school stands in some landscape
TEXT_HEIGHT, LETTER_WIDTH, RADIUS = 22.0, 10.4, 11.0
NOWHERE = Label(0, 0, "start")


@dataclass(frozen=True)
class Place:
    """One point of the map. `count` sites there; `is_home`: one's own school is there, with or without a site."""

    name: str
    point: Point
    count: int
    is_home: bool = False


@dataclass(frozen=True)
class Dot:
    """One circle: its centre and radius, what its tooltip says, and where its name stands, if it found room."""

    x: str
    y: str
    radius: str
    title: str
    number: str
    is_home: bool
    label: str = ""
    label_x: str = ""
    label_y: str = ""
    anchor: str = "start"


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    outlines: Sequence[str]  # the `d` of each path
    dots: Sequence[Dot]
    words: str  # what the map says, for who does not see it


def _number(value: float) -> str:
    """As SVG reads it: French would write a comma."""
    return f"{value:.1f}"


def draw(places: Sequence[Place], outlines: Iterable[Sequence[Ring]] = ()) -> Drawing | None:
    """Draw schools on a map that holds them all, over the outlines of communes; None if no place is known.

    Bound: distances are kept to 1 % over a département (plain projection, the parallel of the middle).
    """
    if not places:
        return None
    longitudes, latitudes = [one.point[0] for one in places], [one.point[1] for one in places]
    middle = ((min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2)
    wide = (max(longitudes) - min(longitudes)) * maps.squeeze_at(middle[1])
    span_x, span_y = max(wide, SPAN_MIN), max(max(latitudes) - min(latitudes), SPAN_MIN)
    inner = WIDTH - 2 * MARGIN
    height = min(max(inner * span_y / span_x + 2 * MARGIN, HEIGHT_MIN), HEIGHT_MAX)
    scale = min(inner / span_x, (height - 2 * MARGIN) / span_y)
    frame = maps.Frame.around(middle, width=WIDTH, height=height, scale=scale)
    spots = maps.spread([frame.place(one.point) for one in places])
    paths = tuple(frame.path(rings) for rings in outlines)
    return Drawing(int(WIDTH), int(height), paths, tuple(_with_labels(places, spots, height)), _words(places))


def _words(places: Sequence[Place]) -> str:
    seen = sum(place.count > 0 for place in places)
    plural = "x" if seen > 1 else ""
    home = " Votre école est marquée d’un carré." if any(place.is_home for place in places) else ""
    shown = f"Carte\u00a0: {seen}\u00a0lieu{plural} où une classe s’ouvre."
    return f"{shown}{home} La liste dit tout ce qu’elle montre."


def _radius(count: int) -> float:
    return RADIUS + 3 * sqrt(max(count - 1, 0))


def _with_labels(places: Sequence[Place], spots: Sequence[Spot], height: float) -> Iterable[Dot]:
    """Name the busiest first; a name that would cover a point or another name is left to the list."""
    radii = [_radius(place.count) for place in places]
    order = sorted(range(len(places)), key=lambda n: (not places[n].is_home, -places[n].count, places[n].name, n))
    how = labels.Lettering(TEXT_HEIGHT, LETTER_WIDTH, WIDTH, height)
    named = labels.placed([place.name for place in places], spots, radii, order, how)
    for n, place in enumerate(places):
        label = named.get(n, NOWHERE)
        yield Dot(
            x=_number(spots[n][0]),
            y=_number(spots[n][1]),
            radius=_number(radii[n]),
            title=_title(place),
            number=str(place.count) if place.count > 1 else "",
            is_home=place.is_home,
            label=place.name if n in named else "",
            label_x=_number(label.x),
            label_y=_number(label.y),
            anchor=label.anchor,
        )


def _title(place: Place) -> str:
    count = "" if not place.count else f"\u00a0: {place.count}\u00a0lieu{'x' if place.count > 1 else ''}"
    return f"{place.name}{count}{' (votre école)' if place.is_home else ''}"
