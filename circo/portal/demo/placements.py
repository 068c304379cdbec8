"""Placements of the demonstration, in every state: held, confirmed, published. All invented."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.models import Person
from circo.portal.demo.accounts import ACCOUNTS, DOMAIN
from partnerships.cohorts.rules import DayKind
from partnerships.models import HostOffer, Placement, Student
from partnerships.offers import queries as offers
from partnerships.offers.rules import OfferState
from partnerships.placements.actions import booking, life

OBSERVED, SHARED = 8, 4  # half-days of each kind
AHEAD = timedelta(weeks=10)
# How far each party is, in turn.
STATES = ("published", "published", "confirmed", "held")


def write() -> None:
    """Write what a coordinator has booked: each pair, and each student alone, in a class that is open."""
    coordinator = Person.objects.get(email=f"institut@{DOMAIN}")
    today = timezone.localdate()
    open_offers = list(offers.offers().filter(state=OfferState.OPEN).order_by("pk"))
    known = {account.email for account in ACCOUNTS}  # first, that those who enter as a teacher find somebody coming
    open_offers.sort(key=lambda one: (one.person.email not in known, -one.seats))
    half_days = offers.open_half_days(open_offers, today + timedelta(days=7), today + AHEAD)
    for rank, going in enumerate(_parties(coordinator)):
        for offer in open_offers[rank:]:
            if placement := _booked(offer, going, half_days[offer.pk], coordinator):
                _moved(placement, STATES[rank % len(STATES)], coordinator)
                break


def _parties(by: Person) -> list[list[Student]]:
    """Pairs first: a class with two seats is theirs."""
    rows = Student.objects.editable_by(by).standing().order_by("pair_id", "pk")
    found: dict[object, list[Student]] = {}
    for row in rows:
        found.setdefault(row.pair_id or f"alone-{row.pk}", []).append(row)
    return sorted(found.values(), key=lambda party: (-len(party), party[0].pk))


def _booked(offer: HostOffer, going: list[Student], free: list[HalfDay], by: Person) -> Placement | None:
    if len(free) < OBSERVED + SHARED:
        return None
    try:
        booking.hold(offer=offer, students=going, kind=DayKind.OBSERVATION, half_days=free[:OBSERVED], by=by)
        shared = free[OBSERVED : OBSERVED + SHARED]
        return booking.hold(offer=offer, students=going, kind=DayKind.ACCOMPANIED, half_days=shared, by=by)
    except Refusal:  # the class has no seat for two, or the days are not theirs: the next one
        return None


def _moved(placement: Placement, state: str, by: Person) -> None:
    life.follow(placement=placement, tutor=by, by=by)
    if state != "held":
        life.confirm(placement=placement, by=by)
    if state == "published":
        life.publish(placement=placement, by=by)
