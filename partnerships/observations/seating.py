"""A seat of a class given to a proposal. The constraints of the database have the last word."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from circo.errors import Refusal
from partnerships.models import PeerObservation
from partnerships.observations import queries, visiting
from partnerships.observations.rules import ObservationState

FULL = "Cette classe a déjà tous les visiteurs qu’elle peut recevoir à ce moment-là."


def sit(observation: PeerObservation) -> None:
    """Write that an observation stands as a proposal, on a free seat. Its two people are held.

    Raises: Refusal where it can no longer be, or where somebody else was quicker.
    """
    there = PeerObservation.objects.seated().on(observation.half_day)
    if there.filter(observer_id=observation.observer_id).exclude(pk=observation.pk).exists():
        raise Refusal(f"{observation.observer} observe déjà quelqu’un à ce moment-là.")
    if wrong := visiting.wrong_with(observation):
        raise Refusal(wrong)
    observation.seat = queries.seat_in(observation)
    if observation.seat is None:
        raise Refusal(FULL)
    observation.state = ObservationState.PROPOSED.value
    try:
        with transaction.atomic():
            observation.save()
    except IntegrityError as error:
        raise Refusal(FULL) from error
