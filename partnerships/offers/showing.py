"""What the pages of the vivier show: one's own class, those of one's school, of one's district, and the open ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils import timezone

from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.dates import planned_in_words
from circo.models import Person
from circo.queries import Filter
from circo.registries import Todo
from partnerships.models import Cohort, HostOffer, OfferMove
from partnerships.offers import narrowing, queries, rules
from partnerships.offers.rules import Actor, OfferState, Verb
from partnerships.placements.queries import openings

PER_PAGE = 20
WEEKS_SHOWN, SHOWN_IN_LIST, SHOWN_ON_PAGE = 6, 3, 12


# --- One's own, and those of one's school -----------------------------------------------------------------------------
@dataclass(frozen=True)
class MinePage:
    """One's own classes, the newest year first; as a head teacher, those of one's school that wait, then the others."""

    own: list[HostOffer]
    waiting: list[HostOffer]
    others: list[HostOffer]
    may_offer: bool
    has_more: bool  # a class that one has not proposed yet
    is_head: bool


def mine_page(person: Person) -> MinePage:
    """Read the page of a teacher, who may be a head teacher too."""
    own = list(queries.offers().filter(person=person).order_by("-school_year__first_day", "pk"))
    others = queries.offers().filter(pk__in=HostOffer.objects.headed_by(person).order_by().values("pk"))
    of_school = list(others.filter(school_year__in=queries.years()).exclude(person=person))
    return MinePage(
        own=own,
        waiting=[one for one in of_school if one.state == OfferState.PROPOSED],
        others=[one for one in of_school if one.state != OfferState.PROPOSED],
        may_offer=queries.may_offer(person),
        has_more=queries.has_more_to_offer(person),
        is_head=bool(of_school) or queries.heads_a_school(person),
    )


# --- One class --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class OfferPage:
    """One class as somebody sees it: `verbs` are what this person may do now, `moves` empty for who only places."""

    offer: HostOffer
    verbs: Sequence[Verb]
    moves: Sequence[OfferMove]
    undoable: OfferMove | None
    next_ones: Sequence[str]
    count: int
    is_host: bool
    cohort_id: int | None  # of those whom one may place there, one; the grid leads to the others


def offer_page(person: Person, offer: HostOffer, undoable: OfferMove | None) -> OfferPage:
    """Read the page of `offer`, a row of `queries.offers()` that this person sees."""
    actors = queries.actors(offer, person)
    today = timezone.localdate()
    last = today + timedelta(weeks=WEEKS_SHOWN)
    free = queries.open_half_days([offer], today, last)[offer.pk] if offer.state in rules.EDITED else []
    past = offer.school_year.last_day < today
    inside = bool(actors) or queries.oversees(person, offer)
    return OfferPage(
        offer=offer,
        verbs=[] if past else rules.moves_of(actors, offer.state),
        moves=list(offer.moves.select_related("by")) if inside else [],
        undoable=undoable,
        next_ones=[planned_in_words(one, today) for one in free[:SHOWN_ON_PAGE]],
        count=len(free),
        is_host=Actor.HOST in actors,
        cohort_id=None if past else _cohort_for(person, offer),
    )


def _cohort_for(person: Person, offer: HostOffer) -> int | None:
    if offer.state != OfferState.OPEN or not person.reach().can(Permission.MANAGE_STUDENTS):
        return None
    rows = Cohort.objects.editable_by(person).filter(school_year_id=offer.school_year_id)
    welcome = rows.filter(institution_id__in=[one.pk for one in offer.institutions.all()])
    return welcome.order_by("name", "pk").values_list("pk", flat=True).first()


# --- For the team -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class TeamPage:
    """The classes of one's districts: those that wait to be opened, and the others by state."""

    waiting: list[HostOffer]
    rows: Page
    states: Filter
    query: str
    may_open: bool
    departement_ids: set[int]


