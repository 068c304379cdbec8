"""Minutes of travel: whoever has no car is slower; a school that no map knows is in its commune."""

import pytest

from partnerships.places import points_of
from partnerships.travel import limit_min, minutes_among, minutes_to
from tests.partnerships.partner import commune

HOME = (1.0, 49.0)
SCHOOLS = {"near": (1.0, 49.1), "far": (1.0, 50.5), "here": HOME}


def test_eleven_kilometres_take_twenty_four_minutes_by_car_and_forty_eight_without():
    assert minutes_to(HOME, SCHOOLS, has_car=True) == {"near": 24, "here": 5}
    assert minutes_to(HOME, SCHOOLS, has_car=False) == {"near": 48, "here": 5}
    assert limit_min(has_car=False) < limit_min(has_car=True)


def test_each_two_schools_once():
    assert minutes_among(SCHOOLS) == {("here", "near"): 24}


def test_a_school_that_no_map_knows_is_in_the_middle_of_its_commune(world):
    known, lost, nowhere = (world.here.schools[0], *world.there.schools[:2])
    known.longitude, known.latitude = 1.15, 49.25
    lost.insee_code, nowhere.insee_code = commune().insee_code, "99999"
    found = points_of({one.pk: one for one in (known, lost, nowhere)})
    assert found.keys() == {str(known.pk), str(lost.pk)}
    assert found[str(known.pk)] == (1.15, 49.25)
    assert found[str(lost.pk)] == (pytest.approx(1.15), pytest.approx(49.225))
