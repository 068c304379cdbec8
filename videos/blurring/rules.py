"""Follow faces from one picture to the next, and say what is hidden at each instant. Pure.

A box is in shares of the picture: its left, its top, its width, its height. Faces are followed by where they are, never
by whose they are: nothing here tells one person from another.
Source: docs/decisions/0017-blurring.md
"""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

STRETCH_S = 60  # searched by one worker at a time
LOOKS_A_SECOND = 4
SURE = 0.5  # of a face: it begins to be followed
LOST_AFTER_S = 2.0  # a face that turns away is waited for, and hidden meanwhile
HELD_BEFORE_S, HELD_AFTER_S = 0.5, 1.0  # a face is hidden a little before it is found, and after it is lost
REACH = 1.2  # how far a face may go between two looks, in its own sizes
GROWN = 1.5  # of what was found: hair, ears, chin
STRAIGHT = 0.004  # shares of the picture: a point so near the line between its neighbours says nothing
SMALLEST, WIDEST = 0.01, 1.0
POINTS_MAX = 2000


@dataclass(frozen=True)
class Box:
    """A part of the picture, in shares of it."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    def moved(self, dx: float, dy: float) -> Box:
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, times: float) -> Box:
        """The same, larger around its middle, within the picture."""
        (x, y), width, height = self.middle, self.width * times, self.height * times
        left, top = max(x - width / 2, 0.0), max(y - height / 2, 0.0)
        return Box(left, top, min(x + width / 2, 1.0) - left, min(y + height / 2, 1.0) - top)


@dataclass(frozen=True)
class Face:
    """A face that was found at one instant. `score` goes from 0 to 1."""

    at_s: float
    box: Box
    score: float


Point = tuple[float, float, float, float, float]  # second, left, top, width, height


@dataclass
class Track:
    """One face, followed."""

    faces: list[Face] = field(default_factory=list)

    @property
    def last(self) -> Face:
        return self.faces[-1]

    def expected(self, at_s: float) -> Box:
        """Where the face should be at `at_s`, if it goes on as it went."""
        if len(self.faces) < 2:
            return self.last.box
        before, last = self.faces[-2], self.last
        share = min((at_s - last.at_s) / max(last.at_s - before.at_s, 1e-6), 2.0)
        (x0, y0), (x1, y1) = before.box.middle, last.box.middle
        return last.box.moved((x1 - x0) * share, (y1 - y0) * share)


def follow(faces: Iterable[Face]) -> list[Track]:
    """Make of the faces found at each instant, in the order of time, the tracks of those that are followed."""
    tracks: list[Track] = []
    going: list[Track] = []
    for at_s, seen in _instants(faces):
        going = [track for track in going if at_s - track.last.at_s <= LOST_AFTER_S]
        left = list(seen)
        pairs = sorted(
            (
                (distance, number, face)
                for number, track in enumerate(going)
                for face in seen
                if (distance := _distance(track, face)) <= REACH
            ),
            key=lambda pair: pair[0],
        )
        taken: set[int] = set()
        for _, number, face in pairs:
            if number not in taken and face in left:
                going[number].faces.append(face)
                taken.add(number)
                left.remove(face)
        begun = [Track([face]) for face in left if face.score >= SURE]
        going += begun
        tracks += begun
    return tracks


def _instants(faces: Iterable[Face]) -> Iterator[tuple[float, list[Face]]]:
    at: dict[float, list[Face]] = {}
    for face in faces:
        at.setdefault(face.at_s, []).append(face)
    yield from sorted(at.items())


def _distance(track: Track, face: Face) -> float:
    """How far a face is from where a track expects it, in sizes of the face; far too much if it is another size."""
    box, expected = face.box, track.expected(face.at_s)
    ratio = box.height / max(track.last.box.height, 1e-6)
    if not 0.5 < ratio < 2.0:
        return 2 * REACH
    (x0, y0), (x1, y1) = expected.middle, box.middle
    return max(abs(x1 - x0) / max(box.width, 1e-6), abs(y1 - y0) / max(box.height, 1e-6))


def path_of(track: Track) -> list[Point]:
    """The way of a face, grown to what must be hidden, without the points that say nothing."""
    points = [_point(face.at_s, face.box.grown(GROWN)) for face in track.faces]
    return simplified(points)


def drawn_point(at_s: float, x: float, y: float, width: float, height: float) -> Point:
    """A point of an area drawn by hand, brought inside the picture and large enough to hide something."""
    width, height = (min(max(side, SMALLEST), WIDEST) for side in (width, height))
    return _point(at_s, Box(min(max(x, 0.0), 1.0 - width), min(max(y, 0.0), 1.0 - height), width, height))


def _point(at_s: float, box: Box) -> Point:
    return round(at_s, 3), round(box.x, 4), round(box.y, 4), round(box.width, 4), round(box.height, 4)


def simplified(points: Sequence[Point]) -> list[Point]:
    """Leave out the points that lie on the straight way between two others (Ramer, Douglas and Peucker)."""
    if len(points) < 3:
        return list(points)
    kept, waiting = {0, len(points) - 1}, [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        gaps = [(_gap(points[first], points[last], points[n]), n) for n in range(first + 1, last)]
        gap, far = max(gaps, default=(0.0, 0))
        if gap > STRAIGHT:
            kept.add(far)
            waiting += [(first, far), (far, last)]
    return [points[n] for n in sorted(kept)]


def _gap(first: Point, last: Point, point: Point) -> float:
    between = _between(first, last, point[0])
    return max(abs(one - other) for one, other in zip(between[1:], point[1:], strict=True))


def _between(first: Point, last: Point, at_s: float) -> Point:
    share = (at_s - first[0]) / max(last[0] - first[0], 1e-9)
    x, y, width, height = (a + (b - a) * share for a, b in zip(first[1:], last[1:], strict=True))
    return at_s, x, y, width, height


def box_at(path: Sequence[Point], at_s: float) -> Box:
    """Where an area is at `at_s`: it stands still before its first point and after its last one."""
    after = bisect.bisect_left(path, at_s, key=itemgetter(0))  # asked for each picture, of ways of many points
    if after == 0:
        return Box(*path[0][1:])
    if after == len(path):
        return Box(*path[-1][1:])
    return Box(*_between(path[after - 1], path[after], at_s)[1:])


def span(track: Track, duration_s: float) -> tuple[float, float]:
    """The seconds between which a face is hidden."""
    start_s = max(track.faces[0].at_s - HELD_BEFORE_S, 0.0)
    return start_s, max(min(track.last.at_s + HELD_AFTER_S, duration_s), start_s + 1 / LOOKS_A_SECOND)


def clearest(track: Track) -> Face:
    """The face of a track that is best seen."""
    return max(track.faces, key=lambda face: face.score * face.box.height)


def within(path: Sequence[Point], start_s: float, end_s: float) -> list[Point]:
    """The points of a way that say where an area is between two seconds: those inside, and one on either side."""
    first = max((n for n, point in enumerate(path) if point[0] <= start_s), default=0)
    last = min((n for n, point in enumerate(path) if point[0] >= end_s), default=len(path) - 1)
    return list(path[first : last + 1])
