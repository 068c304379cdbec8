"""Verbs of a programme being shown: its wishes, its seats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.models import Person
from events.convening import actions as convening
from events.days import actions as days
from events.days.rules import DayState
from events.models import Convocation, SharingDay, Slot, WorkshopSeat, WorkshopSession, WorkshopWait, WorkshopWish
from events.programme import queries, rules, seating
from events.programme.actions.writing import prepared


# --- Showing ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def show(*, day: SharingDay, wishes_until: date | None, by: Person) -> SharingDay:
    """Open the programme to all who see the day, and the wishes until a day, if one is given.

    Raises: Refusal if one does not prepare the day, it is over, the programme is empty, or that day does not suit.
    """
    held = prepared(day, by)
    if not held.programme.exists():
        raise Refusal("Le programme est encore vide.")
    if wishes_until is not None and not timezone.localdate() <= wishes_until < held.on:
        raise Refusal("On dit ses vœux avant la journée\u00a0: choisissez un jour à venir, plus tôt.")
    held.programme_at = held.programme_at or timezone.now()
    held.wishes_until = wishes_until
    days.touch(held)
    return held


@transaction.atomic
def hide(*, day: SharingDay, by: Person) -> SharingDay:
    """Close the programme again, as long as no seat is given. What was wished stays.

    Raises: Refusal.
    """
    held = prepared(day, by)
    if held.assigned_at:
        raise Refusal("Les places sont données\u00a0: le programme reste ouvert.")
    held.programme_at = None
    days.touch(held)
    return held


# --- Wishes and seats -------------------------------------------------------------------------------------------------
@transaction.atomic
def wish(*, convocation: Convocation, wishes: Mapping[int, Sequence[int]], by: Person) -> None:
    """Say one's wishes: sessions in order, by moment. One changes them until the last day.

    Raises: Refusal if it is not one's own, wishes are closed, or a session is not of that moment.
    """
    held = convening.own(convocation, by)
    if not queries.may_wish(held.day):
        raise Refusal("Les vœux sont clos.")
    slots = {slot.pk: {one.pk for one in slot.sessions.all()} for slot in queries.choosable(held.day)}
    for slot_id, asked in wishes.items():
        if not set(asked) <= slots.get(slot_id, set()):
            raise Refusal("Le programme a changé. Relisez-le, puis choisissez de nouveau.")
        if len(set(asked)) != len(asked):
            raise Refusal("Choisissez des ateliers différents.")
    WorkshopWish.objects.filter(convocation=held, slot__in=wishes).delete()
    WorkshopWish.objects.bulk_create(
        WorkshopWish(convocation=held, slot_id=slot_id, session_id=session, rank=rank)
        for slot_id, asked in wishes.items()
        for rank, session in enumerate(asked[: rules.WISHES], start=1)
    )


@transaction.atomic
def ask_to_give(*, day: SharingDay, by: Person) -> SharingDay:
    """Have a worker give seats to all who are expected; who sits already stays. Asking twice is as once.

    Raises: Refusal if one does not prepare the day, it is not announced, or its programme is not shown.
    """
    held = prepared(day, by)
    if held.state != DayState.PUBLISHED or not queries.is_shown(held):
        raise Refusal("Annoncez la journée et montrez le programme d’abord.")
    seek(held)
    return held


def seek(day: SharingDay) -> None:
    """Have a worker seek a seat for those of a day who have none. The day is locked by the caller."""
    day.seats_stop_asked_at, day.seats_failure = None, ""
    day.save(update_fields=["seats_stop_asked_at", "seats_failure"])
    jobs.ask(queries.GIVE, str(day.pk), owner_key=f"district-{day.district_id}")


def give_up(subject_id: str, reason: str) -> None:
    """The computing stopped, and nobody tries again: say why. The seats that were given still are."""
    SharingDay.objects.filter(pk=subject_id).update(seats_failure=reason[:300], seats_stop_asked_at=None)


@transaction.atomic
def stop(*, day: SharingDay, by: Person) -> SharingDay:
    """Ask the worker to stop: seats stay as they are.

    Raises: Refusal if one does not prepare the day.
    """
    held = days.prepared(day, by)
    if held.seats_stop_asked_at is None and queries.giving(held) is not None:
        held.seats_stop_asked_at = timezone.now()
        held.save(update_fields=["seats_stop_asked_at"])
    return held


@transaction.atomic
def ungive(*, day: SharingDay, by: Person) -> SharingDay:
    """Take all seats back: wishes stay, and may be changed again. Seats that a worker seeks are given to nobody.

    Raises: Refusal if one does not prepare the day, or it is over.
    """
    held = prepared(day, by)
    jobs.forget(queries.GIVE, str(held.pk))
    seating.lock_all(held)
    WorkshopSeat.objects.filter(slot__day=held).delete()
    WorkshopWait.objects.filter(slot__day=held).delete()
    held.assigned_at = held.given = held.seats_stop_asked_at = None
    held.seats_failure = ""
    days.touch(held)
    return held


@transaction.atomic
def ask_seat(*, convocation: Convocation, session: WorkshopSession, by: Person) -> bool:
    """Ask to sit in a session: at once if there is room or somebody wants to exchange, else one waits. Tell whether
    one sits there. Asking for where one sits ends the wait.

    Raises: Refusal if it is not one's own, seats do not change now, or one is not there at that moment.
    """
    held = convening.own(convocation, by)
    slot = seating.locked(session.slot)
    if slot.day_id != held.day_id or not queries.may_move(slot.day):
        raise Refusal("Les places ne changent pas en ce moment.")
    if not WorkshopSession.objects.standing().filter(pk=session.pk, slot=slot).exists():
        raise Refusal("Cet atelier n’a plus lieu à ce moment\u00a0: choisissez-en un autre.")
    if slot.half not in held.halves:
        raise Refusal("Vous n’êtes pas là à ce moment, d’après votre réponse.")
    if queries.leads(held, slot) is not None:
        raise Refusal("Vous animez un atelier à ce moment.")
    _choose_elsewhere(held, slot)
    WorkshopWait.objects.filter(convocation=held, slot=slot).delete()
    if WorkshopSeat.objects.filter(convocation=held, session=session).exists():
        return True
    WorkshopWait.objects.create(convocation=held, slot=slot, session=session)
    seating.settle(slot)
    return WorkshopSeat.objects.filter(convocation=held, session=session).exists()


def _choose_elsewhere(convocation: Convocation, slot: Slot) -> None:
    """Whoever chooses is not put back into a session that was called off, should it be held after all."""
    for one in WorkshopSession.objects.filter(slot=slot, cancelled_at__isnull=False).order_by("pk"):
        if convocation.pk in one.had_seats:
            one.had_seats.remove(convocation.pk)
            one.save(update_fields=["had_seats"])
