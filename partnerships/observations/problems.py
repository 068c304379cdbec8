"""What is known before visits are proposed in one district: who is freed, who teaches then, how far, what was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.models import Person, Posting, School
from circo.rules import Role, school_year_bounds
from networks.groups.rules import Stage
from networks.models import Membership, ObservationSite, Visit
from networks.visits import queries as visits
from networks.visits import rules as visit_rules
from partnerships import travel
from partnerships.crossing.choosing import broken_rule, build, rebuilt
from partnerships.crossing.problem import Decisions, Host, Problem, Visitor
from partnerships.crossing.problem import Visit as Crossing
from partnerships.models import CrossingPlan, HostOffer, ObservationWish, PeerObservation
from partnerships.observations import queries, rules
from partnerships.observations.rules import ObservationState
from partnerships.offers import queries as offers
from partnerships.offers.rules import OfferState
from partnerships.placements.queries import agenda

IN_CLASS = (Role.TEACHER, Role.HEAD_TEACHER)


def problem_of(plan: CrossingPlan) -> Problem:
    """Put together the problem of a proposal. What stands already is locked: a proposal adds to it.

    Bound: a dozen queries and those of the busy providers, whatever the number of people.
    """
    first, last = max(plan.first_day, timezone.localdate()), plan.last_day
    standing = list(PeerObservation.objects.seated().between(first, last))
    freed = _freed(plan, first, last)
    visitors = list(_visitors(plan, freed, standing, first, last))
    hosts = list(_hosts(plan, {one.school for one in visitors}, first, last))
    met, forbidden = _met(plan, standing)
    minutes = travel.minutes_among(_points({one.school for one in visitors} | {one.school for one in hosts}))
    bare = build(visitors, hosts, minutes, decisions=Decisions(met=met, forbidden=forbidden))
    locks = {Crossing(str(one.observer_id), str(one.host_id), one.half_day) for one in standing}
    return rebuilt(bare, locks=frozenset(one for one in locks if broken_rule(bare, one) is None))


def _freed(plan: CrossingPlan, first: date, last: date) -> dict[int, set[HalfDay]]:
    """The half-days to come on which students hold the class of each teacher of the district."""
    here = HostOffer.objects.filter(school__district_id=plan.district_id).order_by().values_list("pk", flat=True)
    found: dict[int, set[HalfDay]] = defaultdict(set)
    for person_id, _, half_day in agenda.freed(first, last, offer_ids=list(here)):
        if visits.starts_at(half_day) > timezone.now():
            found[person_id].add(half_day)
    return found


def _visitors(
    plan: CrossingPlan,
    freed: dict[int, set[HalfDay]],
    standing: list[PeerObservation],
    first: date,
    last: date,
) -> Iterator[Visitor]:
    """Those who are freed and whom nothing else takes."""
    mine = {(one.observer_id, one.half_day) for one in standing}
    taken = offers.taken_by(freed, first, last)
    away = {(one.person_id, one.half_day, one.reason) for one in calendar.away(freed, first, last)}
    wishes = {row.person_id: row for row in ObservationWish.objects.filter(person_id__in=freed)}
    rows = HostOffer.objects.filter(person_id__in=freed, school__district_id=plan.district_id)
    for pk, offer in {row.person_id: row for row in rows.order_by("school_year__first_day", "pk")}.items():
        wish = wishes.get(pk) or ObservationWish()
        free = {
            one
            for one in freed[pk]
            if (pk, one) in mine or not any((pk, one, reason) not in away for reason in taken[pk, one])
        }
        if free:
            yield Visitor(
                str(pk),
                str(offer.school_id),
                frozenset(free),
                levels=frozenset(offer.levels),
                practices=frozenset(wish.practices),
                limit_min=wish.limit_min,
            )


def _hosts(plan: CrossingPlan, school_keys: set[str], first: date, last: date) -> Iterator[Host]:
    """The colleagues of the same schools, and in the rest of the district those who open their class to others."""
    held = Posting.objects.in_force(first).filter(role__in=IN_CLASS, school__district_id=plan.district_id)
    rows = held.filter(person__is_active=True).select_related("school").order_by("starts_on", "pk")
    postings = {row.person_id: (row.school, row.levels) for row in rows if row.school is not None}
    practices, levels, is_open = _shown(plan)
    known = {pk: row for pk, row in postings.items() if str(row[0].pk) in school_keys or pk in is_open}
    schools = [school for school, _ in known.values()]
    teaching = calendar.school_half_days(schools, first, last)
    absent = visits.hosts_absent(set(known), first, last)
    held_by_students: dict[int, set[HalfDay]] = defaultdict(set)
    for pk, half_day in queries.held_on(first, last):
        held_by_students[pk].add(half_day)
    relays = set(
        Membership.objects.in_force()
        .filter(person_id__in=known, stage=Stage.RELAY)
        .order_by()
        .values_list("person", flat=True)
    )
    year_first, year_last = school_year_bounds(first)
    past = queries.received_this_year(set(known), year_first, year_last)
    in_plan = queries.received_this_year(set(known), first, last)
    most = offers.limits([plan.district_id])[plan.district_id].visitors_most
    for pk, (school, own_levels) in sorted(known.items(), key=lambda one: one[0]):
        yield Host(
            str(pk),
            str(school.pk),
            frozenset(teaching[school.pk] - absent[pk] - held_by_students[pk]),
            levels=frozenset(levels.get(pk) or own_levels or ()),
            practices=frozenset(practices[pk]),
            is_relay=pk in relays,
            at_once=most,
            most=max(rules.YEAR_MOST, past[pk]),
            past=past[pk] - in_plan[pk],
        )


def _shown(plan: CrossingPlan) -> tuple[dict[int, set[str]], dict[int, set[str]], set[int]]:
    """What the classes of a district show: practices and levels by teacher, and who opens theirs."""
    practices: dict[int, set[str]] = defaultdict(set)
    levels: dict[int, set[str]] = defaultdict(set)
    is_open: set[int] = set()
    sites = ObservationSite.objects.open().filter(school__district_id=plan.district_id)
    opened = HostOffer.objects.filter(school__district_id=plan.district_id, state=OfferState.OPEN)
    for rows, owner in ((sites, "host_id"), (opened, "person_id")):
        for pk, shown, of_levels in rows.order_by().values_list(owner, "practices", "levels"):
            practices[pk].update(shown)
            levels[pk].update(of_levels)
            is_open.add(pk)
    return practices, levels, is_open


def _met(
    plan: CrossingPlan, standing: list[PeerObservation]
) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Who saw whom this school year, and who said no to whom; what stands in these days is neither."""
    year = school_year_bounds(plan.first_day)
    locked = {(one.observer_id, one.host_id) for one in standing}
    rows = PeerObservation.objects.between(*year).order_by()
    seen = set(rows.seated().values_list("observer_id", "host_id"))
    made = Visit.objects.filter(day__range=year, state__in=visit_rules.TAKEN).order_by()
    seen |= set(made.values_list("visitor_id", "site__host_id"))
    no = set(rows.filter(state=ObservationState.DECLINED).values_list("observer_id", "host_id"))
    return _keys(seen - locked), _keys(no - locked)


