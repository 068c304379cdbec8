import json
import re
from math import isclose

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from circo.maps import labels, rules
from circo.models import Commune

PARIS, ROUEN = (2.3522, 48.8566), (1.0993, 49.4431)
points = st.tuples(st.floats(-5, 9), st.floats(41, 51))


def test_distance_between_two_towns():
    assert isclose(rules.distance_km(PARIS, ROUEN), 112.1, abs_tol=1)  # 112 km on IGN's map
    assert rules.distance_km(PARIS, PARIS) == 0


@given(st.lists(points, min_size=1, max_size=20))
def test_a_frame_holds_all_its_points_north_above(found):
    frame = rules.frame_of(found, width=400)
    placed = [frame.place(point) for point in found]
    assert all(-0.1 <= x <= 400.1 and -0.1 <= y <= frame.height + 0.1 for x, y in placed)
    north, south = max(found, key=lambda one: one[1]), min(found, key=lambda one: one[1])
    assert frame.place(north)[1] <= frame.place(south)[1]


@given(st.lists(points, min_size=3, max_size=20), st.integers(1, 5))
def test_outlines_on_a_grid_keep_their_corners(found, grain):
    frame = rules.frame_of(found, width=400)
    fine, rough = ([float(n) for n in re.findall(r"[\d.e+-]+", frame.path([found], grain=each))] for each in (0, grain))
    assert all(n % grain == 0 for n in rough)
    assert all(min(abs(n - m) for m in fine) <= grain / 2 for n in rough)


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), max_size=12))
def test_no_name_covers_a_point_or_another_name(spots):
    how = labels.Lettering(height=20, letter=10, width=300, room=300)
    found = labels.placed(["Louviers"] * len(spots), spots, [5.0] * len(spots), range(len(spots)), how)
    boxes = []
    for label in found.values():
        left = label.x - {"start": 0, "middle": 40, "end": 80}[label.anchor]
        boxes.append((left, left + 80, label.y - 20, label.y + 7))
        assert 0 <= left <= left + 80 <= 300
    for number, spot in enumerate(spots):
        for named, (left, right, top, bottom) in zip(found, boxes, strict=True):
            is_on = left + 1 < spot[0] < right - 1 and top + 8 < spot[1] < bottom - 8
            assert named == number or not is_on
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            across = one[0] < other[1] - 0.01 and other[0] < one[1] - 0.01
            assert not across or abs(one[3] - other[3]) >= 12


@given(points, points)
def test_a_distance_is_the_same_both_ways(one, other):
    assert isclose(rules.distance_km(one, other), rules.distance_km(other, one), abs_tol=1e-6)


@given(st.lists(st.sampled_from([(1.0, 2.0), (1.0, 3.0), (50.0, 60.0)]), max_size=9))
def test_points_of_one_place_are_all_seen_near_it(found):
    moved = rules.spread(found)
    assert len(set(moved)) == len(found) or len(set(found)) > 1
    for (x, y), (x_2, y_2) in zip(found, moved, strict=True):
        assert abs(x - x_2) <= rules.APART * len(found) / 4 + 0.1
        assert abs(y - y_2) <= rules.APART * len(found) / 4 + 0.1


def test_nothing_to_frame():
    assert rules.frame_of([], width=400) is None


def feature(code, geometry):
    return {"type": "Feature", "properties": {"code": code, "nom": f"Commune {code}"}, "geometry": geometry}


SQUARE = [[1.0, 49.0], [1.1, 49.0], [1.10004, 49.0], [1.1, 49.1], [1.0, 49.0]]


def geojson(tmp_path, *features):
    file = tmp_path / "communes.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(file)


@pytest.mark.django_db
def test_outlines_are_read_once_and_then_replaced(tmp_path, capsys):
    file = geojson(
        tmp_path,
        feature("27701", {"type": "Polygon", "coordinates": [SQUARE]}),
        feature("27375", {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}),
        feature("76540", {"type": "Polygon", "coordinates": [SQUARE]}),
    )
    for _ in range(2):
        call_command("import_communes", file, source="IGN, Licence Ouverte 2.0", codes="27")
    assert "2 communes" in capsys.readouterr().out
    assert {row.pk: len(row.outline) for row in Commune.objects.all()} == {"27701": 1, "27375": 2}
    assert Commune.objects.get(pk="27701").outline[0] == [[1.0, 49.0], [1.1, 49.0], [1.1, 49.1], [1.0, 49.0]]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "[]", '{"features": [{}]}', '{"features": [{"properties": {"code": 27}}]}'])
def test_a_file_that_holds_no_commune_is_refused_in_words(tmp_path, text):
    file = tmp_path / "x.json"
    file.write_text(text)
    with pytest.raises(CommandError, match="GeoJSON de communes"):
        call_command("import_communes", str(file), source="x")
    with pytest.raises(CommandError, match="Aucune commune"):
        call_command("import_communes", geojson(tmp_path), source="x")
