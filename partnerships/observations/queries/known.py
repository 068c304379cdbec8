"""Who may observe whom: who is freed, who teaches, what takes people, which seats are left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import Count
from django.utils import timezone

from circo import french
from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.models import Posting, School
from networks.groups.rules import Stage
from networks.models import Membership, Visit
from networks.visits import queries as visits
from partnerships.models import PeerObservation
from partnerships.observations import rules
from partnerships.offers import queries as offers
from partnerships.placements.queries import agenda
from partnerships.placements.rules import half_day_of


def freed_on(first: date, last: date) -> set[tuple[int, HalfDay]]:
    """Whose class students hold, and when."""
    return {(person_id, half_day) for person_id, _, half_day in agenda.freed(first, last)}


def held_on(first: date, last: date) -> set[tuple[int, HalfDay]]:
    """The teachers whose class students hold, and when: who stays there to answer for them shows no class either."""
    found = agenda.in_charge(first, last).order_by().values_list("offer__person_id", "day", "half")
    return {(person_id, half_day_of(day, half)) for person_id, day, half in found}


def wrong_while_freed(observation: PeerObservation) -> str:
    """The same as `visiting.wrong_with`, of an observation while students hold the class of who observes.

    What it takes itself of its observer is not counted.
    """
    half_day, day, when = observation.half_day, observation.day, observation.when
    if visits.starts_at(half_day) <= timezone.now():
        return "Cette demi-journée est passée."
    if (observation.observer_id, half_day) not in freed_on(day, day):
        return f"Personne ne tient plus la classe {french.of(observation.observer)}, {when}."
    if (observation.host_id, half_day) in held_on(day, day):
        return f"{observation.host} n’est pas avec sa classe, {when}\u00a0: des étudiants la tiennent."
    if reason := calendar.closure_reason(observation.school, half_day):
        return f"Pas de classe {when}\u00a0: {reason}."
    if half_day in visits.hosts_absent({observation.host_id}, day, day)[observation.host_id]:
        return f"{observation.host} n’est pas avec sa classe, {when}."
    return taken_in_words(observation)


def taken_in_words(observation: PeerObservation) -> str:
    """Say what else takes the observer then, a day off apart; empty if nothing does."""
    who, day = observation.observer_id, observation.day
    reasons = calendar.taken([who], day, day).get((who, observation.half_day), [])
    other = next((one for one in reasons if one != rules.BUSY_REASON), "")
    return f"{observation.observer} est déjà pris·e, {observation.when}\u00a0: {other}." if other else ""


def seat_in(observation: PeerObservation) -> int | None:
    """A seat of that class on that half-day; None if it has all the visitors that its site or its district lets in."""
    most = seats_of(observation)
    there = PeerObservation.objects.seated().on(observation.half_day).filter(host_id=observation.host_id)
    taken = set(there.exclude(pk=observation.pk).order_by().values_list("seat", flat=True))
    mine = PeerObservation.objects.filter(visit__isnull=False).order_by().values("visit_id")
    others = Visit.objects.seated().filter(
        site__host_id=observation.host_id, day=observation.day, half=observation.half
    )
    return rules.free_seat({one for one in taken if one is not None}, others.exclude(pk__in=mine).count(), most)


def seats_of(observation: PeerObservation) -> int:
    if observation.site is not None:
        return observation.site.seats
    district = observation.school.district_id
    return offers.limits([district])[district].visitors_most


def teachers_of(district_id: int, on: date) -> dict[int, tuple[School, Sequence[str] | None]]:
    """Those who teach in a district on a day: the school of each, and the levels of their class."""
    held = Posting.objects.in_force(on).filter(role__in=visits.IN_SCHOOL, school__district_id=district_id)
    rows = held.filter(person__is_active=True).select_related("school").order_by("starts_on", "pk")
    return {row.person_id: (row.school, row.levels) for row in rows if row.school is not None}


def relays_among(person_ids: Collection[int]) -> set[int]:
    rows = Membership.objects.in_force().filter(person_id__in=person_ids, stage=Stage.RELAY)
    return set(rows.order_by().values_list("person", flat=True))


def received_this_year(person_ids: Collection[int], first: date, last: date) -> dict[int, int]:
    """How many observations each of these people received between two days."""
    found: dict[int, int] = defaultdict(int)
    rows = PeerObservation.objects.seated().between(first, last).filter(host_id__in=person_ids).order_by()
    for host_id, count in rows.values_list("host_id").annotate(count=Count("pk")):
        found[host_id] = count
    return found
