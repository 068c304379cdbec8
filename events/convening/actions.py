"""Verbs of convocations: who is on the list, send, remind, answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from circo.documents import actions as documents
from circo.documents.rules import weekday
from circo.errors import Refusal
from circo.models import Person
from events.convening import queries, rules
from events.convening.rules import Answer, ConvocationState, Reason
from events.days import actions as days
from events.days import rules as day_rules
from events.days.rules import DayState
from events.days.telling import CALLED, CHANGED, tell
from events.models import Convocation, SharingDay
from events.needs.leaving import checking as leaving
from events.programme import seating

NOT_YOURS = "Cette convocation n’est pas de celles que vous préparez."
NOT_CALLED = "Vous n’êtes pas convoqué·e à cette journée."
NO_MORE = "Vous n’êtes plus convoqué·e à cette journée."


@transaction.atomic
def refresh(*, day: SharingDay, by: Person) -> int:
    """Put on the list the members who are not on it yet, and return how many. Who was taken out stays out.

    Raises: Refusal if one does not prepare the day, or it is over.
    """
    held = days.prepared(day, by)
    days.check_open(held)
    return days.list_members(held)


@transaction.atomic
def invite(*, day: SharingDay, person: Person, by: Person) -> Convocation:
    """Put somebody else on the list: a colleague of no network, a speaker. Twice changes nothing.

    Raises: Refusal if one does not prepare the day, it is over, or does not see that person.
    """
    held = days.prepared(day, by)
    days.check_open(held)
    if not Person.objects.visible_to(by).filter(pk=person.pk, is_active=True).exists():
        raise Refusal("Cette personne n’est pas de votre circonscription.")
    return _put_on_list(held, person, None, by)


@transaction.atomic
def invite_from(*, day: SharingDay, email: str, by: Person) -> Convocation:
    """Put on the list somebody of another district of the same département, by their address: no list shows names.

    Raises: Refusal if one does not prepare the day, it is over, or nobody there has that address.
    """
    held = days.prepared(day, by)
    days.check_open(held)
    found = queries.guest_from(held, email)
    if found is None:
        raise Refusal("Personne, dans une autre circonscription du département, n’a cette adresse.")
    return _put_on_list(held, *found, by)


def _put_on_list(day: SharingDay, person: Person, guest_of_id: int | None, by: Person) -> Convocation:
    made = {"is_guest": True, "guest_of_id": guest_of_id}
    one, is_new = Convocation.objects.get_or_create(day=day, person=person, defaults=made)
    return one if is_new or one.state != ConvocationState.WITHDRAWN else put_back(convocation=one, by=by)


@transaction.atomic
def take_out(*, convocation: Convocation, by: Person) -> Convocation:
    """Take somebody out of the list; who was called already is told, and their document no longer holds.

    `put_back` undoes it.

    Raises: Refusal if one does not prepare the day, or it is over.
    """
    held = _edited(convocation, by)
    if held.state == ConvocationState.WITHDRAWN:
        return held
    was_called = held.is_called
    held.state, held.withdrawn_at = ConvocationState.WITHDRAWN, timezone.now()
    _save(held)
    documents.call_off(Convocation.objects.filter(pk=held.pk).documents())
    if was_called:
        title = f"Vous n’êtes plus convoqué·e le {weekday(held.day.on)}"
        tell([held.person], held.day, CHANGED, title, f"out-{held.pk}-{held.sequence}")
    return held


@transaction.atomic
def put_back(*, convocation: Convocation, by: Person) -> Convocation:
    """Put back somebody who was taken out, called as they were.

    Raises: Refusal if one does not prepare the day, it is over, or too many would leave that person's school.
    """
    _hold_day(convocation.day_id)
    held = _edited(convocation, by)
    if held.state != ConvocationState.WITHDRAWN:
        return held
    held.withdrawn_at = None
    held.state = _state_of(held)
    _save(held)
    documents.call_on(Convocation.objects.filter(pk=held.pk).documents())
    if held.is_called:
        title = f"Vous êtes de nouveau convoqué·e le {weekday(held.day.on)}"
        tell([held.person], held.day, CALLED, title, f"back-{held.pk}-{held.sequence}")
        leaving.check(held.day)
    return held


def _hold_day(day_id: int) -> None:
    """The day first, as whoever sends does: two who are put back at once are counted together."""
    SharingDay.objects.select_for_update().get(pk=day_id)


@transaction.atomic
def send(*, day: SharingDay, reply_by: date, by: Person) -> int:
    """Send the convocations that wait, each under a code that can be checked; return how many.

    Raises: Refusal if one does not convene in that district, the day is not announced, the day of answer does not
            suit, or too many would leave one school.
    """
    held = _convened(day, by)
    if held.state != DayState.PUBLISHED:
        raise Refusal(
            "Annoncez d’abord la journée."
            if held.state == DayState.DRAFT
            else day_rules.LIFE.says[DayState(held.state)]
        )
    rules.check_reply_by(reply_by, held.on, timezone.localdate())
    leaving.check(held)
    waiting = list(
        held.convocations.filter(state=ConvocationState.PREPARED)
        .select_related("person")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    held.reply_by = reply_by
    held.save(update_fields=["reply_by", "updated_at"])
    _issue(held, waiting, by)
    title = f"Vous êtes convoqué·e à une journée des partages, {weekday(held.on)}"
    tell([one.person for one in waiting], held, CALLED, title, "called")
    return len(waiting)


def _issue(day: SharingDay, waiting: list[Convocation], by: Person) -> None:
    now = timezone.now()
    for one in waiting:
        one.document = documents.issue(
            kind="Convocation" if day.is_mission_order else "Invitation",
            recipient=str(one.person),
            subject=f"{day.title}, {weekday(day.on)}"[:200],
            by=by,
            district=day.district,
            person=one.person,
        )
        one.state, one.sent_at, one.sent_by, one.updated_at = ConvocationState.SENT, now, by, now
        one.sequence += 1
    fields = ["document", "state", "sent_at", "sent_by", "sequence", "updated_at"]
    Convocation.objects.bulk_update(waiting, fields, batch_size=200)


@transaction.atomic
def remind(*, day: SharingDay, by: Person) -> int:
    """Remind those who have not answered, once a day at the most; return how many.

    Raises: Refusal if one does not convene in that district, or the day is not announced.
    """
    held = _convened(day, by)
    if held.state != DayState.PUBLISHED:
        raise day_rules.LIFE.refusal(DayState(held.state))
    now = timezone.now()
    lately = now - rules.REMINDED_AGAIN_AFTER
    silent = held.convocations.filter(state=ConvocationState.SENT).filter(
        Q(reminded_at=None, sent_at__lt=lately) | Q(reminded_at__lt=lately)
    )
    people = list(Person.objects.filter(pk__in=silent.order_by().values("person_id")).order_by("pk"))
    silent.update(reminded_at=now)
    title = f"On attend votre réponse pour la journée du {weekday(held.on)}"
    tell(people, held, CALLED, title, f"remind-{timezone.localdate()}")
    return len(people)


# --- What one answers -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Said:
    """What somebody answers to a convocation."""

    answer: Answer
    reason: Reason | None = None
    word: str = ""


@transaction.atomic
def answer(*, convocation: Convocation, said: Said, by: Person) -> Convocation:
    """Answer a convocation of one's own; one changes one's mind until the day.

    Raises: Refusal if it is not one's own, the day is past or called off, or a half-day is left without saying why.
    """
    held = own(convocation, by)
    rules.check_answer(said.answer, said.reason or "")
    comes = said.answer is Answer.COMES
    held.answer = said.answer.value
    held.reason = "" if comes or said.reason is None else said.reason.value
    held.word = said.word.strip()[: rules.WORD_MAX]
    held.state, held.answered_at = ConvocationState.ANSWERED, timezone.now()
    _save(held)
    return held


@transaction.atomic
def take_back(*, convocation: Convocation, by: Person) -> Convocation:
    """Take one's answer back: nothing is said any more.

    Raises: Refusal as `answer`.
    """
    held = own(convocation, by)
    held.answer = held.reason = held.word = ""
    held.answered_at, held.state = None, ConvocationState.SENT
    _save(held)
    return held


def own(convocation: Convocation, by: Person) -> Convocation:
    """Lock a convocation of one's own to a day that is still to come.

    Raises: Refusal.
    """
    rows = Convocation.objects.of(by).filter(pk=convocation.pk).select_related("day")
    held = rows.select_for_update(of=("self",)).first()
    if held is None or not held.is_called:
        raise Refusal(NOT_CALLED)
    if held.day.state != DayState.PUBLISHED:
        raise day_rules.LIFE.refusal(DayState(held.day.state))
    if held.day.on < timezone.localdate():
        raise Refusal("Cette journée est passée.")
    return held


def _edited(convocation: Convocation, by: Person) -> Convocation:
    rows = Convocation.objects.editable_by(by).filter(pk=convocation.pk).select_related("day__district", "person")
    held = rows.select_for_update(of=("self",)).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    days.check_open(held.day)
    return held


def _convened(day: SharingDay, by: Person) -> SharingDay:
    rows = SharingDay.objects.sendable_by(by).select_related("district", "place")
    held = rows.select_for_update(of=("self",)).filter(pk=day.pk).first()
    if held is None:
        raise Refusal("L’inspection et le secrétariat envoient les convocations.")
    return held


def _state_of(convocation: Convocation) -> ConvocationState:
    if convocation.answer:
        return ConvocationState.ANSWERED
    return ConvocationState.SENT if convocation.sent_at else ConvocationState.PREPARED


def _save(convocation: Convocation) -> None:
    """Save it: calendars hear of it, and seats that it leaves go to who waits."""
    convocation.sequence += 1
    convocation.save()
    seating.follow_answer(convocation, convocation.day)