def _keys(pairs: set[tuple[int, int]]) -> frozenset[tuple[str, str]]:
    return frozenset((str(one), str(other)) for one, other in pairs)


def _points(school_keys: set[str]) -> dict[str, tuple[float, float]]:
    """Where schools are, those that the map knows."""
    rows = School.objects.filter(pk__in=map(int, school_keys)).order_by()
    found = rows.values_list("pk", "longitude", "latitude")
    return {str(pk): (lon, lat) for pk, lon, lat in found if lon is not None and lat is not None}


def minutes_of(problem: Problem, crossing: Crossing) -> int:
    """Units: minutes one way."""
    pair = (
        problem.visitors[problem.visitor_at[crossing.visitor]].school,
        problem.hosts[problem.host_at[crossing.host]].school,
    )
    return problem.minutes.get(pair, problem.minutes.get((pair[1], pair[0]), 0))


def school_of(problem: Problem, crossing: Crossing) -> int:
    return int(problem.hosts[problem.host_at[crossing.host]].school)


def people_of(problem: Problem) -> set[int]:
    """Those of the problem who still have an account."""
    keys = {int(one.key) for one in problem.visitors} | {int(one.key) for one in problem.hosts}
    return set(Person.objects.filter(pk__in=keys).order_by().values_list("pk", flat=True))
