"""The visit that stands once an observation is accepted: its focus, its report, its thanks are those of networks.

A host who has no observation site there gets one that nobody else can ask for: it is paused, and opens on no half-day.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from circo.errors import Refusal
from networks.models import ObservationSite, Visit
from networks.visits import moving
from networks.visits import rules as visit_rules
from networks.visits.rules import Actor, SiteState, VisitState
from partnerships.models import PeerObservation

TITLE = "Observations croisées"


def _site_of(observation: PeerObservation) -> ObservationSite:
    """The site of a host, whose row is held; locked."""
    place = {"host": observation.host, "school": observation.school}
    found = ObservationSite.objects.filter(**place).order_by("pk").first()
    if found is None:
        found = ObservationSite.objects.create(**place, title=TITLE, state=SiteState.PAUSED)
    return moving.locked_site(found.pk)


def begin(observation: PeerObservation, focus: str) -> Visit:
    """Write the visit of an observation whose two people are held: confirmed, for the host knows of it.

    Raises: Refusal if the observer visits elsewhere then.
    """
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


def end(visit: Visit | None) -> None:
    """Call off a locked visit; who calls the observation off tells of it."""
    if visit is not None and visit.state == VisitState.CONFIRMED:
        moving.move(visit, "cancel", Actor.CLOCK)
        moving.freed(visit, timezone.now())
