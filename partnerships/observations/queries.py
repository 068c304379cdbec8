"""Who observes whom: what may be, what a page shows, what waits for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from circo import french
from circo.access import Permission
from circo.calendar import queries as calendar
from circo.calendar.rules import HalfDay
from circo.dates import planned_in_words
from circo.models import District, Job, Person, Posting, School
from circo.queries import counted
from circo.registries import Busy, Todo
from networks.groups.rules import Stage
from networks.models import Membership, Visit
from networks.visits import queries as visits
from networks.visits.rules import VisitState
from partnerships.cohorts.rules import DayKind
from partnerships.models import CrossingLine, CrossingPlan, ObservationWish, PeerObservation, PlacementDay
from partnerships.models.observations import PeerObservationQuerySet
from partnerships.observations import rules
from partnerships.observations.rules import Actor, ObservationState, Verb
from partnerships.offers import queries as offers
from partnerships.placements.queries import agenda
from partnerships.placements.rules import KNOWN, half_day_of

SOLVE = "crossing_solve"  # the kind of the job
A_PAGE = 20
_READ = ("observer", "host", "school", "site", "visit", "swap_with__observer", "swap_with__host", "plan")


def observations() -> PeerObservationQuerySet:
    """Observations with all that their words hang on."""
    return PeerObservation.objects.select_related(*_READ)


# --- What may be ------------------------------------------------------------------------------------------------------
def freed_on(first: date, last: date) -> set[tuple[int, HalfDay]]:
    """Whose class students hold, and when."""
    return {(person_id, half_day) for person_id, _, half_day in agenda.freed(first, last)}


def held_on(first: date, last: date) -> set[tuple[int, HalfDay]]:
    """The teachers whose class students hold, and when: who stays there to answer for them shows no class either."""
    rows = PlacementDay.objects.standing().filter(
        kind=DayKind.RESPONSIBILITY, placement__state__in=sorted(KNOWN), day__range=(first, last)
    )
    found = rows.order_by().values_list("offer__person_id", "day", "half")
    return {(person_id, half_day_of(day, half)) for person_id, day, half in found}


def wrong_with(observation: PeerObservation) -> str:
    """Say in words why this observation cannot take place, or can no longer; empty if it can. Seats are not looked at.

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
    for reason in taken([observation.observer_id], observation.day, observation.day).get(
        (observation.observer_id, observation.half_day), ()
    ):
        if reason != rules.BUSY_REASON:
            return f"{observation.observer} est déjà pris·e, {observation.when}\u00a0: {reason}."
    return ""


def taken(person_ids: Collection[int], first: date, last: date) -> dict[tuple[int, HalfDay], list[str]]:
    """What takes each of these people, by half-day; on a day off, one may come."""
    away = {(one.person_id, one.half_day, one.reason) for one in calendar.away(person_ids, first, last)}
    found: dict[tuple[int, HalfDay], list[str]] = defaultdict(list)
    for pk, rows in calendar.busy(person_ids, first, last).items():
        for one in rows:
            if (pk, one.half_day, one.reason) not in away:
                found[pk, one.half_day].append(one.reason)
    return found


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


# --- One's own --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class MinePage:
    """One's observations to come, made and received, then the others, the latest first."""

    coming: Sequence[PeerObservation]
    past: Page
    is_team: bool


def mine_page(person: Person, number: str | None = None) -> MinePage:
    """Read the page of one's observations."""
    mine = observations().of(person)
    coming = mine.coming().order_by("day", "half", "pk")
    past = mine.exclude(pk__in=PeerObservation.objects.coming().order_by().values("pk")).order_by("-day", "-pk")
    return MinePage(
        list(coming[:100]),
        Paginator(past, A_PAGE).get_page(number),
        person.reach().can(Permission.MANAGE_GROUPS),
    )


def wish_of(person: Person) -> ObservationWish:
    return ObservationWish.objects.filter(person=person).first() or ObservationWish(person=person)


def actors(observation: PeerObservation, person: Person) -> frozenset[Actor]:
    """Who a person is for an observation."""
    district = observation.school.district_id
    found = {
        Actor.OBSERVER: observation.observer_id == person.pk,
        Actor.HOST: observation.host_id == person.pk,
        Actor.TEAM: district in person.reach().district_ids_for(Permission.MANAGE_GROUPS),
    }
    return frozenset(actor for actor, is_so in found.items() if is_so)


