"""What the home page, the agenda and the reminders read."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.registries import CANCELLED_TOLD, CalendarEvent, Todo
from networks.meetings import rules
from networks.meetings.rules import MeetingState, Presence, Way
from networks.models import Attendance, Meeting, PollAnswer


def todos(person: Person) -> list[Todo]:
    """Polls to answer, meetings to close, presences to confirm."""
    called = Meeting.objects.attended_by(person).select_related("group")
    answered = PollAnswer.objects.filter(option__meeting=OuterRef("pk"), person_id=person.pk)
    polls = called.filter(state=MeetingState.POLLING).exclude(Exists(answered)).order_by("pk")
    led = Meeting.objects.editable_by(person).attended_by(person).select_related("group")
    over = led.filter(state=MeetingState.PLANNED, ends_at__lt=timezone.now()).order_by("starts_at", "pk")
    waiting = Attendance.objects.filter(
        meeting=OuterRef("pk"), way=Way.SELF, presence=Presence.PRESENT, confirmed_at=None
    ).exclude(person_id=person.pk)
    to_confirm = led.filter(Exists(waiting), state=MeetingState.HELD).order_by("starts_at", "pk")
    return [
        *(_todo(one, "Choisir une date", f"{one.group.name}\u00a0: {one.title}", one.answers_until) for one in polls),
        *(_todo(one, "Dire qui est venu", f"{one.group.name}\u00a0: {one.title}") for one in over),
        *(_todo(one, "Confirmer des présences", f"{one.group.name}\u00a0: {one.title}") for one in to_confirm),
    ]


def _todo(meeting: Meeting, title: str, detail: str, due_on: date | None = None) -> Todo:
    url = reverse("networks:meeting_page", args=[meeting.pk])
    return Todo(title, detail, url, "calendar", due_on=due_on, minutes=2)


def events_of(person: Person, since: date) -> list[CalendarEvent]:
    """The meetings of one's groups, for the agenda and the other calendars."""
    from_at = datetime.combine(since, time.min, timezone.get_current_timezone())
    dated = Meeting.objects.attended_by(person).filter(starts_at__isnull=False, ends_at__gte=from_at)
    lately = Q(state__in=(MeetingState.PLANNED, MeetingState.HELD)) | Q(
        state=MeetingState.CANCELLED, cancelled_at__gt=timezone.now() - CANCELLED_TOLD
    )
    rows = dated.filter(lately).select_related("group", "booking__place", "school").order_by("starts_at", "pk")
    return [event_of(meeting) for meeting in rows]


def event_of(meeting: Meeting) -> CalendarEvent:
    """A meeting as calendars read it. Its title and agenda are typed by people: they stay here."""
    slot = meeting.slot
    if slot is None:
        raise ValueError("a meeting without a date is on no calendar")
    return CalendarEvent(
        uid=f"meeting-{meeting.pk}",
        sequence=meeting.sequence,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        title=f"Rencontre\u00a0: {meeting.group.name}",
        place=meeting.place_words,
        url=reverse("networks:meeting_page", args=[meeting.pk]),
        cancelled=meeting.state == MeetingState.CANCELLED,
        updated_at=meeting.updated_at,
    )


def near(today: date) -> list[tuple[Meeting, int]]:
    """The meetings of which people are reminded today, each with the number of days that are left."""
    found = []
    for days in rules.REMINDED_DAYS:
        start = datetime.combine(today + timedelta(days=days), time.min, timezone.get_current_timezone())
        rows = Meeting.objects.filter(
            state=MeetingState.PLANNED, starts_at__gte=start, starts_at__lt=start + timedelta(days=1)
        )
        found += [(meeting, days) for meeting in rows.select_related("group").order_by("starts_at", "pk")]
    return found
