"""What time does: a proposal that nobody answered closes by itself, and its seat is free."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from partnerships.models import PeerObservation
from partnerships.observations import ending, holding, queries, telling
from partnerships.observations.rules import MOVES, Verb


def mind(now: datetime | None = None) -> int:
    """Close what was left unanswered. Run often; twice does no harm. Return how many closed."""
    return sum(_close(pk) for pk in queries.unanswered(now or timezone.now()))


@transaction.atomic
def _close(pk: int) -> bool:
    found = PeerObservation.objects.filter(pk=pk).first()
    if found is None:  # it fell with an account meanwhile
        return False
    held = holding.held(found)
    if held.state not in MOVES[Verb.LAPSE].sources:
        return False
    ending.go(held, Verb.LAPSE)
    telling.lapsed(held)
    return True
