"""Minutes of travel, one way, estimated from the crow's flight. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

from circo.maps.rules import Point, distance_km

ROAD = 1.3  # the road beside the crow's flight
START_MIN = 5
CAR_KMH, OTHER_KMH = 45, 20
LIMIT_MIN, CAR_LIMIT_MIN = 60, 75  # at most, one way, without and with a car
KNOWN_MIN = 120  # farther than that, nobody is asked to travel


def limit_min(*, has_car: bool) -> int:
    """How long somebody may travel, one way, unless they say otherwise."""
    return CAR_LIMIT_MIN if has_car else LIMIT_MIN


def estimate_min(one: Point, other: Point, *, has_car: bool) -> int:
    """Bound: an estimate, by a speed that is the same everywhere."""
    hours = ROAD * distance_km(one, other) / (CAR_KMH if has_car else OTHER_KMH)
    return START_MIN + round(60 * hours)


def minutes_to(home: Point, schools: Mapping[str, Point], *, has_car: bool) -> dict[str, int]:
    """Minutes from a home to schools by key, as far as anybody is asked to travel."""
    found = {key: estimate_min(home, point, has_car=has_car) for key, point in schools.items()}
    return {key: minutes for key, minutes in found.items() if minutes <= KNOWN_MIN}


def minutes_among(schools: Mapping[str, Point]) -> dict[tuple[str, str], int]:
    """Minutes by car between two schools, each two once, as far as anybody is asked to travel."""
    pairs = combinations(sorted(schools), 2)
    found = {(one, other): estimate_min(schools[one], schools[other], has_car=True) for one, other in pairs}
    return {pair: minutes for pair, minutes in found.items() if minutes <= KNOWN_MIN}
