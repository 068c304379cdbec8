"""One observation: who one is for it, what one may still do, until when, and its page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from circo.access import Permission
from circo.models import Person
from networks.visits import queries as visits
from networks.visits.rules import VisitState
from partnerships.models import PeerObservation
from partnerships.models.observations import PeerObservationQuerySet
from partnerships.observations import rules
from partnerships.observations.rules import Actor, ObservationState, Verb

_READ = ("observer", "host", "school", "site", "visit", "swap_with__observer", "swap_with__host", "plan")


def observations() -> PeerObservationQuerySet:
    """Observations with all that their words hang on."""
    return PeerObservation.objects.select_related(*_READ)


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
    found -= {Verb.ACCEPT, Verb.RESTORE} if is_shut(observation) else set()
    return found - rules.ANSWERS if is_late(observation) else found


def closes_at(observation: PeerObservation, notice_hours: int) -> datetime:
    """Until when one may say yes: when the half-day begins; at a site, the notice that its district asks for before."""
    start = visits.starts_at(observation.half_day)
    return start - timedelta(hours=notice_hours) if observation.site_id is not None else start


def is_late(observation: PeerObservation) -> bool:
    """Whether it is too late to answer."""
    return bool(late_among([observation], timezone.now()))


def unanswered(now: datetime) -> list[int]:
    """The proposals whose time to answer is over. Two queries."""
    rows = PeerObservation.objects.filter(state=ObservationState.PROPOSED).select_related("school").order_by("pk")
    return sorted(late_among(list(rows.filter(day__lte=timezone.localdate(now) + rules.NOTICE_MOST)), now))


def late_among(rows: Sequence[PeerObservation], now: datetime) -> set[int]:
    hours = visits.notice_hours({row.school.district_id for row in rows}) if rows else {}
    return {row.pk for row in rows if closes_at(row, hours[row.school.district_id]) <= now}


def is_shut(observation: PeerObservation) -> bool:
    """Whether the site has closed since: paused, suspended, or refused by the head teacher."""
    return observation.site is not None and not observation.site.is_open


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
    def is_shut(self) -> bool:
        return self.observation.state == ObservationState.PROPOSED and is_shut(self.observation)

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
