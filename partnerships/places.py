"""Where students live and where schools are, as far as anybody knows: what minutes of travel are counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean

from circo.maps.rules import Point
from circo.models import Commune, School
from partnerships.models import Student


def homes_of(students: Sequence[Student]) -> dict[int, Point]:
    """Where each of these students lives; those whose commune is not known are left out."""
    return {one.pk: point for one in students if one.home and (point := _middle_of(one.home))}


def points_of(schools: Mapping[int, School]) -> dict[str, Point]:
    """Where each school is, by key; without a position, in the middle of its commune if that is known. One query."""
    unknown = {one.insee_code for one in schools.values() if _point(one) is None}
    communes = {one.pk: point for one in Commune.objects.filter(pk__in=unknown) if (point := _middle_of(one))}
    found = {str(pk): _point(one) or communes.get(one.insee_code) for pk, one in schools.items()}
    return {key: point for key, point in found.items() if point is not None}


def _middle_of(commune: Commune) -> Point | None:
    """The middle of a commune, near enough for minutes of travel."""
    points = [point for ring in commune.outline for point in ring]
    return (mean(x for x, _ in points), mean(y for _, y in points)) if points else None


def _point(school: School) -> Point | None:
    if school.longitude is None or school.latitude is None:
        return None
    return school.longitude, school.latitude
