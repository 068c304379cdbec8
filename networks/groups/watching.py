"""What the rooms of networks tell of a group's life: who wrote, who came, when it last met, what the new year holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone

from circo.models import District, SchoolYear
from networks.meetings.rules import MeetingState, Presence
from networks.models import Attendance, Meeting, MutualisationGroup, Post


def _instant(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def last_posts(group: MutualisationGroup, since: date) -> dict[int, date]:
    """The last day on which each one wrote in a salon of the group."""
    rows: Any = Post.objects.filter(salon__group=group, created_at__gte=_instant(since), author__isnull=False)
    rows = rows.order_by().values_list("author_id").annotate(last=Max("created_at"))
    return {person_id: timezone.localdate(last) for person_id, last in rows}


def _confirmed() -> Any:
    """A presence that the person alone declares is worth nothing yet: neither hours nor a sign of life."""
    return Attendance.objects.filter(presence=Presence.PRESENT, confirmed_at__isnull=False)


def last_presences(group: MutualisationGroup, since: date) -> dict[int, date]:
    """The last meeting of the group to which each one came, as somebody else confirmed it."""
    rows: Any = _confirmed().filter(meeting__group=group, meeting__starts_at__gte=_instant(since))
    rows = rows.order_by().values_list("person_id").annotate(last=Max("meeting__starts_at"))
    return {person_id: timezone.localdate(last) for person_id, last in rows}


def attended(group_ids: Sequence[int], first: date, last: date) -> dict[tuple[int, int], int]:
    """How many meetings of each group each one came to, from one day to another, as somebody else confirmed it."""
    rows: Any = _confirmed().filter(
        meeting__group__in=group_ids, meeting__starts_at__date__gte=first, meeting__starts_at__date__lte=last
    )
    rows = rows.order_by().values_list("person_id", "meeting__group_id").annotate(count=Count("pk"))
    return {(person_id, group_id): count for person_id, group_id, count in rows}


def last_held(group_ids: Sequence[int]) -> dict[int, date]:
    """When each group last met."""
    rows: Any = Meeting.objects.filter(group__in=group_ids, state=MeetingState.HELD, starts_at__isnull=False)
    rows = rows.order_by().values_list("group_id").annotate(last=Max("starts_at"))
    return {group_id: timezone.localdate(last) for group_id, last in rows}


def has_meeting(district: District, year: SchoolYear) -> bool:
    """Tell whether a meeting of the district's groups has its date in that year.

    A poll is not one before its date is chosen: it says neither a year nor that people will come, and stays with its
    group if the opening is taken back; so nobody loses anything.
    """
    return Meeting.objects.filter(
        group__network__district=district,
        starts_at__date__gte=year.first_day,
        starts_at__date__lte=year.last_day,
        cancelled_at__isnull=True,
    ).exists()
