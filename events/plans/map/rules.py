"""The map of a plan as SVG: schools that need somebody, where substitutes come from, and how far each of them goes.

A distance is told by a colour and by a stroke; a school where somebody is lacking is a square. No tile, no other host.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from circo.maps import labels
from circo.maps import rules as maps
from circo.maps.rules import Point, Ring

MARGIN = 0.05  # of the width, on each side
SPAN_MIN = 0.06  # degrees: a single school stands in some landscape
NAMES_MOST = 24
THICKER_MOST = 3  # beyond, a line for several classes grows no more
HERE_M = 0


@dataclass(frozen=True)
class Scale:
    """How a drawing of up to `most` points is made: many are drawn smaller, on a wider sheet, over rougher outlines.

    Units: those of the drawing.
    """

    most: float
    width: float
    point: float  # the radius of one class
    text: float
    grain: int


SCALES = (
    Scale(24, 420, 6, 14, 1),
    Scale(60, 900, 8, 18, 1),
    Scale(160, 900, 6, 18, 2),
    Scale(400, 900, 4.5, 18, 3),
    Scale(float("inf"), 900, 3.5, 18, 3),
)
LETTER = 0.52  # of the height of a text: the width of a letter
HEIGHT_LEAST = 0.45  # of the width; at the most it is a square
BANDS = (
    ("pres", 10_000, "moins de 10\u00a0km"),
    ("moyen", 20_000, "de 10 à 20\u00a0km"),
    ("loin", 30_000, "de 20 à 30\u00a0km"),
    ("tres-loin", None, "30\u00a0km et plus"),
)


@dataclass(frozen=True)
class Place:
    """A school where classes are to be taken: how many, and how many of them by nobody."""

    name: str
    point: Point
    classes: int
    bare: int


@dataclass(frozen=True)
class Home:
    """A school to which substitutes who go somewhere are attached."""

    name: str
    point: Point


@dataclass(frozen=True)
class Trip:
    """From a home to a school, for so many classes. Units: metres by road."""

    home: Point
    school: Point
    metres: int
    classes: int
    words: str


@dataclass(frozen=True)
class Mark:
    """A point of the drawing, with its name where it found room."""

    x: str
    y: str
    size: str
    title: str
    is_bare: bool = False
    label: str = ""
    label_x: str = ""
    label_y: str = ""
    anchor: str = ""

    @property
    def side(self) -> str:
        """Of the square, where it is one."""
        return _number(2 * float(self.size))

    @property
    def edge(self) -> str:
        """Of the square: how thick."""
        return _number(float(self.size) / 3)


@dataclass(frozen=True)
class Stroke:
    x1: str
    y1: str
    x2: str
    y2: str
    band: str
    width: str
    title: str


@dataclass(frozen=True)
class Band:
    """One line of the legend: classes that are taken from so far."""

    code: str
    words: str
    classes: int


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    outlines: Sequence[str]  # the `d` of each path
    strokes: Sequence[Stroke]
    homes: Sequence[Mark]
    schools: Sequence[Mark]
    text: str  # the height of its names

    @property
    def is_small(self) -> bool:
        """Whether it is read on a phone as it stands."""
        return self.width == SCALES[0].width


def band_of(metres: int) -> str:
    """The band of a distance."""
    return next(code for code, limit, _ in BANDS if limit is None or metres < limit)


def bands(metres: Iterable[int]) -> list[Band]:
    """The legend: how many classes are in each band, those taken at one's own school apart."""
    known = list(metres)
    here = sum(one == HERE_M for one in known)
    counted = [band_of(one) for one in known if one != HERE_M]
    return [
        Band("ici", "dans l’école de rattachement", here),
        *(Band(code, words, counted.count(code)) for code, _, words in BANDS),
    ]


