"""Pure rules of maps: from longitude and latitude to a drawing, and how far two places lie apart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

type Point = tuple[float, float]  # longitude, latitude: degrees, as GeoJSON writes them
type Ring = Sequence[Point]

EARTH_KM = 6371.0
DIGITS = 3  # of a degree: a hundred metres, finer than a line on a screen
MARGIN = 0.04  # of the width, on each side
APART = 13.0  # units: two points of the drawing beside one another
SPAN_MIN = 0.02  # degrees: one school alone is drawn in the middle of two kilometres


@dataclass(frozen=True)
class Frame:
    """A drawing of so many units that holds all of some points, north above."""

    width: float
    height: float
    west: float
    north: float
    scale: float  # units per degree of latitude
    squeeze: float  # how much shorter a degree of longitude is here

    @classmethod
    def around(cls, middle: Point, *, width: float, height: float, scale: float) -> Frame:
        """The drawing in the middle of which a point stands.

        Units: `width` and `height` in units of the drawing, `scale` in these per degree of latitude.
        """
        longitude, latitude = middle
        squeeze = squeeze_at(latitude)
        west = longitude - width / (2 * squeeze * scale)
        return cls(width, height, west, latitude + height / (2 * scale), scale, squeeze)

    def place(self, point: Point) -> Point:
        """Where a point stands in the drawing, in units from its upper left corner."""
        longitude, latitude = point
        x = (longitude - self.west) * self.squeeze * self.scale
        return round(x, 1), round((self.north - latitude) * self.scale, 1)

    def path(self, rings: Iterable[Ring], *, grain: int = 0) -> str:
        """The `d` of an SVG path that draws these rings.

        Units: `grain` in units of the drawing: points are drawn on a grid of it, neighbours still share their borders.
        """
        drawn = ([self.place(point) for point in ring] for ring in rings)
        if grain:
            drawn = (_on_grid(points, grain) for points in drawn)
        return "".join(_drawn(points) for points in drawn if len(points) > 2)


def squeeze_at(latitude: float) -> float:
    """How much shorter a degree of longitude is than one of latitude, there."""
    return max(math.cos(math.radians(latitude)), 0.1)


def _on_grid(points: Iterable[Point], grain: int) -> list[Point]:
    """These points on a grid, without those that fall on the one before."""
    kept: list[Point] = []
    for x, y in points:
        point = (round(x / grain) * grain, round(y / grain) * grain)
        if not kept or point != kept[-1]:
            kept.append(point)
    return kept


def _drawn(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) + "Z"


def frame_of(points: Iterable[Point], *, width: float) -> Frame | None:
    """Frame all of these points in a drawing of that width, with a margin; None if there is no point.

    Units:  `width` and the frame's height in units of the drawing.
    Bound:  a plane: over a département, a distance in the drawing is wrong by less than 1 %.
    """
    seen = list(points)
    if not seen:
        return None
    longitudes, latitudes = [point[0] for point in seen], [point[1] for point in seen]
    middle = ((max(longitudes) + min(longitudes)) / 2, (max(latitudes) + min(latitudes)) / 2)
    squeeze = squeeze_at(middle[1])
    wide = max(max(longitudes) - min(longitudes), SPAN_MIN)
    high = max(max(latitudes) - min(latitudes), SPAN_MIN)
    margin = MARGIN * wide
    scale = width / ((wide + 2 * margin) * squeeze)
    height = round((high + 2 * margin * squeeze) * scale, 1)
    return Frame.around(middle, width=width, height=height, scale=scale)


def spread(points: Sequence[Point], *, apart: float = APART) -> list[Point]:
    """Set points that fall on the same place around it, so that each is seen.

    Bound: in units of the drawing, a point moves by no more than `apart` × how many share its place / 4.
    """
    sharing: dict[Point, list[int]] = {}
    for number, point in enumerate(points):
        sharing.setdefault(point, []).append(number)
    found = list(points)
    for (x, y), numbers in sharing.items():
        if len(numbers) > 1:
            radius = apart * max(len(numbers) / (2 * math.pi), 0.5)
            for turn, number in enumerate(numbers):
                angle = 2 * math.pi * turn / len(numbers)
                found[number] = (round(x + radius * math.cos(angle), 1), round(y + radius * math.sin(angle), 1))
    return found


def rounded(ring: Ring) -> list[Point]:
    """A ring as it is kept: no finer than a screen shows, without the points that fall together."""
    kept: list[Point] = []
    for longitude, latitude, *_ in ring:
        point = (round(longitude, DIGITS), round(latitude, DIGITS))
        if not kept or point != kept[-1]:
            kept.append(point)
    return kept


def distance_km(one: Point, other: Point) -> float:
    """How far two places lie apart as the crow flies.

    Bound: the Earth is taken for a sphere: wrong by 0.5 % at the most.
    Source: haversine formula.
    """
    (longitude, latitude), (longitude_2, latitude_2) = one, other
    φ, φ_2 = math.radians(latitude), math.radians(latitude_2)
    a = (
        math.sin((φ_2 - φ) / 2) ** 2
        + math.cos(φ) * math.cos(φ_2) * math.sin(math.radians(longitude_2 - longitude) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(a)))
