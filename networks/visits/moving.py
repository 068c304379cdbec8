"""The moves of a visit, from one state of its table to the next, and the waiting list behind a seat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Person
from networks.models import ObservationSite, Visit
from networks.visits import crediting, queries, rules, telling
from networks.visits.rules import Actor, VisitState

_FOLLOWERS: list[Callable[[Visit], None]] = []


def register_follower(follower: Callable[[Visit], None]) -> None:
    """Have a function of another app told of each move of a visit, in its transaction; called in `ready()`."""
    _FOLLOWERS.append(follower)


def lock_visitor(person: Person) -> None:
    """Lock a visitor, before any site: visits taken at two places at once are counted one after the other.

    `no_key`: what merely names that person need not wait.
    """
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)


def locked_site(site_id: int) -> ObservationSite:
    """Lock a site: whoever takes or frees a seat of it comes one after the other. The constraint stands behind."""
    rows = ObservationSite.objects.select_for_update(of=("self",)).select_related("host", "school", "network")
    return rows.get(pk=site_id)


def locked(visit: Visit) -> Visit:
    """Lock the site of a visit, then read the visit anew."""
    site = locked_site(visit.site_id)
    held = Visit.objects.select_for_update(of=("self",)).select_related("visitor").get(pk=visit.pk)
    held.site = site
    return held


def actor_of(visit: Visit, person: Person) -> Actor:
    """Who a person is in a visit.

    Raises: Refusal for anybody but its two people.
    """
    if person.pk == visit.visitor_id:
        return Actor.VISITOR
    if person.pk == visit.site.host_id:
        return Actor.HOST
    raise Refusal("Cette visite est celle de deux autres personnes.")


def move(visit: Visit, verb: str, actor: Actor, **fields: object) -> Visit:
    """Move a locked visit; its seat is freed if the state that comes has none.

    Raises: Refusal if the table of moves does not allow it.
    """
    if not rules.may_move(verb, VisitState(visit.state), actor):
        raise Refusal(rules.refusal(verb, VisitState(visit.state)))
    visit.state = rules.VISIT_MOVES[verb].target
    if visit.state not in rules.SEATED:
        visit.seat = None
    if visit.state != VisitState.OFFERED:
        visit.offered_until = None
    for name, value in fields.items():
        setattr(visit, name, value)
    visit.sequence += 1
    visit.save()
    for follower in _FOLLOWERS:
        follower(visit)
    return visit


def offer_next(site: ObservationSite, half_day: HalfDay, now: datetime) -> Visit | None:
    """Offer a free seat of a locked site to whoever has waited longest and is not elsewhere then; None if nobody is."""
    start = queries.starts_at(half_day)
    if not site.is_open or start <= now:
        return None
    there = Visit.objects.filter(site=site, day=half_day.day, half=half_day.half)
    seat = rules.free_seat(there.seated().values_list("seat", flat=True), site.seats)
    if seat is None:
        return None
    elsewhere = Visit.objects.seated().filter(day=half_day.day, half=half_day.half).order_by().values("visitor_id")
    waiting = there.filter(state=VisitState.WAITING, visitor__is_active=True).exclude(visitor_id__in=elsewhere)
    for visit in waiting.select_related("visitor").order_by("asked_at", "pk"):
        if not queries.visits_left(visit.visitor, half_day.day):  # could not take it
            continue
        visit.site = site
        until = min(now + timedelta(hours=queries.settings_of(site.school.district_id).offer_hours), start)
        try:
            with transaction.atomic():
                move(visit, "offer", Actor.CLOCK, seat=seat, offered_until=until)
        except IntegrityError:  # at the same instant they were seated elsewhere: the next one
            continue
        telling.visit_offered(visit)
        return visit
    return None


def freed(visit: Visit, now: datetime) -> None:
    """Offer the seat that a locked visit has just left."""
    offer_next(visit.site, visit.half_day, now)


# --- What time does -------------------------------------------------------------------------------------------------
def mind(now: datetime | None = None) -> int:
    """Do what time asks for: offers that lapse, requests left without an answer, visits that were held. Run often;
    twice does no harm. Return how many visits moved."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    waiting = Visit.objects.filter(state__in=rules.COMING, day__lte=today)
    offered = Visit.objects.filter(state=VisitState.OFFERED, offered_until__lte=now)
    ids = {*waiting.values_list("pk", flat=True), *offered.values_list("pk", flat=True)}
    return sum(mind_one(pk, now) for pk in sorted(ids))


@transaction.atomic
def mind_one(visit_id: int, now: datetime) -> bool:
    """Do what time asks of one visit; False if it asks nothing."""
    visit = Visit.objects.filter(pk=visit_id).select_related("site").first()
    if visit is None:
        return False
    visit = locked(visit)
    half_day = visit.half_day
    if visit.state == VisitState.CONFIRMED:
        return hold_if_over(visit, now)
    over = queries.starts_at(half_day) <= now
    late = visit.state == VisitState.OFFERED and visit.offered_until is not None and visit.offered_until <= now
    if visit.state not in rules.VISIT_MOVES["lapse"].sources or not (over or late):
        return False
    was_asked = visit.state == VisitState.ASKED
    move(visit, "lapse", Actor.CLOCK)
    if was_asked:
        telling.visit_unanswered(visit)
    elif late and not over:
        telling.offer_lapsed(visit)
        freed(visit, now)
    return True


def hold_if_over(visit: Visit, now: datetime) -> bool:
    """Say of a locked, confirmed visit whose half-day is over that it was held, and credit its hours."""
    if visit.state != VisitState.CONFIRMED or queries.ends_at(visit.half_day) > now:
        return False
    move(visit, "hold", Actor.CLOCK)
    crediting.credit(visit)
    telling.visit_held(visit)
    return True
