"""What is forgotten of visits that came to nothing."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from networks.models import Visit
from networks.visits.rules import VisitState

CAME_TO_NOTHING = (VisitState.DECLINED, VisitState.CANCELLED, VisitState.LAPSED)


def forget_passed(before: datetime) -> None:
    """Delete the visits of days before that one that were declined, called off or left without an answer, with what was
    said of them. Safe to run twice."""
    Visit.objects.filter(state__in=CAME_TO_NOTHING, day__lt=timezone.localdate(before)).delete()
