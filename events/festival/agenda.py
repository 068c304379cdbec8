"""The sessions of the festival where one helps, or that one proposed: on the agenda and in the feed of calendars."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.registries import CANCELLED_TOLD, CalendarEvent
from events.festival.rules import FestivalState
from events.models import AnimationSession, FestivalHelper


def events_of(person: Person, since: date) -> list[CalendarEvent]:
    """What one holds at the festival: as a volunteer, or as whoever proposed what was retained."""
    helped = FestivalHelper.objects.filter(person=person).order_by().values("session_id")
    mine = Q(pk__in=helped) | Q(animation__proposer_id=person.pk, animation__decided_at__isnull=False)
    rows = AnimationSession.objects.filter(mine, on__gte=since).select_related("animation__festival")
    found = [_event(one, person) for one in rows.order_by("on", "starts", "pk")]
    lately = timezone.now() - CANCELLED_TOLD
    return [event for event in found if not event.cancelled or event.updated_at > lately]


def _event(session: AnimationSession, person: Person) -> CalendarEvent:
    """Once published, the title is everybody's to read; before, it stays here."""
    animation, zone = session.animation, timezone.get_current_timezone()
    festival = animation.festival
    is_shown = festival.state in (FestivalState.PUBLISHED, FestivalState.OVER)
    return CalendarEvent(
        uid=f"festival-{session.pk}-{person.pk}",
        sequence=session.sequence,
        starts_at=session.starts_at,
        ends_at=datetime.combine(session.on, session.ends, zone),
        title=f"Fête de l’apprendre\u00a0: {animation.title}" if is_shown else "Fête de l’apprendre",
        place=", ".join(filter(None, (animation.place, festival.where))) if is_shown else festival.where,
        url=reverse("events:helper_planning", args=[festival.pk]),
        cancelled=not animation.is_retained,
        updated_at=session.changed_at,
    )
