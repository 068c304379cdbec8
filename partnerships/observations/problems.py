"""What is known before visits are proposed in one district: who is freed, who teaches then, how far, what was."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from django.utils import timezone

from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.models import Person, School
from circo.rules import school_year_bounds
from networks.models import ObservationSite, Visit
from networks.visits import queries as visits
from networks.visits import rules as visit_rules
from networks.visits.rules import VisitState
from partnerships import places, travel
from partnerships.crossing.choosing import broken_rule, build, minutes_between, rebuilt
from partnerships.crossing.problem import Host, Problem, Visitor
from partnerships.crossing.problem import Visit as Crossing
from partnerships.models import CrossingPlan, HostOffer, ObservationWish, PeerObservation
from partnerships.observations import between, queries, rules
from partnerships.observations.rules import ObservationState
from partnerships.offers import queries as offers
from partnerships.offers.rules import OfferState
from partnerships.placements.queries import agenda
from partnerships.placements.rules import half_day_of


def problem_of(plan: CrossingPlan) -> Problem:
    """Put together the problem of a proposal. What stands already is locked: a proposal adds to it.

    Bound: a dozen queries and those of the busy providers, whatever the number of people.
    """
    first, last = days_of(plan)
    standing = _standing(plan)
    if plan.is_between_sites:
        opened = between.places(plan, standing, first, last)
        visitors = list(between.visitors(plan, standing, opened, first, last))
        hosts = list(between.hosts(opened, _received(opened, standing, first)))
    else:
        visitors = list(_visitors(plan, _freed(plan, first, last), standing, first, last))
        hosts = list(_hosts(plan, {one.school for one in visitors}, standing, first, last))
    schools = School.objects.in_bulk({int(one.school) for one in visitors} | {int(one.school) for one in hosts})
    minutes = travel.minutes_among(places.points_of(schools))
    bare = build(visitors, hosts, minutes)
    stands = (Crossing(str(one.observer_id), str(one.host_id), one.half_day) for one in standing)
    locks = frozenset(one for one in stands if broken_rule(bare, one) is None)
    met, forbidden = _met(plan, {(one.visitor, one.host) for one in locks})
    return rebuilt(bare, locks=locks, met=met, forbidden=forbidden)


def days_of(plan: CrossingPlan) -> tuple[date, date]:
    """From which day to which a proposal is computed: what is past is past."""
    return max(plan.first_day, timezone.localdate()), plan.last_day


def _standing(plan: CrossingPlan) -> list[PeerObservation]:
    rows = PeerObservation.objects.seated().between(*days_of(plan)).between_sites(plan.is_between_sites)
    return list(rows.select_related("visit"))


def sites_of(plan: CrossingPlan) -> dict[tuple[str, HalfDay], int]:
    """The site that a host opens on a half-day of a proposal between sites."""
    if not plan.is_between_sites:
        return {}
    opened = between.places(plan, _standing(plan), *days_of(plan))
    return {(str(pk), half_day): place.site.pk for pk, found in opened.items() for half_day, place in found.items()}


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
    taken = calendar.taken(freed, first, last)
    wishes = {row.person_id: row for row in ObservationWish.objects.filter(person_id__in=freed)}
    rows = HostOffer.objects.filter(person_id__in=freed, school__district_id=plan.district_id)
    for pk, offer in {row.person_id: row for row in rows.order_by("school_year__first_day", "pk")}.items():
        wish = wishes.get(pk) or ObservationWish()
        free = {one for one in freed[pk] if (pk, one) in mine or not taken.get((pk, one))}
        if free:
            yield Visitor(
                str(pk),
                str(offer.school_id),
                frozenset(free),
                levels=frozenset(offer.levels),
                practices=frozenset(wish.practices),
                limit_min=wish.limit_min,
            )


def _hosts(
    plan: CrossingPlan, school_keys: set[str], standing: Sequence[PeerObservation], first: date, last: date
) -> Iterator[Host]:
    """The colleagues of the same schools, and in the rest of the district those who open their class to others."""
    postings = queries.teachers_of(plan.district_id, first)
    practices, levels, is_open = _shown(plan)
    known = {pk: row for pk, row in postings.items() if str(row[0].pk) in school_keys or pk in is_open}
    schools = [school for school, _ in known.values()]
    teaching = calendar.school_half_days(schools, first, last)
    absent = visits.hosts_absent(set(known), first, last)
    held_by_students: dict[int, set[HalfDay]] = defaultdict(set)
    for pk, half_day in queries.held_on(first, last):
        held_by_students[pk].add(half_day)
    relays, past = queries.relays_among(known), _received(known, standing, first)
    anyway = _coming_anyway(known, standing, first, last)
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
            past=past[pk],
            taken=anyway[pk],
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


def _received(host_ids: Collection[int], standing: Sequence[PeerObservation], first: date) -> Mapping[int, int]:
    """How many observations each class receives in the school year, what stands in the proposal apart."""
    year = queries.received_this_year(host_ids, *school_year_bounds(first))
    kept = Counter(one.host_id for one in standing)
    return defaultdict(int, {pk: count - kept[pk] for pk, count in year.items()})


def _coming_anyway(
    host_ids: Collection[int], standing: Sequence[PeerObservation], first: date, last: date
) -> Mapping[int, Mapping[HalfDay, int]]:
    """How many visitors each class has whom this proposal does not move, by half-day."""
    visits_kept = {one.visit_id for one in standing}
    rows = Visit.objects.seated().filter(site__host_id__in=host_ids, day__range=(first, last)).order_by()
    found: dict[int, Counter[HalfDay]] = defaultdict(Counter)
    for pk, host_id, day, half in rows.values_list("pk", "site__host_id", "day", "half"):
        if pk not in visits_kept:
            found[host_id][half_day_of(day, half)] += 1
    others = PeerObservation.objects.between_sites().filter(state=ObservationState.PROPOSED, host_id__in=host_ids)
    for host_id, day, half in others.between(first, last).order_by().values_list("host_id", "day", "half"):
        found[host_id][half_day_of(day, half)] += 1
    return found


def _met(
    plan: CrossingPlan, locked: set[tuple[str, str]]
) -> tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]:
    """Who saw whom this school year, and who said no to whom; what is locked is neither."""
    year = school_year_bounds(plan.first_day)
    rows = PeerObservation.objects.between(*year).order_by()
    seen = set(rows.seated().values_list("observer_id", "host_id"))
    made = Visit.objects.filter(day__range=year, state__in=visit_rules.TAKEN).order_by()
    seen |= set(made.values_list("visitor_id", "site__host_id"))
    no = set(rows.filter(state=ObservationState.DECLINED).values_list("observer_id", "host_id"))
    declined = Visit.objects.filter(day__range=year, state=VisitState.DECLINED).order_by()
    no |= set(declined.values_list("visitor_id", "site__host_id"))
    return _keys(seen) - locked, _keys(no) - locked


def _keys(pairs: set[tuple[int, int]]) -> frozenset[tuple[str, str]]:
    return frozenset((str(one), str(other)) for one, other in pairs)


def minutes_of(problem: Problem, crossing: Crossing) -> int:
    """Units: minutes one way."""
    visitor = problem.visitors[problem.visitor_at[crossing.visitor]]
    host = problem.hosts[problem.host_at[crossing.host]]
    return minutes_between(problem.minutes, visitor.school, host.school) or 0


def school_of(problem: Problem, crossing: Crossing) -> int:
    return int(problem.hosts[problem.host_at[crossing.host]].school)


def people_of(problem: Problem) -> set[int]:
    """Those of the problem who still have an account."""
    keys = {int(one.key) for one in problem.visitors} | {int(one.key) for one in problem.hosts}
    return set(Person.objects.filter(pk__in=keys).order_by().values_list("pk", flat=True))
