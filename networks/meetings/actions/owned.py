"""What the verbs of meetings share: lock, check the right again, credit the hours."""

from __future__ import annotations

from django.utils import timezone

from circo.errors import Refusal
from circo.hours import actions as hours
from circo.models import Person
from networks.meetings import queries, rules
from networks.meetings.claiming import claim_of
from networks.meetings.rules import MeetingState, Presence
from networks.models import Attendance, Meeting

NOT_YOURS = "Seules les personnes qui organisent cette rencontre peuvent faire cela."
NOT_CALLED = "Cette rencontre est celle d’un groupe dont vous n’êtes pas membre."


def led(meeting: Meeting, by: Person) -> Meeting:
    """Lock a meeting that one organises.

    Raises: Refusal.
    """
    held = Meeting.objects.editable_by(by).filter(pk=meeting.pk).select_for_update(of=("self",)).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    return held


def attended(meeting: Meeting, by: Person) -> Meeting:
    """Lock a meeting to which one is called.

    Raises: Refusal.
    """
    held = Meeting.objects.attended_by(by).filter(pk=meeting.pk).select_for_update(of=("self",)).first()
    if held is None or not queries.is_called(held, by):
        raise Refusal(NOT_CALLED)
    return held


def settle(meeting: Meeting, attendance: Attendance | None, person: Person, by: Person) -> None:
    """Have the hours of one person say what is known of their presence, once the meeting is held; else take them back.

    Raises: Refusal if those hours are confirmed or validated, and would go.
    """
    claim = None
    if attendance is not None and attendance.counts and meeting.state == MeetingState.HELD:
        attendance.meeting = meeting
        claim = claim_of(attendance)
    if claim is None:
        hours.withdraw(person=person, source=meeting.source, by=by)
    else:
        hours.credit(by=by, **vars(claim))


def settle_all(meeting: Meeting, by: Person) -> None:
    """The same, for everybody whose presence is known.

    Raises: Refusal.
    """
    for attendance in meeting.attendances.select_related("person").order_by("person_id"):
        if attendance.presence == Presence.PRESENT:
            settle(meeting, attendance, attendance.person, by)


def touch(meeting: Meeting) -> None:
    """Save a meeting whose date, place or state has changed: calendars hear of it."""
    meeting.sequence += 1
    meeting.save()


def move(meeting: Meeting, target: MeetingState) -> None:
    """Lead a meeting to another state, without saving it.

    Raises: Refusal if its life has no such move.
    """
    rules.LIFE.check(MeetingState(meeting.state), target)
    meeting.state = target
    meeting.cancelled_at = timezone.now() if target is MeetingState.CANCELLED else None
