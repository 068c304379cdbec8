"""The ISSR as the table gives it, and its rules one by one."""

from datetime import date

import numpy as np
import pytest

from circo.calendar.rules import HALVES, HalfDay
from circo.errors import Refusal
from events.cover.counting import cents_of
from events.cover.pairing import Distances, build
from events.cover.pricing import Scale, cents_at, scale_of
from events.cover.problem import Need, Plan, Span, Spot, Substitute
from tests.events.cover_things import SCALES

OLD = Scale(
    date(2017, 2, 1),
    ((0, 1538), (10, 2002), (20, 2466), (30, 2897), (40, 3440), (50, 3998), (60, 4566)),
    last_km=80,
    further_km=20,
    further_cents=681,
)
BOTH = (*SCALES, OLD)
DAY = date(2026, 11, 26)
GOLDEN = [
    *((0, 1594), (9, 1594), (10, 2104), (19, 2104), (20, 2616), (29, 2616), (30, 3087), (39, 3087)),
    *((40, 3686), (49, 3686), (50, 4289), (59, 4289), (60, 4924), (80, 4924)),
    *((81, 5658), (100, 5658), (101, 6392), (120, 6392), (121, 7126)),
]


@pytest.mark.parametrize(("km", "cents"), GOLDEN)
def test_the_table(km, cents):
    assert cents_at(np.array([km * 1000, km * 1000 + 999]), SCALES[0]).tolist() == [cents, cents]


def test_a_scale_holds_from_its_day():
    assert scale_of(date(2021, 12, 31), BOTH) is OLD
    assert scale_of(date(2022, 1, 1), BOTH) is SCALES[0]
    assert cents_at(np.array([85_000]), OLD) == 5247
    with pytest.raises(Refusal, match="Aucun barème"):
        scale_of(date(2016, 1, 1), BOTH)


A, B, C = Spot("a", 1.0, 49.0), Spot("b", 1.1, 49.0), Spot("c", 1.2, 49.0)
ROADS = Distances({("a", "b"): 12_000, ("a", "c"): 31_000})


def need(key, span, school):
    return Need(key, f"classe {key}", DAY, span, school, frozenset({"CP"}), 1)


def staff(**told):
    return [Substitute("r", A, frozenset(HalfDay(DAY, half) for half in HALVES), **told)]


def test_nothing_in_the_school_of_attachment_nor_for_who_is_not_tenured():
    needs = [need("1", Span.AM, A), need("2", Span.AM, B), need("3", Span.PM, C)]
    assert build(needs, staff(), SCALES, distances=ROADS).pairs.cents.tolist() == [0, 2104, 3087]
    assert not build(needs, staff(is_tenured=False), SCALES, distances=ROADS).pairs.cents.any()


@pytest.mark.parametrize("morning", [A, B])
def test_a_day_is_paid_once_for_the_farthest_school(morning):
    problem = build([need("1", Span.AM, morning), need("2", Span.PM, C)], staff(), SCALES, distances=ROADS)
    assert cents_of(problem, Plan((("1", "r"), ("2", "r")))) == {("r", DAY.toordinal()): 3087}
