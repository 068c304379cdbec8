"""Remind people of a meeting, two days and one day before; told once, however often this runs."""

from __future__ import annotations

from django.utils import timezone

from networks.meetings import queries
from networks.meetings.telling import NEAR, tell


def remind() -> None:
    """Tell those who have not said that they are excused."""
    for meeting, days in queries.near(timezone.localdate()):
        when = "demain" if days == 1 else "après-demain"
        on = queries.called_on(meeting).isoformat()
        title = f"Rencontre de votre groupe {when}\u00a0: {meeting.group.name}"
        tell(queries.not_excused(meeting), meeting, NEAR, title, f"near-{on}-{days}")
