"""Lines removed from a private log are erased for good a day later."""

from __future__ import annotations

from datetime import datetime, timedelta

from circo.hours import rules
from circo.models import ServiceLogEntry


def purge(*, now: datetime) -> int:
    """Erase the lines that their owner removed more than a day ago; return how many."""
    limit = now - timedelta(days=rules.LOG_KEPT_AFTER_REMOVAL_DAYS)
    return ServiceLogEntry.objects.removed_before(limit).delete()[0]
