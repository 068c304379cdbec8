"""How long proposals are kept."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from circo import jobs
from partnerships.models import PlacementProposal
from partnerships.proposals import queries, rules


def forget_old() -> int:
    """Erase proposals of long ago: what was accepted of them is a placement. Return how many."""
    limit = timezone.now() - timedelta(days=rules.KEPT_DAYS)
    old = list(PlacementProposal.objects.filter(asked_at__lt=limit).order_by("pk").values_list("pk", flat=True))
    for pk in old:
        jobs.forget(queries.PROPOSE, str(pk))
        jobs.forget(queries.WRITE, str(pk))
    PlacementProposal.objects.filter(pk__in=old).delete()
    return len(old)