def team_page(person: Person, given: Mapping[str, str]) -> TeamPage:
    """Read the page of an inspector's team."""
    years = queries.years()
    seen = queries.offers().filter(school_year__in=years, school__district_id__in=queries.district_ids(person))
    rows = seen.prefetch_related("institutions")
    waiting = list(rows.filter(pk__in=queries.waiting_for_team(person).order_by().values("pk")).order_by("created_at"))
    chosen = given.get("etat", "") if given.get("etat") in set(OfferState) else ""
    listed = rows.filter(state=chosen) if chosen else rows.exclude(pk__in=[one.pk for one in waiting])
    choices = [(state.value, words.capitalize()) for state, words in rules.STATE_LABELS.items()]
    return TeamPage(
        waiting=waiting,
        rows=Paginator(listed, PER_PAGE).get_page(given.get("page")),
        states=Filter("etat", "État", choices, chosen, none="Toutes"),
        query=urlencode({"etat": chosen}) if chosen else "",
        may_open=queries.opens_classes(person),
        departement_ids={one.school.district.departement_id for one in waiting},
    )


# --- For whoever places students --------------------------------------------------------------------------------------
@dataclass
class OpenRow:
    offer: HostOffer
    next_ones: list[str]


@dataclass(frozen=True)
class OpenPage:
    """The classes open to one's students, and when each is to be had."""

    rows: Page
    count: int
    filters: Sequence[Filter]
    query: str
    is_narrowed: bool


def open_page(person: Person, given: Mapping[str, str], free_on: Sequence[HalfDay] = ()) -> OpenPage:
    """Read the list of open classes; `free_on`: half-days of one day, only classes to be had on one of them.

    The number of queries does not depend on how many there are.
    """
    opened = HostOffer.objects.opened_to(person).order_by().values("pk")
    every = list(queries.offers().filter(pk__in=opened, school_year__in=queries.years()))
    filters = narrowing.filters(every, given)
    found = narrowing.narrowed(every, filters)
    if free_on:
        day = free_on[0].day
        free = _with_a_seat(found, day, day)
        found = [one for one in found if set(free[one.pk]) & set(free_on)]
    rows = Paginator([OpenRow(one, []) for one in found], PER_PAGE).get_page(given.get("page"))
    _say_next(list(rows), free_on)
    chosen = {one.name: one.chosen for one in filters if one.chosen} | _day_asked(free_on)
    return OpenPage(rows, len(found), filters, urlencode(chosen), bool(chosen))


def _say_next(rows: Sequence[OpenRow], free_on: Sequence[HalfDay]) -> None:
    """Say of each row its next half-days, from the day asked on."""
    today = timezone.localdate()
    first = max(free_on[0].day, today) if free_on else today
    free = _with_a_seat([row.offer for row in rows], first, _weeks_later(first))
    for row in rows:
        row.next_ones.extend(planned_in_words(one, today) for one in free[row.offer.pk][:SHOWN_IN_LIST])


def _with_a_seat(offers: Sequence[HostOffer], first: date, last: date) -> dict[int, list[HalfDay]]:
    """The half-days on which each class is to be had, and has a seat left."""
    taken = openings.taken_seats([one.pk for one in offers], first, last)
    free = queries.open_half_days(offers, first, last)
    return {one.pk: [each for each in free[one.pk] if len(taken.get((one.pk, each), ())) < one.seats] for one in offers}


def _weeks_later(day: date) -> date:
    return day + timedelta(weeks=WEEKS_SHOWN)


def _day_asked(free_on: Sequence[HalfDay]) -> dict[str, str]:
    if not free_on:
        return {}
    half = {"moment": free_on[0].half} if len(free_on) == 1 else {}
    return {"jour": free_on[0].day.isoformat()} | half


# --- To do ------------------------------------------------------------------------------------------------------------
def todos(person: Person) -> list[Todo]:
    """The classes that wait for a head teacher's agreement, or to be opened by the team."""
    found = []
    reach = person.reach()
    if queries.heads_a_school(person) and (count := queries.waiting_for_head(person).count()):
        who = "un collègue qui propose sa classe" if count == 1 else f"{count}\u00a0collègues qui proposent leur classe"
        url = reverse("partnerships:offer_mine")
        found.append(Todo(f"Répondre à {who}", "Des étudiants y viendraient", url, "school", None, 2 * count))
    if queries.opens_classes(person) and not reach.everything and (count := queries.waiting_for_team(person).count()):
        what = "une classe" if count == 1 else f"{count}\u00a0classes"
        url = reverse("partnerships:offer_team")
        found.append(Todo(f"Ouvrir {what} aux étudiants", "L’école est d’accord", url, "school", None, 2))
    return found
