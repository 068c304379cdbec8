"""The list of sites with its map, and the page of one site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db import models
from django.utils import timezone

from circo.models import Person, Posting, School
from circo.rules import HALF_DAYS, GradeLevel, Role, half_day_in_words
from networks.models import ObservationSite
from networks.visits import rules
from networks.visits.map import rules as drawing
from networks.visits.queries.sites import IN_SCHOOL, inspects

SITES_A_PAGE = 20
DISTANCES_KM = (5, 10, 20, 40)


@dataclass(frozen=True)
class Filter:
    """One choice that narrows the list, as a form draws it."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    chosen: str


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


def _point(school: School | None) -> rules.Point | None:
    if school is None or school.latitude is None or school.longitude is None:
        return None
    return school.latitude, school.longitude


def _km(site: ObservationSite, home: School | None) -> float | None:
    if home is not None and site.school_id == home.pk:
        return 0.0
    here, there = _point(home), _point(site.school)
    return rules.great_circle_km(here, there) if here and there else None


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
    read = (rules.parse_half_day(code) for code in site.dates)
    return any(rules.week_code(day, half) == week_code for day, half in read)


def open_sites(person: Person) -> models.QuerySet[ObservationSite]:
    """The sites that a person may visit or show to others, with all that a list reads."""
    rows = ObservationSite.objects.visible_to(person).open().select_related("host", "school", "network")
    return rows.fetch_mode(models.FETCH_RAISE)


def site_list_page(person: Person, given: Mapping[str, str]) -> SiteListPage:
    """Rows of the list of open classes. The number of queries does not depend on how many there are."""
    home = home_school(person)
    sites = list(open_sites(person))
    filters = _filters(sites, given, home)
    asked = Asked(**{name: one.chosen for name, one in zip(PARAMETERS, filters, strict=True)})
    found = []
    for site in sites:
        km = _km(site, home)
        row = SiteRow(site, km, rules.distance_in_words(km) if home else "")
        if _keeps(row, asked):
            found.append(row)
    found.sort(key=lambda row: (row.km is None, row.km or 0, row.site.title, row.site.pk))
    chosen = {one.name: one.chosen for one in filters if one.chosen}
    return SiteListPage(
        rows=Paginator(found, SITES_A_PAGE).get_page(given.get("page")),
        count=_count(len(found)),
        map=drawing.draw(_places(found, home)),
        unplaced=sum(_point(row.site.school) is None for row in found),
        filters=filters,
        query=urlencode(chosen),
        home=home,
        is_narrowed=bool(chosen),
        may_open=any(ground.role in IN_SCHOOL for ground in person.reach().grounds),
        heads_school=Role.HEAD_TEACHER in person.reach().roles,
    )


def _count(number: int) -> str:
    if number == 0:
        return "Aucune classe"
    return "Une classe ouverte" if number == 1 else f"{number}\u00a0classes ouvertes"


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
    for field, (label, known) in choices.items():
        wanted = given.get(PARAMETERS[field], "")
        chosen = wanted if wanted in dict(known) else ""
        filters.append(Filter(PARAMETERS[field], label, known, chosen))
    return filters


def _places(rows: Iterable[SiteRow], home: School | None) -> list[drawing.Place]:
    """The schools of these sites, and one's own."""
    counts: dict[int, int] = {}
    schools: dict[int, School] = {home.pk: home} if home else {}
    for row in rows:
        schools[row.site.school_id] = row.site.school
        counts[row.site.school_id] = counts.get(row.site.school_id, 0) + 1
    return [
        drawing.Place(school.commune, point, counts.get(pk, 0), is_home=home is not None and pk == home.pk)
        for pk, school in sorted(schools.items())
        if (point := _point(school)) and counts
    ]


@dataclass(frozen=True)
class SitePage:
    """One class: what one sees there, and what this person may do with it."""

    site: ObservationSite
    distance: str
    is_host: bool
    is_head: bool
    is_team: bool
    is_inspector: bool


def site_page(person: Person, site: ObservationSite) -> SitePage:
    """Read the page of `site`, a row of `sites(person)`."""
    home = home_school(person)
    overseen = ObservationSite.objects.overseen_by(person).filter(pk=site.pk).exists()
    return SitePage(
        site=site,
        distance=rules.distance_in_words(_km(site, home)) if home else "",
        is_host=site.host_id == person.pk,
        is_head=ObservationSite.objects.headed_by(person).filter(pk=site.pk).exists(),
        is_team=overseen and site.host_id != person.pk,
        is_inspector=overseen and inspects(person, site.school.district_id),
    )


def sites(person: Person) -> models.QuerySet[ObservationSite]:
    """The sites whose page a person may open."""
    rows = ObservationSite.objects.visible_to(person).select_related("host", "school__district", "network")
    return rows.fetch_mode(models.FETCH_RAISE)
