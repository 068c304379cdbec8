"""Meet: when and where, then whether it took place, and the hours that each asks to be counted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.hours import actions as hours
from circo.models import Person
from networks.mentoring import queries, rules
from networks.mentoring.actions.pairs import held, note_change, on, tell
from networks.mentoring.claiming import claims_of
from networks.models import MentoringMeeting, MentoringPair

FARTHEST = timedelta(days=400)


def _check(starts_at: datetime, minutes: int, place: str) -> None:
    if minutes not in rules.DURATIONS:
        raise Refusal("Choisissez l’une des durées proposées.")
    if abs(starts_at - timezone.now()) > FARTHEST:
        raise Refusal("Vérifiez l’année de cette rencontre.")
    if len(place) > rules.PLACE_MAX:
        raise Refusal(f"Le lieu compte {rules.PLACE_MAX} signes au plus.")


@transaction.atomic
def meet(*, pair: MentoringPair, starts_at: datetime, minutes: int, place: str, by: Person) -> MentoringMeeting:
    """Note a meeting, coming or past, and tell the other.

    Raises: Refusal if the pair is not one's own or is not on, or for a date, a length or a place that cannot be.
    """
    mine = on(pair, by)
    _check(starts_at, minutes, place)
    if mine.meetings.count() >= rules.MEETINGS_MAX:
        raise Refusal("Ce binôme compte déjà beaucoup de rencontres.")
    made = mine.meetings.create(starts_at=starts_at, minutes=minutes, place=place.strip())
    _tell(mine, by)
    return made


def _tell(pair: MentoringPair, by: Person) -> None:
    note_change(pair)
    tell(pair, [pair.other_of(by)], "meeting", "Une rencontre de mentorat est notée ou a changé")


def _open(meeting: MentoringMeeting, by: Person) -> tuple[MentoringPair, MentoringMeeting]:
    mine = on(meeting.pair, by)
    fresh = MentoringMeeting.objects.visible_to(by).filter(pk=meeting.pk, pair=mine).first()
    if fresh is None:
        raise Refusal("Cette rencontre n’est plus là.")
    if fresh.newcomer_held_at or fresh.mentor_held_at:
        raise Refusal("L’un de vous a dit que cette rencontre a eu lieu\u00a0: elle ne change plus.")
    return mine, fresh


@transaction.atomic
def write_meeting(*, meeting: MentoringMeeting, starts_at: datetime, minutes: int, place: str, by: Person) -> None:
    """Change a meeting that nobody has said to have taken place, and tell the other.

    Raises: Refusal if it is not one's own or does not change any more, or for values that cannot be.
    """
    mine, fresh = _open(meeting, by)
    _check(starts_at, minutes, place)
    fresh.starts_at, fresh.minutes, fresh.place = starts_at, minutes, place.strip()
    _save(fresh)
    _tell(mine, by)


def _save(meeting: MentoringMeeting) -> None:
    meeting.sequence += 1
    meeting.updated_at = timezone.now()
    meeting.save()


@transaction.atomic
def call_off(*, meeting: MentoringMeeting, by: Person) -> None:
    """Call a meeting off; `put_back` is its way back.

    Raises: Refusal if it is not one's own, or if one of the two said that it took place.
    """
    mine, fresh = _open(meeting, by)
    fresh.cancelled_at = timezone.now()
    _save(fresh)
    _tell(mine, by)


@transaction.atomic
def put_back(*, meeting: MentoringMeeting, by: Person) -> None:
    """Put back a meeting that was called off.

    Raises: Refusal if it is not one's own.
    """
    mine, fresh = _open(meeting, by)
    fresh.cancelled_at = None
    _save(fresh)
    _tell(mine, by)


@transaction.atomic
def hold(*, meeting: MentoringMeeting, counts: bool, by: Person) -> None:
    """Say that a meeting took place. Once both said so, the hours of who asks for it are proposed, if they count.

    Raises: Refusal if it is not one's own, is yet to come, or was called off.
    """
    mine = held(meeting.pair, by)
    fresh = MentoringMeeting.objects.visible_to(by).filter(pk=meeting.pk, pair=mine).first()
    if fresh is None or fresh.cancelled_at:
        raise Refusal("Cette rencontre n’est plus là.")
    if fresh.starts_at > timezone.now():
        raise Refusal("Cette rencontre n’a pas encore eu lieu.")
    side = mine.side_of(by)
    setattr(fresh, f"{side}_held_at", getattr(fresh, f"{side}_held_at") or timezone.now())
    setattr(fresh, f"{side}_counts", counts)
    fresh.save()
    note_change(mine)
    if fresh.is_held:
        _credit(mine, fresh, by)


def _credit(pair: MentoringPair, meeting: MentoringMeeting, by: Person) -> None:
    """Nothing of the pair goes into the account of hours but a day and a length, for who asked."""
    if (counting := queries.settings_of(pair)) is not None:
        meeting.pair = pair
        for claim in claims_of(meeting, counting):
            hours.credit(by=by, **vars(claim))  # no minutes: what was proposed goes
