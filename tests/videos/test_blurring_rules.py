"""Faces are followed by where they are, and hidden a little more than they were seen."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from videos.blurring import masks, rules
from videos.blurring.rules import Box, Face

shares = st.floats(0, 1)
sizes = st.floats(0.01, 1)
boxes = st.builds(Box, shares, shares, sizes, sizes)
points = st.lists(
    st.tuples(st.integers(0, 60_000).map(lambda ms: ms / 1000), shares, shares, sizes, sizes), min_size=1, max_size=40
).map(lambda found: sorted({point[0]: point for point in found}.values()))


def walk(at_s: float, x: float, *, y: float = 0.4, size: float = 0.1, score: float = 0.8) -> Face:
    return Face(at_s, Box(x, y, size, size), score)


def test_two_who_walk_are_two_tracks():
    seen = [walk(n / 4, 0.1 + n * 0.01) for n in range(40)] + [walk(n / 4, 0.8 - n * 0.01, y=0.7) for n in range(40)]
    tracks = rules.follow(seen)
    assert [len(track.faces) for track in tracks] == [40, 40]


def test_two_who_cross_go_on():
    """They pass one before the other: each goes on as it went."""
    seen = [walk(n / 4, 0.1 + n * 0.02) for n in range(30)] + [walk(n / 4, 0.7 - n * 0.02, y=0.45) for n in range(30)]
    tracks = rules.follow(seen)
    assert [len(track.faces) for track in tracks] == [30, 30]
    assert tracks[0].last.box.x == pytest.approx(0.68)


def test_a_face_that_turns_away_is_hidden_meanwhile():
    seen = [walk(0, 0.5), walk(0.25, 0.5), walk(2, 0.5), walk(2.25, 0.5)]
    (track,) = rules.follow(seen)
    assert rules.span(track, 60) == (0, 2.25 + rules.HELD_AFTER_S)


def test_a_face_long_gone_begins_another_track():
    assert len(rules.follow([walk(0, 0.5), walk(0 + rules.LOST_AFTER_S + 0.1, 0.5)])) == 2


def test_what_hardly_looks_like_a_face_begins_nothing_and_goes_on_with_one():
    weak = rules.SURE - 0.1
    assert rules.follow([walk(0, 0.5, score=weak)]) == []
    (track,) = rules.follow([walk(0, 0.5), walk(0.25, 0.5, score=weak)])
    assert len(track.faces) == 2


@given(points)
def test_simplified_path_stays_within_what_it_leaves_out(path):
    kept = rules.simplified(path)
    assert kept[0] == path[0]
    assert kept[-1] == path[-1]
    for at_s, *box in path:
        shown = rules.box_at(kept, at_s)
        for one, other in zip((shown.x, shown.y, shown.width, shown.height), box, strict=True):
            assert abs(one - other) <= rules.STRAIGHT + 1e-6


@given(st.lists(st.tuples(st.integers(0, 40), shares, shares, sizes), min_size=1, max_size=60))
def test_every_sure_face_is_in_a_track_and_inside_its_area(found):
    seen = [Face(n / 4, Box(min(x, 1 - size), min(y, 1 - size), size, size), 0.9) for n, x, y, size in found]
    tracks = rules.follow(seen)
    assert sorted((face.at_s, face.box.x) for track in tracks for face in track.faces) == sorted(
        (face.at_s, face.box.x) for face in seen
    )
    for track in tracks:
        path = rules.path_of(track)
        start_s, end_s = rules.span(track, 60)
        for face in track.faces:
            assert start_s <= face.at_s <= end_s
            hidden = rules.box_at(path, face.at_s)
            slack = rules.STRAIGHT + 1e-3
            assert hidden.x <= face.box.x + slack
            assert hidden.y <= face.box.y + slack
            assert hidden.x + hidden.width >= face.box.x + face.box.width - slack
            assert hidden.y + hidden.height >= face.box.y + face.box.height - slack


@given(boxes)
def test_grown_box_lies_in_the_picture(box):
    grown = box.grown(rules.GROWN)
    assert 0 <= grown.x <= 1
    assert 0 <= grown.y <= 1
    assert grown.x + grown.width <= 1 + 1e-9
    assert grown.y + grown.height <= 1 + 1e-9


@given(*(st.floats(-1e6, 1e6) for _ in range(4)))
def test_drawn_point_lies_in_the_picture_and_hides_something(x, y, width, height):
    _, left, top, wide, high = rules.drawn_point(1.0, x, y, width, height)
    assert left >= 0
    assert top >= 0
    assert left + wide <= 1.0001
    assert top + high <= 1.0001
    assert min(wide, high) >= rules.SMALLEST


class Read(list):
    """A way that counts how many of its points are read."""

    count = 0

    def __getitem__(self, place):
        self.count += 1
        return super().__getitem__(place)

    def __iter__(self):
        for point in super().__iter__():
            self.count += 1
            yield point


def test_a_way_of_many_points_costs_little_at_each_picture():
    path = Read((second, 0.1, 0.1, 0.2, 0.2) for second in range(rules.POINTS_MAX))
    assert rules.box_at(path, rules.POINTS_MAX - 1.5) == Box(0.1, 0.1, 0.2, 0.2)
    assert path.count < 30


@given(points, shares, shares, shares)
def test_part_of_a_way_says_the_same_between_its_seconds(path, start, length, at):
    start_s, length_s = start * 60, length * 20 + 0.001
    part = rules.within(path, start_s, start_s + length_s)
    at_s = start_s + at * length_s
    assert rules.box_at(part, at_s) == rules.box_at(path, at_s)
    inside = sum(start_s < point[0] < start_s + length_s for point in path)
    assert len(part) <= inside + 2


@given(boxes, st.integers(16, 240), st.integers(16, 240))
def test_mask_covers_every_cell_that_the_area_touches(box, width, height):
    inside = Box(min(box.x, 1 - box.width), min(box.y, 1 - box.height), box.width, box.height)
    drawn = Image.frombytes("L", (width, height), masks.picture([inside], width, height))
    for share_x in (0.001, 0.5, 0.999):
        for share_y in (0.001, 0.5, 0.999):
            x, y = (inside.x + inside.width * share_x) * width, (inside.y + inside.height * share_y) * height
            assert drawn.getpixel((min(max(int(x), 0), width - 1), min(max(int(y), 0), height - 1))) == 255


def test_mask_of_nothing_is_black():
    assert set(masks.picture([], 24, 16)) == {0}
    assert masks.cells(1920, 1080) == (240, 135)
    assert masks.cells(720, 1280) == (135, 240)
    assert io.BytesIO(masks.picture([], 24, 16)).getbuffer().nbytes == 24 * 16
