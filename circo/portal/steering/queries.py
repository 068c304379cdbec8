"""Reads of the steering page: people by stage over three years, and the schools that they reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.maps import rules as maps
from circo.models import Commune, District, Person, Posting, School, SchoolYear
from circo.portal.steering import rules
from circo.queries import counted
from circo.rules import Role
from networks.groups.rules import COUNTED, ENDED, Standing
from networks.models import Membership, Network

YEARS = 3
MAP_WIDTH = 420.0
WERE_THERE = (*COUNTED, *ENDED)  # who was once of a group that year, not who was only invited
WITH_A_CLASS = (Role.TEACHER, Role.HEAD_TEACHER)


@dataclass(frozen=True)
class Choice:
    """What the page is asked to show: a school year, and districts or one network of them."""

    years: Sequence[SchoolYear]  # the oldest first; the last one is shown
    districts: Sequence[District]
    network: Network | None

    @property
    def year(self) -> SchoolYear:
        return self.years[-1]

    @property
    def on(self) -> date:
        """The day that stands for the year: today, or its last one."""
        return min(timezone.localdate(), self.year.last_day)


@dataclass(frozen=True)
class Reached:
    """One school, and how many of its teachers are in a group."""

    school: School
    teachers: int
    by_stage: Mapping[str, int]
    place: tuple[float, float] | None

    @property
    def members(self) -> int:
        return sum(self.by_stage.values())

    @property
    def first_years(self) -> int:
        return self.by_stage["FIRST_YEAR"]

    @property
    def second_years(self) -> int:
        return self.by_stage["SECOND_YEAR"]

    @property
    def relays(self) -> int:
        return self.by_stage["RELAY"]

    @property
    def kind(self) -> str:
        """How the map draws it."""
        return "relay" if self.relays else "member" if self.members else "nobody"


@dataclass(frozen=True)
class Map:
    """The drawing under the table: outlines, where there are some, and one point a school."""

    width: float
    height: float
    outlines: tuple[tuple[str, str], ...]  # name, path
    source: str
    unplaced: int


def districts_of(person: Person) -> list[District]:
    """The districts whose team one belongs to."""
    ids = person.reach().district_ids_for(Permission.VIEW_TEAM)
    return list(District.objects.visible_to(person).filter(pk__in=ids).order_by("name", "pk"))


def networks_of(person: Person, districts: Sequence[District]) -> list[Network]:
    return list(Network.objects.visible_to(person).filter(district__in=districts).order_by("name", "pk"))


def years_of(person: Person) -> list[SchoolYear]:
    """The school years that have begun, the newest first."""
    return list(
        SchoolYear.objects.visible_to(person).filter(first_day__lte=timezone.localdate()).order_by("-first_day")
    )


def _members(person: Person, choice: Choice, standings: Sequence[Standing]) -> QuerySet[Membership]:
    rows = Membership.objects.visible_to(person).filter(group__network__district__in=choice.districts)
    rows = rows.filter(standing__in=standings)
    return rows.filter(group__network=choice.network) if choice.network else rows


def careers(person: Person, choice: Choice) -> list[dict[int, str]]:
    """For each person, the stage in each of the years of the choice, counted from the oldest (one query)."""
    place = {year.pk: number for number, year in enumerate(choice.years)}
    rows = _members(person, choice, WERE_THERE).filter(school_year__in=choice.years).order_by()
    stages: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for member, year, stage in rows.values_list("person_id", "school_year_id", "stage"):
        stages[member][place[year]].append(stage)
    return [{year: rules.highest(found) for year, found in years.items()} for years in stages.values()]


def stages_of_members(person: Person, choice: Choice) -> dict[int, list[str]]:
    """The stages of each member of the year: of today, or in a year that is over, of its end (one query)."""
    rows = _members(person, choice, (Standing.ACTIVE,)).filter(school_year=choice.year)
    found: dict[int, list[str]] = defaultdict(list)
    for member, stage in rows.order_by().values_list("person_id", "stage"):
        found[member].append(stage)
    return found


def schools_reached(
    person: Person, choice: Choice, members: Mapping[int, list[str]]
) -> tuple[list[Reached], Map | None]:
    """Every open school of the choice, those that nobody of a group works in first, and their map (three queries).

    `members` are the stages of each, as `stages_of_members` reads them.
    """
    at_work = Posting.objects.in_force(choice.on).filter(role__in=WITH_A_CLASS)
    rows = School.objects.visible_to(person).filter(district__in=choice.districts)
    rows = rows.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=choice.on))
    rows = rows.annotate(teacher_count=counted(at_work, "school", each="person"))
    schools = list(rows.order_by("commune", "name", "pk").fetch_mode(models.FETCH_RAISE))
    stages = _stages_by_school(choice, at_work, members)
    outlines = list(Commune.objects.visible_to(person).filter(pk__in={school.insee_code for school in schools}))
    frame = maps.frame_of(_points(schools, outlines), width=MAP_WIDTH)
    places = _places(schools, frame)
    reached = [
        Reached(school, school.teacher_count, _by_stage(stages[school.pk].values()), places.get(school.pk))
        for school in schools
    ]
    reached.sort(key=lambda one: (one.members > 0, one.school.commune, one.school.name))
    return reached, _map(frame, outlines, reached)


def _stages_by_school(
    choice: Choice, at_work: QuerySet[Posting], members: Mapping[int, list[str]]
) -> dict[int, dict[int, list[str]]]:
    """The stages of each member, by the school where that person works."""
    found: dict[int, dict[int, list[str]]] = defaultdict(dict)
    postings = at_work.filter(school__district__in=choice.districts).order_by().values_list("school_id", "person_id")
    for school, member in postings:
        if member in members:
            found[school][member] = members[member]
    return found


def _by_stage(people: Iterable[list[str]]) -> dict[str, int]:
    counts = dict.fromkeys(rules.STAGES, 0)
    for stages in people:
        counts[rules.highest(stages)] += 1
    return counts


def _points(schools: Sequence[School], outlines: Sequence[Commune]) -> list[maps.Point]:
    points = [(school.longitude, school.latitude) for school in schools if _is_placed(school)]
    return [*points, *((x, y) for commune in outlines for ring in commune.outline for x, y in ring)]


def _is_placed(school: School) -> bool:
    return school.latitude is not None and school.longitude is not None


def _places(schools: Sequence[School], frame: maps.Frame | None) -> dict[int, maps.Point]:
    """Where each school is drawn; those of one commune often have the same coordinates."""
    if frame is None:
        return {}
    placed = [school for school in schools if _is_placed(school)]
    points = maps.spread([frame.place((school.longitude, school.latitude)) for school in placed])
    return dict(zip((school.pk for school in placed), points, strict=True))


def _map(frame: maps.Frame | None, outlines: Sequence[Commune], reached: Sequence[Reached]) -> Map | None:
    if frame is None:
        return None
    drawn = tuple((commune.name, frame.path(commune.outline)) for commune in outlines)
    source = ", ".join(sorted({commune.source for commune in outlines}))
    return Map(frame.width, frame.height, drawn, source, sum(one.place is None for one in reached))
