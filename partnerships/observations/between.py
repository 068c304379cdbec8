"""What is known before visits between observation sites are proposed: who said when to come, which sites are open then.

A site keeps its own rules (half-days, notice, seats): what it shows as free is what is proposed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.utils import timezone

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay, half_days_between
from circo.rules import school_year_bounds
from networks.models import ObservationSite, Visit
from networks.visits import queries as visits
from networks.visits import rules as visit_rules
from partnerships.crossing.problem import Host, Visitor
from partnerships.models import CrossingPlan, ObservationWish, PeerObservation
from partnerships.observations import queries, rules


@dataclass(frozen=True)
class Place:
    """A site that is open on a half-day. Units: seats, those of what stands already among them."""

    site: ObservationSite
    room: int


type Places = Mapping[int, Mapping[HalfDay, Place]]


def places(plan: CrossingPlan, standing: Sequence[PeerObservation], first: date, last: date) -> Places:
    """The sites of a district that are open, by host and half-day: the roomiest, where a host has several.

    `standing`: the observations of that kind that stand on these days, with their visits.
    Bound: nine queries and those of the busy providers, whatever the number of sites.
    """
    rows = ObservationSite.objects.open().filter(school__district_id=plan.district_id)
    sites = list(rows.select_related("school__district").order_by("pk"))
    slots, held_by_students = visits.slots(sites, timezone.now()), queries.held_on(first, last)
    kept = {(one.host_id, one.half_day): one.site_id for one in standing}
    standing_in = Counter((one.host_id, one.half_day) for one in standing)
    seated_in = Counter((one.host_id, one.half_day) for one in standing if _is_seated(one))
    schools: dict[int, int] = {}
    found: dict[int, dict[HalfDay, Place]] = defaultdict(dict)
    for site in sites:
        if schools.setdefault(site.host_id, site.school_id) != site.school_id:
            continue  # who has two schools is looked for in one
        for slot in slots[site.pk]:
            key = site.host_id, slot.half_day
            is_there = first <= slot.half_day.day <= last and kept.get(key, site.pk) == site.pk
            room = max(slot.free + seated_in[key], standing_in[key])
            if not room or not is_there or key in held_by_students:
                continue
            former = found[site.host_id].get(slot.half_day)
            if former is None or former.room < room:
                found[site.host_id][slot.half_day] = Place(site, room)
    return found


def _is_seated(observation: PeerObservation) -> bool:
    visit = observation.visit
    return visit is not None and visit.state in visit_rules.SEATED


def hosts(opened: Places, received: Mapping[int, int]) -> Iterator[Host]:
    """Those who open their class. `received`: observations of the year by host, those of these days apart."""
    relays = queries.relays_among(opened)
    for pk, by_half_day in sorted(opened.items()):
        sites = {place.site.pk: place.site for place in by_half_day.values()}
        most = max(place.room for place in by_half_day.values())
        yield Host(
            str(pk),
            str(next(iter(sites.values())).school_id),
            frozenset(by_half_day),
            levels=frozenset(level for site in sites.values() for level in site.levels),
            practices=frozenset(practice for site in sites.values() for practice in site.practices),
            is_relay=pk in relays,
            at_once=most,
            most=max(rules.YEAR_MOST, received[pk]),
            past=received[pk],
            taken={half_day: most - place.room for half_day, place in by_half_day.items()},
        )


def visitors(
    plan: CrossingPlan, standing: Sequence[PeerObservation], opened: Places, first: date, last: date
) -> Iterator[Visitor]:
    """Those who said when they may come, whom nothing takes then, and who do not open their own class.

    Whom students free is looked for in the other kind of proposal.
    """
    teaching = queries.teachers_of(plan.district_id, first)
    rows = ObservationWish.objects.filter(person__in=teaching).order_by("person")
    wishes = {row.person_id: row for row in rows if row.half_days}
    mine = {(one.observer_id, one.half_day) for one in standing}
    taken, freed = calendar.taken(wishes, first, last), queries.freed_on(first, last)
    left = _left(plan, wishes, standing, first)
    days = list(half_days_between(first, last))
    for pk, wish in wishes.items():
        said = {(pk, one) for one in days if one.week_code in wish.half_days} - freed
        free = {one for key, one in said if one not in opened.get(pk, ()) and not taken.get((key, one))}
        free |= {one for key, one in mine if key == pk}
        if free and left[pk] > 0:
            school, levels = teaching[pk]
            yield Visitor(
                str(pk),
                str(school.pk),
                frozenset(free),
                levels=frozenset(levels or ()),
                practices=frozenset(wish.practices),
                limit_min=wish.limit_min,
                most=left[pk],
            )


def _left(
    plan: CrossingPlan, wishes: Mapping[int, ObservationWish], standing: Sequence[PeerObservation], first: date
) -> dict[int, int]:
    """How many visits a proposal holds for each of these people at most: what stands, or one if the year leaves one."""
    most = visits.settings_of(plan.district_id).visits_a_year
    made = Visit.objects.filter(
        visitor__in=wishes, state__in=visit_rules.COUNTED, day__range=school_year_bounds(first)
    ).order_by()
    counts = dict(made.values_list("visitor").annotate(count=Count("pk")))
    standing_of = Counter(one.observer_id for one in standing)
    return {pk: standing_of[pk] or min(rules.SITES_MOST, max(0, most - counts.get(pk, 0))) for pk in wishes}
