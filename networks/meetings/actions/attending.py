"""Who came: said before, signed during, listed or declared after; and what it is worth once the meeting is held."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from networks.meetings import attending, queries, rules
from networks.meetings.actions import owned
from networks.meetings.rules import MeetingState, Presence, Way
from networks.models import Attendance, Meeting

NOT_YET = "Cette rencontre n’a pas encore commencé."


@dataclass(frozen=True)
class Noted:
    """What the list says of one person; without a presence, nothing is known. `minutes`: less than the whole."""

    person: Person
    presence: Presence | None
    minutes: int | None = None


@transaction.atomic
def excuse(*, meeting: Meeting, excused: bool, by: Person) -> None:
    """Say that one will not come, or that one will after all. Whoever has signed stays present.

    Raises: Refusal if one is not called, or it is held or called off.
    """
    held = owned.attended(meeting, by)
    if held.state in (MeetingState.HELD, MeetingState.CANCELLED):
        raise rules.LIFE.refusal(MeetingState(held.state))
    own = held.attendances.filter(person=by)
    if not excused:
        own.filter(presence=Presence.EXCUSED).delete()
    elif not own.exists():
        Attendance.objects.create(meeting=held, person=by, presence=Presence.EXCUSED, way=Way.SELF)


@transaction.atomic
def sign(*, meeting: Meeting, ticket: str, by: Person) -> Attendance:
    """Sign for a meeting with the ticket of the code that was on its screen. Signing twice changes nothing.

    Raises: Refusal if one is not called, the ticket is not one's own or too old, or it is not the hours of the meeting.
    """
    held = owned.attended(meeting, by)
    attending.scanned(held).check_ticket(ticket, by)
    if held.state not in (MeetingState.PLANNED, MeetingState.HELD):
        raise rules.LIFE.refusal(MeetingState(held.state))
    if held.slot is None or not rules.is_scanned_now(held.slot, timezone.localtime()):
        raise Refusal("On signe pendant la rencontre. Si vous y étiez, dites-le sur sa page.")
    own = held.attendances.filter(person=by).first()
    if own is not None and own.counts:
        return own
    own = own or Attendance(meeting=held, person=by)
    own.presence, own.way, own.minutes = Presence.PRESENT, Way.SCAN, None
    own.confirmed_at, own.confirmed_by = timezone.now(), None
    own.save()
    owned.settle(held, own, by, by)
    return own


@transaction.atomic
def declare(*, meeting: Meeting, minutes: int | None = None, by: Person) -> Attendance:
    """Say that one was there; it counts once whoever organises confirms it. What is already known stays.

    Raises: Refusal if one is not called, or the meeting has not begun.
    """
    held = owned.attended(meeting, by)
    _check_begun(held)
    own = held.attendances.filter(person=by).first()
    if own is not None and (own.counts or own.way == Way.LIST):
        return own
    own = own or Attendance(meeting=held, person=by)
    own.presence, own.way, own.minutes = Presence.PRESENT, Way.SELF, _checked(minutes, held)
    own.confirmed_at = own.confirmed_by = None
    own.save()
    return own


@transaction.atomic
def record(*, meeting: Meeting, noted: Iterable[Noted], by: Person) -> None:
    """Write the list: who came, who did not, who was excused. Hours follow, if the meeting is held.

    Raises: Refusal if one does not organise it, it has not begun, somebody is not called, or hours that would go are
            confirmed or validated: then nothing is written.
    """
    held = owned.led(meeting, by)
    known = {line.person.pk: line for line in queries.lines_of(held)}
    for one in noted:
        if one.person.pk not in known:
            raise Refusal(f"{one.person} n’est pas membre de ce groupe.")
        _note(held, known[one.person.pk].attendance, one, by)


def _note(meeting: Meeting, former: Attendance | None, one: Noted, by: Person) -> None:
    minutes = _checked(one.minutes, meeting) if one.presence is Presence.PRESENT else None
    if one.presence is Presence.PRESENT:
        _check_begun(meeting)
    if one.presence is None:
        if former is not None:
            former.delete()
            owned.settle(meeting, None, one.person, by)
        return
    if former is not None and (former.presence, former.minutes) == (one.presence, minutes) and not _waits(former):
        return
    written = former or Attendance(meeting=meeting, person=one.person)
    written.presence, written.minutes, written.way = one.presence, minutes, Way.LIST
    written.confirmed_at, written.confirmed_by = timezone.now(), by
    written.save()
    owned.settle(meeting, written, one.person, by)


def _waits(attendance: Attendance) -> bool:
    return attendance.presence == Presence.PRESENT and attendance.confirmed_at is None


@transaction.atomic
def confirm(*, meeting: Meeting, person: Person, by: Person) -> None:
    """Confirm that somebody who says so was there; never oneself.

    Raises: Refusal if one does not organise it, or says it of oneself.
    """
    held = owned.led(meeting, by)
    if person.pk == by.pk:
        raise Refusal("Quelqu’un d’autre confirme votre présence.")
    said = held.attendances.filter(person=person, presence=Presence.PRESENT, confirmed_at=None).first()
    if said is not None:
        said.confirmed_at, said.confirmed_by = timezone.now(), by
        said.save()
        owned.settle(held, said, person, by)


@transaction.atomic
def close(*, meeting: Meeting, by: Person) -> Meeting:
    """Declare that a meeting was held: the hours of those who were there are proposed, once.

    Raises: Refusal if one does not organise it, it has not begun, or it is called off.
    """
    held = owned.led(meeting, by)
    if held.state == MeetingState.HELD:
        return held
    _check_begun(held)
    owned.move(held, MeetingState.HELD)
    held.save()
    owned.settle_all(held, by)
    return held


@transaction.atomic
def reopen(*, meeting: Meeting, by: Person) -> Meeting:
    """Take back that a meeting was held: its hours go.

    Raises: Refusal if one does not organise it, or some of its hours are confirmed or validated.
    """
    held = owned.led(meeting, by)
    if held.state != MeetingState.HELD:
        return held
    owned.move(held, MeetingState.PLANNED)
    held.save()
    owned.settle_all(held, by)
    return held


def _check_begun(meeting: Meeting) -> None:
    if meeting.state == MeetingState.CANCELLED or meeting.slot is None:
        raise rules.LIFE.refusal(MeetingState(meeting.state))
    if timezone.localtime() < meeting.slot.starts_at - rules.SCAN_MARGIN:
        raise Refusal(NOT_YET)


def _checked(minutes: int | None, meeting: Meeting) -> int | None:
    """The minutes of somebody who was there for a part; none for the whole."""
    if minutes is None or minutes >= meeting.duration_minutes:
        return None
    if minutes < 1:
        raise Refusal("Indiquez au moins une minute, ou notez la personne absente.")
    return minutes
