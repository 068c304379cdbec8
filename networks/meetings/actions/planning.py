"""Plan a meeting, move it, call it off."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.hours.rules import Category, Counting
from circo.models import Person, School
from networks.meetings import queries, rules
from networks.meetings.actions import owned
from networks.meetings.rules import MeetingState
from networks.meetings.telling import PLANNED, tell
from networks.models import Booking, Meeting, MutualisationGroup, ThirdPlace
from networks.places import actions as places
from networks.places.rules import Slot

NOT_YOUR_GROUP = "Choisissez un groupe dont vous êtes membre, ou que vous animez."


@dataclass(frozen=True)
class Wanted:
    """All that one says of a meeting. `sure`: that a day of the holidays is meant."""

    slot: Slot
    title: str
    agenda: str = ""
    place: ThirdPlace | None = None
    school: School | None = None
    where: str = ""
    link: str = ""
    counting: Counting = Counting.COUNTS
    counted_minutes: int | None = None
    category: Category = Category.TRAINING_ANIMATION
    is_open_to_team: bool = False
    sure: bool = False


@transaction.atomic
def plan(*, group: MutualisationGroup, wanted: Wanted, by: Person) -> Meeting:
    """Call a group to a meeting, and book its place with it; the group is told.

    Raises: Refusal if it is not one's own group, or nobody meets then; ToConfirm for a day of the holidays; Taken if
            the place was booked meanwhile, and then nothing is written.
    """
    check_group(group, by)
    check(group, wanted.slot, sure=wanted.sure)
    meeting = Meeting(group=group, organiser=by)
    write(meeting, wanted, by)
    meeting.save()
    hold_place(meeting, wanted.place, by)
    announce(meeting, by, "Rencontre prévue")
    return meeting


@transaction.atomic
def change(*, meeting: Meeting, wanted: Wanted, by: Person) -> Meeting:
    """Move a planned meeting, or correct what it says; its booking follows, or nothing changes.

    Raises: Refusal if one does not organise it, it is over or called off, or nobody meets then; ToConfirm; Taken.
    """
    held = owned.led(meeting, by)
    if held.state != MeetingState.PLANNED or held.slot is None:
        raise rules.LIFE.refusal(MeetingState(held.state))
    former, former_place = held.slot, held.place_words
    if wanted.slot != former:
        check(held.group, wanted.slot, sure=wanted.sure)
    write(held, wanted, by)
    held.save()
    hold_place(held, wanted.place, by)
    owned.touch(held)
    if wanted.slot != former or held.place_words != former_place:
        announce(held, by, "Rencontre déplacée")
    return held


@transaction.atomic
def cancel(*, meeting: Meeting, by: Person) -> Meeting:
    """Call a meeting off: its place is free again, its hours are taken back, the group is told. Twice changes nothing.

    Raises: Refusal if one does not organise it, or if some of its hours are validated.
    """
    held = owned.led(meeting, by)
    if held.state == MeetingState.CANCELLED:
        return held
    was_dated = held.slot is not None
    owned.move(held, MeetingState.CANCELLED)
    free_place(held, by)
    owned.touch(held)
    owned.settle_all(held, by)
    announce(held, by, "Rencontre annulée" if was_dated else "Recherche de date arrêtée")
    return held


@transaction.atomic
def restore(*, meeting: Meeting, by: Person) -> Meeting:
    """Put back a meeting that was called off, and its place if nobody has it meanwhile.

    Raises: Refusal if one does not organise it; Taken.
    """
    held = owned.led(meeting, by)
    if held.state != MeetingState.CANCELLED:
        return held
    owned.move(held, MeetingState.PLANNED if held.slot else MeetingState.POLLING)
    if held.booking is not None and held.slot and held.slot.ends_at > timezone.localtime():
        places.take_back(booking=held.booking, by=by, of_meeting=True)
    owned.touch(held)
    announce(held, by, "Rencontre remise en place")
    return held


def check_group(group: MutualisationGroup, by: Person) -> None:
    """Refuse a group that one may not call.

    Raises: Refusal.
    """
    if not queries.groups_to_meet(by).filter(pk=group.pk).exists():
        raise Refusal(NOT_YOUR_GROUP)


def check(group: MutualisationGroup, slot: Slot, *, sure: bool) -> None:
    """Refuse a moment at which a group does not meet.

    Raises: Refusal; ToConfirm.
    """
    rules.check_slot(slot)
    on = slot.starts_at.date()
    if abs(on - timezone.localdate()) > rules.AHEAD_MAX:
        raise Refusal("Choisissez un jour de l’année scolaire.")
    rules.check_day(on, queries.calendar_of(group, on, on), sure=sure)


def write(meeting: Meeting, wanted: Wanted, by: Person) -> None:
    """Write what was said of a meeting, without its place. Its papers are opened to the team by the group alone.

    Raises: Refusal if it has no title.
    """
    if not wanted.title.strip():
        raise Refusal("Donnez un titre à cette rencontre.")
    meeting.state = MeetingState.PLANNED
    meeting.title, meeting.agenda = wanted.title.strip(), wanted.agenda.strip()
    meeting.starts_at, meeting.ends_at = wanted.slot.starts_at, wanted.slot.ends_at
    meeting.school, meeting.where, meeting.link = wanted.school, wanted.where.strip(), wanted.link.strip()
    meeting.counting, meeting.category = wanted.counting, wanted.category
    meeting.counted_minutes = wanted.counted_minutes if wanted.counting is Counting.PARTLY else None
    if meeting.pk is None or queries.may_open_papers(meeting, by):
        meeting.is_open_to_team = wanted.is_open_to_team


def hold_place(meeting: Meeting, place: ThirdPlace | None, by: Person) -> None:
    """Book the place of a meeting, move its booking, or give it back.

    Raises: Refusal; Taken if somebody has it.
    """
    slot, held = meeting.slot, meeting.booking
    live = held is not None and held.cancelled_at is None
    if slot is None or place is None:
        free_place(meeting, by)
        meeting.booking = held if live and place is not None else None
        meeting.save(update_fields=["booking"])
        return
    count = queries.participants(meeting.group, slot.starts_at.date()).count()
    asked = places.Wanted(slot, max(count, 1), meeting.title[:200], meeting.group)
    if held is not None and live and held.place_id == place.pk:
        if held.slot != slot:
            places.change(booking=held, wanted=asked, by=by, of_meeting=True)
        return
    free_place(meeting, by)
    meeting.booking = places.book(place=place, wanted=asked, by=by)
    meeting.save(update_fields=["booking"])


def free_place(meeting: Meeting, by: Person) -> None:
    """Give back the place of a meeting that is not over."""
    held: Booking | None = meeting.booking
    if held is not None and held.cancelled_at is None and held.ends_at > timezone.now():
        places.cancel(booking=held, by=by, of_meeting=True)


def announce(meeting: Meeting, by: Person, what: str) -> None:
    """Tell the group, but not whoever did it, nor of a meeting that is past."""
    if meeting.slot and meeting.slot.ends_at < timezone.localtime():
        return
    people = queries.participants(meeting.group, queries.called_on(meeting)).exclude(pk=by.pk)
    tell(people, meeting, PLANNED, f"{what}\u00a0: {meeting.group.name}", f"planned-{meeting.sequence}")