def verbs_of(observation: PeerObservation, who: Collection[Actor], *, ended_by_me: bool) -> set[Verb]:
    """What one may do with an observation, in time."""
    if visits.starts_at(observation.half_day) <= timezone.now():
        return set()
    found = set(rules.verbs_for(observation.state, who, ended_by_me=ended_by_me))
    found -= {Verb.REOPEN} if is_agreed(observation) else set()
    return found - rules.ANSWERS if is_late(observation) else found


def closes_at(observation: PeerObservation, notice_hours: int) -> datetime:
    """Until when one may say yes: when the half-day begins; at a site, the notice that its district asks for before."""
    start = visits.starts_at(observation.half_day)
    return start - timedelta(hours=notice_hours) if observation.site_id is not None else start


def is_late(observation: PeerObservation) -> bool:
    """Whether it is too late to answer."""
    return bool(_late_among([observation], timezone.now()))


def unanswered(now: datetime) -> list[int]:
    """The proposals whose time to answer is over. Two queries."""
    rows = PeerObservation.objects.filter(state=ObservationState.PROPOSED).select_related("school").order_by("pk")
    return sorted(_late_among(list(rows.filter(day__lte=timezone.localdate(now) + rules.NOTICE_MOST)), now))


def _late_among(rows: Sequence[PeerObservation], now: datetime) -> set[int]:
    hours = visits.notice_hours({row.school.district_id for row in rows}) if rows else {}
    return {row.pk for row in rows if closes_at(row, hours[row.school.district_id]) <= now}


def is_agreed(observation: PeerObservation) -> bool:
    """Whether the host of a site has said yes: one then calls the visit off on its own page, with a word."""
    visit = observation.visit
    return observation.site_id is not None and visit is not None and visit.state == VisitState.CONFIRMED


@dataclass(frozen=True)
class ObservationPage:
    """One observation, as one of those whom it concerns sees it."""

    observation: PeerObservation
    who: frozenset[Actor]
    verbs: frozenset[Verb]
    word: str  # why it was declined: for the team, and who wrote it
    asked_of: PeerObservation | None  # the exchange that I asked for
    asks: Sequence[PeerObservation]  # the exchanges that are asked of me
    partners: Sequence[PeerObservation]  # with whom I may exchange

    @property
    def is_observer(self) -> bool:
        return Actor.OBSERVER in self.who

    @property
    def is_host(self) -> bool:
        return Actor.HOST in self.who

    @property
    def said(self) -> str:
        """What a yes has done."""
        visit = self.observation.visit
        if self.observation.site_id is None:
            return "C’est dit\u00a0: votre collègue et la direction sont prévenus."
        if visit is not None and visit.state == VisitState.WAITING:
            return "Toutes les places sont prises\u00a0: vous êtes sur la liste d’attente."
        return "Votre demande est partie\u00a0: votre collègue vous répond."

    @property
    def is_pair(self) -> bool:
        return self.is_observer or self.is_host


def observation_page(observation: PeerObservation, person: Person) -> ObservationPage:
    """Read the page of a row of `observations()`."""
    who = actors(observation, person)
    by_me = observation.ended_by_id == person.pk
    verbs = verbs_of(observation, who, ended_by_me=by_me)
    may_swap = Verb.SWAP in verbs
    return ObservationPage(
        observation,
        who,
        frozenset(verbs),
        observation.word if by_me or Actor.TEAM in who else "",
        observation.swap_with if may_swap else None,
        list(_asks(observation)) if may_swap else [],
        list(partners(observation)) if may_swap and observation.swap_with_id is None else [],
    )


def _asks(observation: PeerObservation) -> PeerObservationQuerySet:
    return observations().filter(swap_with=observation, state=ObservationState.PROPOSED).order_by("pk")


def partners(observation: PeerObservation) -> PeerObservationQuerySet:
    """The observations of the same half-day and district that wait for an answer, in another class."""
    rows = observations().on(observation.half_day).filter(state=ObservationState.PROPOSED)
    rows = rows.between_sites(observation.site_id is not None)
    rows = rows.filter(school__district_id=observation.school.district_id, swap_with=None)
    rows = rows.exclude(observer_id__in=(observation.observer_id, observation.host_id))
    rows = rows.exclude(host_id__in=(observation.host_id, observation.observer_id))
    return rows.order_by("observer__last_name", "observer__first_name", "pk")[:30]


