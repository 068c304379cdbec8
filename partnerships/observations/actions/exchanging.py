"""Exchange the classes that two observers go to."""

from __future__ import annotations

from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from partnerships.models import PeerObservation
from partnerships.observations import ending, holding, queries, telling, visiting
from partnerships.observations.actions.answering import NOT_YOURS, check_in_time, moved
from partnerships.observations.rules import MOVES, Actor, ObservationState, Verb


@transaction.atomic
def ask_swap(*, observation: PeerObservation, other: PeerObservation, by: Person) -> PeerObservation:
    """Ask a colleague to exchange the classes that one goes to.

    Raises: Refusal where they cannot be exchanged.
    """
    held = moved(observation, Verb.SWAP, by)
    check_in_time(held)
    if other.pk not in {one.pk for one in queries.partners(held)}:
        raise Refusal("Cette observation ne peut pas s’échanger avec la vôtre.")
    held.swap_with = other
    held.sequence += 1
    held.save(update_fields=["swap_with", "sequence"])
    telling.swap_asked(held, other)
    return held


@transaction.atomic
def take_swap_back(*, observation: PeerObservation, by: Person) -> PeerObservation:
    """Ask no longer for an exchange."""
    held = moved(observation, Verb.SWAP, by)
    held.swap_with = None
    held.save(update_fields=["swap_with"])
    return held


@transaction.atomic
def refuse_swap(*, observation: PeerObservation, asked_by: PeerObservation, by: Person) -> PeerObservation:
    """Keep one's own class; nothing else changes."""
    held, other = _both(observation, asked_by, by)
    other.swap_with = None
    other.save(update_fields=["swap_with"])
    telling.swap_refused(other, held)
    return held


@transaction.atomic
def agree_to_swap(*, observation: PeerObservation, asked_by: PeerObservation, by: Person) -> PeerObservation:
    """Exchange the classes of two observers: both have said yes, so both visits stand. Return one's new one.

    Raises: Refusal where one of them can no longer be.
    """
    held, other = _both(observation, asked_by, by)
    seats = held.seat, other.seat
    for one in (held, other):
        ending.go(one, Verb.SWAP)
    mine = _exchanged(held, other, seats[1])
    theirs = _exchanged(other, held, seats[0])
    telling.swapped(mine, other, by)
    telling.swapped(theirs, held, by)
    return mine


def _both(
    observation: PeerObservation, asked_by: PeerObservation, by: Person
) -> tuple[PeerObservation, PeerObservation]:
    """Hold two observations between which an exchange is asked for.

    Raises: Refusal if it no longer is.
    """
    holding.hold_people({pk for one in (observation, asked_by) for pk in (one.observer_id, one.host_id)})
    for pk in sorted((observation.pk, asked_by.pk)):
        holding.row_of(pk)
    held, other = queries.observations().get(pk=observation.pk), queries.observations().get(pk=asked_by.pk)
    if Actor.OBSERVER not in queries.actors(held, by):
        raise Refusal(NOT_YOURS)
    check_in_time(held)
    for one in (held, other):
        MOVES[Verb.SWAP].check(one.state)
    if other.swap_with_id != held.pk:
        raise Refusal("Cet échange ne vous est plus proposé.")
    return held, other


def _exchanged(former: PeerObservation, other: PeerObservation, seat: int | None) -> PeerObservation:
    """The observer of one goes to the class of the other, on its seat."""
    made = PeerObservation(
        observer=former.observer,
        host=other.host,
        school=other.school,
        site=other.site,
        day=former.day,
        half=former.half,
        plan=former.plan,
        replaces=former,
        seat=seat,
    )
    if wrong := visiting.wrong_with(made):
        raise Refusal(wrong)
    made.visit = visiting.begin(made, "")
    made.state = ObservationState.ACCEPTED.value
    made.save()
    return made
