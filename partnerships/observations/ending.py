"""An observation moved from one state to the next, and called off with its visit. Its row is held."""

from __future__ import annotations

from circo.models import Person
from partnerships.models import PeerObservation
from partnerships.observations import rules, telling, visiting
from partnerships.observations.rules import MOVES, ObservationState, Verb


def go(held: PeerObservation, verb: Verb) -> None:
    """Write where a verb leads. A seat is free again, and nobody waits any more for an exchange with what moved."""
    held.state = MOVES[verb].target.value
    if held.state not in rules.SEATED:
        held.seat = None
    if held.state != ObservationState.PROPOSED:
        held.swap_with = None
        PeerObservation.objects.filter(swap_with=held).update(swap_with=None)
    held.sequence += 1
    held.save()


def withdraw(held: PeerObservation, why: str, by: Person | None) -> None:
    """Call off an observation, with its visit, and tell whom it concerns."""
    held.ended_by = by
    go(held, Verb.CANCEL)
    telling.cancelled(held, why, by, was_expected=visiting.end(held.visit))
