"""Find a date together: propose, answer, choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from networks.meetings import queries, rules
from networks.meetings.actions import owned, planning
from networks.meetings.actions.planning import Wanted
from networks.meetings.rules import Choice, MeetingState
from networks.meetings.telling import POLL, tell
from networks.models import Meeting, MutualisationGroup, PollAnswer, PollOption
from networks.places.rules import Slot

CLOSED = "La date est choisie\u00a0: on ne répond plus."


@dataclass(frozen=True)
class Sought:
    """What one asks a group. `sure`: that days of the holidays are meant."""

    title: str
    slots: Sequence[Slot]
    agenda: str = ""
    answers_until: date | None = None
    sure: bool = False


@transaction.atomic
def open_poll(*, group: MutualisationGroup, sought: Sought, by: Person) -> Meeting:
    """Ask a group which of some moments suit; everybody is told.

    Raises: Refusal if it is not one's own group, without moments, with too many, or with one at which nobody meets;
            ToConfirm for days of the holidays.
    """
    planning.check_group(group, by)
    slots = sorted(set(sought.slots))
    if not sought.title.strip():
        raise Refusal("Donnez un titre à cette rencontre.")
    if len(slots) < 2:
        raise Refusal("Proposez au moins deux moments.")
    if len(slots) > rules.OPTIONS_MAX:
        raise Refusal(f"Proposez au plus {rules.OPTIONS_MAX}\u00a0moments.")
    for slot in slots:
        if slot.starts_at <= timezone.localtime():
            raise Refusal(f"{str(slot).capitalize()} est déjà passé.")
        planning.check(group, slot, sure=sought.sure)
    meeting = Meeting.objects.create(
        group=group,
        organiser=by,
        title=sought.title.strip(),
        agenda=sought.agenda.strip(),
        answers_until=sought.answers_until,
        state=MeetingState.POLLING,
    )
    PollOption.objects.bulk_create(
        PollOption(meeting=meeting, starts_at=slot.starts_at, ends_at=slot.ends_at) for slot in slots
    )
    people = queries.participants(group, timezone.localdate()).exclude(pk=by.pk)
    tell(people, meeting, POLL, f"Quelle date vous convient\u00a0? {group.name}", "poll")
    return meeting


@transaction.atomic
def answer(*, meeting: Meeting, choices: Mapping[int, Choice], by: Person) -> None:
    """Say which moments suit oneself; one changes one's mind until the date is chosen. `choices` by option.

    Raises: Refusal if one is not called, the date is chosen, or a moment is not of this poll.
    """
    held = owned.attended(meeting, by)
    if held.state != MeetingState.POLLING:
        raise Refusal(CLOSED if held.state != MeetingState.CANCELLED else "Cette recherche de date est arrêtée.")
    known = set(held.options.order_by().values_list("pk", flat=True))
    if not set(choices) <= known:
        raise Refusal("Les moments proposés ont changé. Relisez-les, puis répondez.")
    PollAnswer.objects.bulk_create(
        (
            PollAnswer(option_id=pk, person=by, choice=choice, answered_at=timezone.now())
            for pk, choice in choices.items()
        ),
        update_conflicts=True,
        unique_fields=["option", "person"],
        update_fields=["choice", "answered_at"],
    )


@transaction.atomic
def choose(*, meeting: Meeting, option: PollOption, wanted: Wanted, by: Person) -> Meeting:
    """End a poll by one of its moments: the meeting is planned, and its place booked, both or neither.

    Raises: Refusal if one does not organise it, the date is already chosen, or nobody meets then; Taken if the place
            was booked meanwhile.
    """
    held = owned.led(meeting, by)
    if option.meeting_id != held.pk:
        raise Refusal("Ce moment n’est pas de ceux qui ont été proposés.")
    owned.move(held, MeetingState.PLANNED)
    # Proposed by somebody who confirmed it, and answered by the group: a day of the holidays is meant.
    planning.check(held.group, option.slot, sure=True)
    planning.write(held, replace(wanted, slot=option.slot), by)
    held.save()
    planning.hold_place(held, wanted.place, by)
    owned.touch(held)
    planning.announce(held, by, "Date choisie")
    return held
