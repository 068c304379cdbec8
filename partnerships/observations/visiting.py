"""The visit that stands once an observation is accepted: its focus, its report, its thanks are those of networks.

At an observation site, it is asked for as anybody asks: the host confirms, and who finds all seats taken waits. While
students hold a class, the host has known of it since it was published: it stands at once. A host without a site gets
one that nobody else can ask for: it is paused, and opens on no half-day.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.errors import Refusal
from networks.models import ObservationSite, Visit
from networks.visits import moving
from networks.visits import queries as visits
from networks.visits import rules as visit_rules
from networks.visits.actions import bookings
from networks.visits.rules import Actor, SiteState, VisitState
from partnerships.models import PeerObservation
from partnerships.observations import queries

TITLE = "Observations croisées"


def wrong_with(observation: PeerObservation) -> str:
    """Say in words why an observation cannot take place, or can no longer; empty if it can. Seats are not looked at."""
    if observation.site is None:
        return queries.wrong_while_freed(observation)
    observer, host, day = observation.observer, observation.host, observation.day
    try:
        bookings.check_half_day(observation.site, observation.half_day, observer, timezone.now())
    except Refusal as refusal:
        return str(refusal)
    if (host.pk, observation.half_day) in queries.held_on(day, day):
        return f"{host} n’est pas avec sa classe, {observation.when}\u00a0: des étudiants la tiennent."
    if not bookings.may_visit(observer):
        return f"{observer} ne peut plus venir comme collègue."
    if not visits.visits_left(observer, day):
        return f"{observer} a déjà pris toutes ses visites de l’année."
    return queries.taken_in_words(observation)


def _site_of(observation: PeerObservation) -> ObservationSite:
    """The site of a host, whose row is held; locked."""
    place = {"host": observation.host, "school": observation.school}
    found = ObservationSite.objects.filter(**place).order_by("pk").first()
    if found is None:
        found = ObservationSite.objects.create(**place, title=TITLE, state=SiteState.PAUSED)
    return moving.locked_site(found.pk)


def begin(observation: PeerObservation, focus: str) -> Visit:
    """Write the visit of an observation whose two people are held. What is not said is agreed upon later.

    Raises: Refusal if the observer visits elsewhere then, or where the site says no.
    """
    if observation.site is not None:
        sought, when = focus.strip() or observation.site.title, observation.half_day
        return bookings.ask_visit(site=observation.site, half_day=when, focus=sought, by=observation.observer)
    site = _site_of(observation)
    there = Visit.objects.seated().filter(site=site, day=observation.day, half=observation.half)
    seat = visit_rules.free_seat(there.values_list("seat", flat=True), visit_rules.SEATS_MAX)
    visit = Visit(
        site=site,
        visitor=observation.observer,
        day=observation.day,
        half=observation.half,
        seat=seat,
        state=VisitState.CONFIRMED,
        focus=focus.strip(),
        confirmed_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            visit.save()
    except IntegrityError as error:
        raise Refusal(f"{observation.observer} est déjà en visite à ce moment-là.") from error
    return visit


def end(visit: Visit | None) -> bool:
    """Call off a locked visit, and say whether its school expected somebody; who calls the observation off tells."""
    if visit is None or visit.state not in visit_rules.COMING:
        return False
    was_expected = visit.state == VisitState.CONFIRMED
    moving.move(visit, "cancel", Actor.CLOCK)
    moving.freed(visit, timezone.now())
    return was_expected
