"""Reads of the map of a plan: the schools of the classes that one asks for, who goes there and from where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import QuerySet

from circo.maps.rules import Point
from circo.models import Commune, School
from events.brigade import queries as brigade
from events.models import CoverNeed, CoverPlan
from events.plans.board import queries as board
from events.plans.board.queries import ClassRow
from events.plans.map import rules
from events.plans.map.rules import Band, Drawing, Home, Place, Trip
from events.plans.rules import km


@dataclass(frozen=True)
class Line:
    """One class in the table under the map, which says all that the map shows."""

    row: ClassRow
    home: School | None


@dataclass(frozen=True)
class MapPage:
    drawing: Drawing | None
    bands: Sequence[Band]
    bare: int
    unplaced: int  # classes that no map can show
    source: str  # of the outlines
    page: Page
    lines: Sequence[Line]

    @property
    def words(self) -> str:
        """What the map says, for who does not see it."""
        count = self.page.paginator.count
        told = [f"{band.classes} {band.words}" for band in self.bands if band.classes]
        lacking = [f"{self.bare} sans personne"] if self.bare else []
        return f"Carte de {count}\u00a0classe{'s' if count > 1 else ''}\u00a0: {', '.join([*told, *lacking])}."


def map_page(plan: CoverPlan, wanted: QuerySet[CoverNeed], number: str | None) -> MapPage:
    """All that the map of a plan shows of these classes. The same number of queries however many."""
    schools_of = dict(wanted.values_list("pk", "school_id"))
    held = plan.assignments.filter(need__in=schools_of).order_by("pk")
    taken = {need: (who, metres or 0) for need, who, metres in held.values_list("need_id", "substitute_id", "metres")}
    first = min((one.day.on for one in plan.plan_days.all()), default=None)
    members = brigade.members(brigade.posts([plan.departement_id], first)) if first and taken else []
    homes = {one.person.pk: one.school for one in members}
    schools = School.objects.in_bulk(set(schools_of.values()))
    communes = Commune.objects.filter(pk__startswith=plan.departement.code).order_by("pk")
    places = _places(schools_of, schools, taken)
    trips = _trips(schools_of, schools, taken, homes)
    outlines = list(communes) if places else []
    page = board.page_of(wanted, number)
    return MapPage(
        drawing=rules.draw(places, _homes(trips, homes.values()), trips, [one.outline for one in outlines]),
        bands=rules.bands(metres for _, metres in taken.values()),
        bare=len(schools_of) - len(taken),
        unplaced=sum(_point(schools[pk]) is None for pk in schools_of.values()),
        source=outlines[0].source if outlines else "",
        page=page,
        lines=[_line(row, homes) for row in board.rows_of(plan, list(page.object_list))],
    )


def _line(row: ClassRow, homes: Mapping[int, School]) -> Line:
    return Line(row, homes.get(row.assignment.substitute_id) if row.assignment else None)


def _point(school: School) -> Point | None:
    if school.longitude is None or school.latitude is None:
        return None
    return school.longitude, school.latitude


type Taken = Mapping[int, tuple[int, int]]  # by class: who takes it, and how far they go


def _places(schools_of: Mapping[int, int], schools: Mapping[int, School], taken: Taken) -> list[Place]:
    """Where classes are to be taken: one place for the schools that stand at the same point."""
    classes: Counter[Point] = Counter()
    bare: Counter[Point] = Counter()
    names: dict[Point, str] = {}
    for need_pk, school_pk in schools_of.items():
        if point := _point(schools[school_pk]):
            classes[point] += 1
            bare[point] += need_pk not in taken
            names.setdefault(point, schools[school_pk].commune)
    return [Place(names[point], point, count, bare[point]) for point, count in sorted(classes.items())]


def _trips(
    schools_of: Mapping[int, int], schools: Mapping[int, School], taken: Taken, homes: Mapping[int, School]
) -> list[Trip]:
    """Who goes where: one trip for all the classes that the substitutes of one school take in another."""
    found: dict[tuple[Point, Point], list[int]] = defaultdict(list)
    names: dict[tuple[Point, Point], str] = {}
    for need_pk, (who, metres) in taken.items():
        school, home = schools[schools_of[need_pk]], homes.get(who)
        here, there = _point(home) if home else None, _point(school)
        if home and here and there:
            found[here, there].append(metres)
            names[here, there] = f"{home.commune} → {school.commune}, {km(metres)}"
    return [
        Trip(*ends, max(metres), len(metres), names[ends] + (f", {len(metres)} classes" if len(metres) > 1 else ""))
        for ends, metres in found.items()
    ]


def _homes(trips: Iterable[Trip], schools: Iterable[School]) -> list[Home]:
    """From where somebody goes somewhere."""
    named = {point: school.commune for school in schools if (point := _point(school))}
    return [Home(named[point], point) for point in sorted({trip.home for trip in trips})]