def draw(
    places: Sequence[Place], homes: Sequence[Home], trips: Sequence[Trip], outlines: Iterable[Sequence[Ring]] = ()
) -> Drawing | None:
    """Draw a plan over the outlines of communes, those that the drawing holds; None if no school has a known place.

    Bound: distances are kept to 1 % over a département (plain projection, the parallel of the middle).
    """
    points = [*(one.point for one in places), *(one.point for one in homes)]
    if not places:
        return None
    how = next(scale for scale in SCALES if len(points) <= scale.most)
    frame = _frame(points, how.width)
    seen = (rings for rings in outlines if any(_is_in(frame, point) for ring in rings for point in ring))
    return Drawing(
        int(frame.width),
        int(frame.height),
        [frame.path(rings, grain=how.grain) for rings in seen],
        list(_strokes(frame, trips, how.point)),
        [Mark(*_at(frame.place(one.point)), _number(how.point * 1.7), one.name) for one in homes],
        _schools(frame, places, how),
        _number(how.text),
    )


def _frame(points: Sequence[Point], width: float) -> maps.Frame:
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    middle = ((min(longitudes) + max(longitudes)) / 2, (min(latitudes) + max(latitudes)) / 2)
    wide = (max(longitudes) - min(longitudes)) * maps.squeeze_at(middle[1])
    span_x, span_y = max(wide, SPAN_MIN), max(max(latitudes) - min(latitudes), SPAN_MIN)
    margin = MARGIN * width
    inner = width - 2 * margin
    height = round(min(max(inner * span_y / span_x + 2 * margin, HEIGHT_LEAST * width), width))
    scale = min(inner / span_x, (height - 2 * margin) / span_y)
    return maps.Frame.around(middle, width=width, height=height, scale=scale)


def _is_in(frame: maps.Frame, point: Point) -> bool:
    x, y = frame.place(point)
    return 0 <= x <= frame.width and 0 <= y <= frame.height


def _strokes(frame: maps.Frame, trips: Sequence[Trip], size: float) -> Iterable[Stroke]:
    """The longest last: they are those one looks for."""
    for trip in sorted(trips, key=lambda one: (one.metres, one.home, one.school)):
        if trip.home == trip.school:
            continue
        thick = size / 3 + min(trip.classes - 1, THICKER_MOST) * size / 6
        (x1, y1), (x2, y2) = _at(frame.place(trip.home)), _at(frame.place(trip.school))
        yield Stroke(x1, y1, x2, y2, band_of(trip.metres), _number(thick), trip.words)


def _schools(frame: maps.Frame, places: Sequence[Place], scale: Scale) -> list[Mark]:
    spots = [frame.place(one.point) for one in places]
    radii = [scale.point * (1 + min(one.classes - 1, 8) / 8) for one in places]
    order = sorted(range(len(places)), key=lambda n: (-places[n].bare, -places[n].classes, places[n].name, n))
    first: dict[str, int] = {}  # two schools of a commune bear one name
    for number in order:
        first.setdefault(places[number].name, number)
    how = labels.Lettering(scale.text * 1.1, scale.text * LETTER, frame.width, frame.height)
    named = labels.placed([one.name for one in places], spots, radii, list(first.values())[:NAMES_MOST], how)
    found = []
    for number, place in enumerate(places):
        label = named.get(number)
        found.append(
            Mark(
                *_at(spots[number]),
                _number(radii[number]),
                _title(place),
                is_bare=place.bare > 0,
                label=place.name if label else "",
                label_x=_number(label.x) if label else "",
                label_y=_number(label.y) if label else "",
                anchor=label.anchor if label else "",
            )
        )
    return sorted(found, key=lambda one: one.is_bare)


def _title(place: Place) -> str:
    several = "s" if place.classes > 1 else ""
    lacking = f", {place.bare} sans personne" if place.bare else ""
    return f"{place.name}\u00a0: {place.classes}\u00a0classe{several}{lacking}"


def _at(spot: Point) -> tuple[str, str]:
    return _number(spot[0]), _number(spot[1])


def _number(value: float) -> str:
    """As SVG reads it: French would write a comma."""
    return f"{value:.1f}".removesuffix(".0")
