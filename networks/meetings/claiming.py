"""What the presences at meetings give to the account of hours."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from circo.hours.recounting import Asked, Claim, Recounter
from circo.hours.rules import Category
from networks.meetings import rules
from networks.meetings.rules import MeetingState
from networks.models import Attendance


def claim_of(attendance: Attendance) -> Claim | None:
    """What one presence gives: nothing until somebody knows of it and the meeting was held; None without a date."""
    meeting, slot = attendance.meeting, attendance.meeting.slot
    if slot is None:
        return None
    counts = meeting.state == MeetingState.HELD and attendance.counts
    share = rules.attended_share(attendance.minutes, slot)
    return Claim(
        person=attendance.person,
        on=slot.starts_at.date(),
        minutes=meeting.credited_minutes(meeting.duration_minutes, share) if counts else 0,
        category=Category(meeting.category),
        mode=meeting.mode,
        source=meeting.source,
        label=f"Rencontre\u00a0: {meeting.group.name}",
        path=reverse("networks:meeting_page", args=[meeting.pk]),
    )


def claims(asked: Asked) -> Iterable[Claim]:
    """What the meetings of these days give to these people. One query."""
    rows = Attendance.objects.filter(person_id__in=asked.person_ids, meeting__starts_at__date__range=asked.days)
    rows = rows.select_related("person", "meeting__group", "meeting__booking__place", "meeting__school")
    return filter(None, (claim_of(one) for one in rows.order_by("pk")))


RECOUNTER = Recounter("networks.meeting", "Rencontres de groupe", claims)
