"""A substitute's missions on the agenda and in the calendars that follow it: also those that were taken back."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.registries import CANCELLED_TOLD, CalendarEvent
from events.days.rules import DayState
from events.models import CoverAssignment
from networks.visits.rules import HOURS


def events_of(person: Person, since: date) -> list[CalendarEvent]:
    """The missions that one was told of, one a class, whichever version of the plan holds it now."""
    told = CoverAssignment.objects.filter(substitute_id=person.pk, told_at__isnull=False, need__day__on__gte=since)
    versions: dict[int, list[CoverAssignment]] = defaultdict(list)
    for one in told.select_related("need__day", "need__school").order_by("need__day__on", "pk"):
        versions[one.need_id].append(one)
    found = [_event(some) for some in versions.values()]
    lately = timezone.now() - CANCELLED_TOLD
    return [event for event in found if not event.cancelled or event.updated_at > lately]


def _event(versions: list[CoverAssignment]) -> CalendarEvent:
    held = next((one for one in versions if one.is_in_force and one.need.day.state != DayState.CANCELLED), None)
    one = held or versions[-1]
    need, zone = one.need, timezone.get_current_timezone()
    starts_at = datetime.combine(need.day.on, HOURS[need.halves[0]][0], zone)
    return CalendarEvent(
        uid=f"mission-{need.pk}-{one.substitute_id}",
        sequence=2 * (len(versions) + need.day.sequence) + (held is None),
        starts_at=starts_at,
        ends_at=datetime.combine(need.day.on, HOURS[need.halves[-1]][1], zone),
        title=f"Remplacement\u00a0: {need.school.name}",
        place=need.school.commune,
        url=reverse("events:mission_page", args=[one.pk]) if held else reverse("events:mission_list"),
        cancelled=held is None,
        updated_at=max(one.told_at or one.plan.created_at, need.day.updated_at),
    )