# --- Proposals --------------------------------------------------------------------------------------------------------
def plans(person: Person) -> QuerySet[CrossingPlan]:
    """The proposals of one's districts, the newest first, with what each holds."""
    rows = CrossingPlan.objects.visible_to(person).select_related("district", "created_by")
    return rows.annotate(
        published=counted(PeerObservation.objects.exclude(plan=None), "plan"),
        proposed=counted(CrossingLine.objects.all(), "plan"),
    )


def districts(person: Person) -> QuerySet[District]:
    """Those for which one asks for a proposal."""
    kept = person.reach().district_ids_for(Permission.MANAGE_GROUPS)
    return District.objects.filter(pk__in=kept).order_by("name", "pk")


def job_of(plan: CrossingPlan) -> Job | None:
    """The computing that waits or goes on."""
    return Job.objects.going().filter(kind=SOLVE, subject_id=str(plan.pk)).first()


@dataclass(frozen=True)
class Reason:
    """A freed teacher who observes nobody."""

    who: Person
    when: str
    words: str


@dataclass(frozen=True)
class PlanPage:
    """A proposal beside what stands: what it adds, what is kept, what got a no or no answer, who observes nobody."""

    lines: Sequence[CrossingLine]
    standing: Sequence[PeerObservation]
    declined: Sequence[PeerObservation]
    lapsed: Sequence[PeerObservation]
    reasons: Sequence[Reason]


def plan_page(plan: CrossingPlan) -> PlanPage:
    """Read the page of a row of `plans()`."""
    there = observations().between(plan.first_day, plan.last_day).filter(school__district_id=plan.district_id)
    there = there.between_sites(plan.is_between_sites)
    there = there.order_by("day", "half", "observer__last_name", "observer__first_name", "pk")
    people = Person.objects.in_bulk({pk for pk, _, _ in plan.reasons})
    today = timezone.localdate()
    return PlanPage(
        list(plan.lines.select_related("observer", "host", "school", "site")),
        list(there.seated()),
        list(there.filter(state=ObservationState.DECLINED)),
        list(there.filter(state=ObservationState.LAPSED)),
        [
            Reason(people[pk], planned_in_words(HalfDay.from_code(code), today), words)
            for pk, code, words in plan.reasons
            if pk in people
        ],
    )


# --- What other pages show --------------------------------------------------------------------------------------------
def busy(person_ids: Collection[int], first: date, last: date) -> Iterator[Busy]:
    """When people wait for an observation that is proposed to them. Once accepted, the visit itself takes both."""
    rows = PeerObservation.objects.filter(observer_id__in=person_ids, state=ObservationState.PROPOSED)
    for person_id, day, half in (
        rows.between(first, last).order_by("day", "half", "pk").values_list("observer_id", "day", "half")
    ):
        yield Busy(person_id, half_day_of(day, half), rules.BUSY_REASON)


def todos(person: Person) -> list[Todo]:
    """What observations wait for: one's own answer, or an answer to an exchange."""
    rows = observations().filter(observer_id=person.pk, state=ObservationState.PROPOSED).coming()
    waiting = list(rows.annotate(asks=Count("swaps_asked", filter=_STANDS)).order_by("day", "half", "pk")[:20])
    late, found = _late_among(waiting, timezone.now()), []
    for row in waiting:
        if row.pk in late:
            continue
        url = reverse("partnerships:observation_page", args=[row.pk])
        title = f"Observer la classe {french.of(row.host)}\u00a0: dire oui ou non"
        if row.asks:
            title = f"Répondre à un échange d’observation avec {row.host}"
        found.append(Todo(title, row.when, url, "eye", row.day, 2))
    return found


_STANDS = Q(swaps_asked__state=ObservationState.PROPOSED)


def received_this_year(person_ids: Collection[int], first: date, last: date) -> dict[int, int]:
    """How many observations each of these people received between two days."""
    found: dict[int, int] = defaultdict(int)
    rows = PeerObservation.objects.seated().between(first, last).filter(host_id__in=person_ids).order_by()
    for host_id, count in rows.values_list("host_id").annotate(count=Count("pk")):
        found[host_id] = count
    return found
