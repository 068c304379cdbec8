"""The list of sites with its map, and the page of one site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db import models
from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.dates import day_in_words, planned_in_words
from circo.maps.rules import Point, distance_km
from circo.models import Commune, Person, Posting, School
from circo.queries import Filter
from circo.rules import DAYS, HALF_DAYS, GradeLevel, Role, half_day_in_words
from networks.models import ObservationSite
from networks.visits import rules
from networks.visits.map import rules as drawing
from networks.visits.queries.sites import IN_SCHOOL, inspects
from networks.visits.queries.slots import Slot, slots

SITES_A_PAGE = 20
DISTANCES_KM = (5, 10, 20, 40)
WEEKS_IN_LIST, SLOTS_IN_LIST = 6, 3
COMMUNES_MAX = 120  # outlines of one map: about 40 kB


@dataclass(frozen=True)
class Asked:
    """What narrows the list, each empty if it does not; an unknown value narrows nothing."""

    practice: str = ""
    network: str = ""
    level: str = ""
    distance: str = ""
    week: str = ""


PARAMETERS = {"practice": "pratique", "network": "reseau", "level": "niveau", "distance": "distance", "week": "quand"}


@dataclass(frozen=True)
class SiteRow:
    site: ObservationSite
    km: float | None
    distance: str
    free: list[str] = field(default_factory=list)  # its next half-days with a seat, in words


@dataclass(frozen=True)
class SiteListPage:
    """Open classes, the nearest first, and the map of all of them."""

    rows: Page
    count: str
    map: drawing.Drawing | None
    unplaced: int  # how many of them no map can show
    filters: Sequence[Filter]
    query: str
    home: School | None
    is_narrowed: bool
    may_open: bool
    heads_school: bool


def home_school(person: Person) -> School | None:
    """The school from which distances are counted: the latest in which a person holds a role."""
    held = Posting.objects.in_force(timezone.localdate()).filter(person=person, school__isnull=False)
    posting = held.select_related("school").order_by("-starts_on", "pk").first()
    return posting.school if posting else None


def _point(school: School | None) -> Point | None:
    if school is None or school.latitude is None or school.longitude is None:
        return None
    return school.longitude, school.latitude


def _km(site: ObservationSite, home: School | None) -> float | None:
    if home is not None and site.school_id == home.pk:
        return 0.0
    here, there = _point(home), _point(site.school)
    return distance_km(here, there) if here and there else None


def _distance(site: ObservationSite, home: School | None) -> str:
    if home is None:
        return ""
    return rules.distance_in_words(_km(site, home), is_home=site.school_id == home.pk)


def _keeps(row: SiteRow, asked: Asked) -> bool:
    site = row.site
    if asked.practice and asked.practice not in site.practices:
        return False
    if asked.network and asked.network != str(site.network_id):
        return False
    if asked.level and asked.level not in site.levels:
        return False
    if asked.distance and (row.km is None or row.km > int(asked.distance)):
        return False
    return not asked.week or asked.week in site.week or _has_date(site, asked.week)


def _has_date(site: ObservationSite, week_code: str) -> bool:
    return any(HalfDay.from_code(code).week_code == week_code for code in site.dates)


def open_sites(person: Person) -> models.QuerySet[ObservationSite]:
    """The sites that a person may visit or show to others, with all that a list reads."""
    rows = ObservationSite.objects.visible_to(person).open().select_related("host", "school", "network")
    return rows.fetch_mode(models.FETCH_RAISE)


def site_list_page(person: Person, given: Mapping[str, str], free_on: Sequence[HalfDay] = ()) -> SiteListPage:
    """Rows of the list of open classes; `free_on`: half-days of one day, only classes with a seat on one of them.

    The number of queries does not depend on how many there are.
    """
    home = home_school(person)
    sites = list(open_sites(person))
    filters = _filters(sites, given, home)
    asked = Asked(**{name: one.chosen for name, one in zip(PARAMETERS, filters, strict=True)})
    found = []
    for site in sites:
        km = _km(site, home)
        row = SiteRow(site, km, _distance(site, home))
        if _keeps(row, asked):
            found.append(row)
    found.sort(key=lambda row: (row.km is None, row.km or 0, row.site.title, row.site.pk))
    chosen = {one.name: one.chosen for one in filters if one.chosen} | _day_asked(free_on)
    if free_on:
        found = _free_then(found, free_on)
    rows = Paginator(found, SITES_A_PAGE).get_page(given.get("page"))
    if not free_on:
        _say_next(rows)
    return SiteListPage(
        rows=rows,
        count=_count(len(found), free_on),
        map=_map(found, home),
        unplaced=sum(_point(row.site.school) is None for row in found),
        filters=filters,
        query=urlencode(chosen),
        home=home,
        is_narrowed=bool(chosen),
        may_open=any(ground.role in IN_SCHOOL for ground in person.reach().grounds),
        heads_school=Role.HEAD_TEACHER in person.reach().roles,
    )


def _free_then(rows: Sequence[SiteRow], free_on: Sequence[HalfDay]) -> list[SiteRow]:
    """Those of these rows that have a seat on one of these half-days, which they say."""
    found = slots([row.site for row in rows], timezone.now(), on=free_on[0].day)
    for row in rows:
        row.free.extend(slot.words for slot in found[row.site.pk] if slot.free and slot.half_day in free_on)
    return [row for row in rows if row.free]


def _say_next(rows: Iterable[SiteRow]) -> None:
    """Say of each row its next half-days with a seat."""
    found = slots([row.site for row in rows], timezone.now(), weeks=WEEKS_IN_LIST)
    for row in rows:
        row.free.extend([slot.words for slot in found[row.site.pk] if slot.free][:SLOTS_IN_LIST])


def _day_asked(free_on: Sequence[HalfDay]) -> dict[str, str]:
    """The day, and its half, as an address holds them."""
    if not free_on:
        return {}
    half = {"moment": free_on[0].half} if len(free_on) == 1 else {}
    return {"jour": free_on[0].day.isoformat()} | half


def _count(number: int, free_on: Sequence[HalfDay]) -> str:
    is_open, are_open = ("libre", "libres") if free_on else ("ouverte", "ouvertes")
    when = f" {_when(free_on)}" if free_on else ""
    if number == 0:
        return f"Aucune classe {is_open}{when}" if free_on else "Aucune classe"
    return f"Une classe {is_open}{when}" if number == 1 else f"{number}\u00a0classes {are_open}{when}"


def _when(free_on: Sequence[HalfDay]) -> str:
    today, first = timezone.localdate(), free_on[0]
    if len(free_on) == 1:
        return planned_in_words(first, today)
    return f"{DAYS[first.day.weekday()]} {day_in_words(first.day, today)}"


def _filters(sites: Iterable[ObservationSite], given: Mapping[str, str], home: School | None) -> list[Filter]:
    networks = {str(site.network_id): site.network.name for site in sites if site.network}
    distances = [(str(km), f"moins de {km}\u00a0km") for km in DISTANCES_KM] if _point(home) else []
    choices: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "practice": ("Pratique", [(one.value, words) for one, words in rules.PRACTICES.items()]),
        "network": ("Réseau", sorted(networks.items(), key=lambda pair: pair[1])),
        "level": ("Niveau", [(level.value, level.value) for level in GradeLevel]),
        "distance": ("Distance à vol d’oiseau", distances),
        "week": ("Demi-journée", [(code, half_day_in_words(code)) for code in HALF_DAYS if code != "WED_PM"]),
    }
    filters = []
    for name, (label, known) in choices.items():
        wanted = given.get(PARAMETERS[name], "")
        chosen = wanted if wanted in dict(known) else ""
        filters.append(Filter(PARAMETERS[name], label, known, chosen))
    return filters


def _map(rows: Sequence[SiteRow], home: School | None) -> drawing.Drawing | None:
    """The map of some sites over the communes of their districts, as far as these are known."""
    places = _places(rows, home)
    if not places:
        return None
    districts = {row.site.school.district_id for row in rows} | ({home.district_id} if home else set())
    around = School.objects.filter(district_id__in=districts).order_by().values("insee_code")
    communes = Commune.objects.filter(pk__in=around).order_by("pk")[:COMMUNES_MAX]
    return drawing.draw(places, [commune.outline for commune in communes])


def _places(rows: Iterable[SiteRow], home: School | None) -> list[drawing.Place]:
    """Where these sites are, one place for what stands at the same point, and one's own school."""
    counts: dict[Point, int] = {}
    names: dict[Point, str] = {}
    for row in rows:
        if point := _point(row.site.school):
            counts[point] = counts.get(point, 0) + 1
            names.setdefault(point, row.site.school.commune)
    here = _point(home)
    if here and home and counts:
        names.setdefault(here, home.commune)
    return [drawing.Place(name, point, counts.get(point, 0), is_home=point == here) for point, name in names.items()]


@dataclass(frozen=True)
class SitePage:
    """One class: what one sees there, and what this person may do with it."""

    site: ObservationSite
    distance: str
    is_host: bool
    is_head: bool
    is_team: bool
    is_inspector: bool
    slots: list[Slot]


def site_page(person: Person, site: ObservationSite) -> SitePage:
    """Read the page of `site`, a row of `sites(person)`."""
    home = home_school(person)
    overseen = ObservationSite.objects.overseen_by(person).filter(pk=site.pk).exists()
    return SitePage(
        site=site,
        distance=_distance(site, home),
        is_host=site.host_id == person.pk,
        is_head=ObservationSite.objects.headed_by(person).filter(pk=site.pk).exists(),
        is_team=overseen and site.host_id != person.pk,
        is_inspector=overseen and inspects(person, site.school.district_id),
        slots=slots([site], timezone.now())[site.pk] if site.is_open else [],
    )


def sites(person: Person) -> models.QuerySet[ObservationSite]:
    """The sites whose page a person may open."""
    rows = ObservationSite.objects.visible_to(person).select_related("host", "school__district", "network")
    return rows.fetch_mode(models.FETCH_RAISE)
