"""Verbs of the sessions of workshops: hold one at a moment, take it out, cancel it, hold it after all."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.errors import Refusal
from circo.models import Person
from events.days import actions as days
from events.models import SharingDay, Slot, Workshop, WorkshopSeat, WorkshopSession, WorkshopWait
from events.programme import queries, rules, seating
from events.programme.actions.seats import seek
from events.programme.actions.writing import check_leaders, prepared
from events.programme.rules import SlotKind

NOT_OF_DAY = "Cela n’est pas du programme de cette journée."


@transaction.atomic
def put_session(
    *,
    slot: Slot,
    workshop: Workshop,
    room: str,
    capacity: int,
    by: Person,
    opens_from: int | None = None,
    session: WorkshopSession | None = None,
    seen: str = "",
) -> WorkshopSession:
    """Hold a workshop at a moment, in a room, for so many; or change its room and its seats. `opens_from`: how many
    people open it; `seen`: the mark of what one saw of it.

    Raises: Refusal if one does not prepare the day, it is over, the moment has no workshops, the room or a leader is
            taken, or more people sit there already; Changed if somebody has changed it meanwhile.
    """
    day = prepared(slot.day, by)
    if workshop.day_id != day.pk or slot.kind != SlotKind.WORKSHOPS:
        raise Refusal(NOT_OF_DAY)
    if not 1 <= capacity <= rules.CAPACITY_MAX:
        raise Refusal(f"Un atelier a de 1 à {rules.CAPACITY_MAX}\u00a0places.")
    rules.check_opening(opens_from, capacity)
    locked = seating.locked(slot)
    if session is not None:  # another may have called it off since it was read
        session = WorkshopSession.objects.standing().filter(pk=session.pk).first()
        if session is None:
            raise Refusal("Cette séance a été annulée entre-temps\u00a0: rouvrez-la d’abord.")
        rules.check_seen(seen, session.mark, session.in_words)
    if session is not None and session.workshopseats.count() > capacity:
        raise Refusal(f"{session.workshopseats.count()}\u00a0personnes y ont déjà une place.")
    written = session or WorkshopSession(slot=locked, workshop=workshop)
    written.room, written.capacity, written.opens_from = room.strip(), capacity, opens_from
    check_leaders(workshop, locked.pk)
    _save(written)
    days.touch(day)
    seating.free_leaders(locked)
    if day.assigned_at:
        seating.settle(locked)
    return written


@transaction.atomic
def remove_session(*, session: WorkshopSession, by: Person) -> None:
    """Take a workshop out of a moment.

    Raises: Refusal if one does not prepare the day, it is over, or people sit there.
    """
    prepared(session.slot.day, by)
    if session.workshopseats.exists():
        raise Refusal("Des personnes y ont une place\u00a0: annulez la séance, une autre place leur sera cherchée.")
    session.delete()


@transaction.atomic
def cancel_session(*, session: WorkshopSession, by: Person) -> WorkshopSession:
    """Call a session off: who sat there is told, and a worker seeks them another seat. `restore_session` undoes it.

    Raises: Refusal if one does not prepare the day, or it is over.
    """
    day = prepared(session.slot.day, by)
    slot = seating.locked(session.slot)
    held = WorkshopSession.objects.select_related("workshop").get(pk=session.pk)
    if held.cancelled_at:
        return held
    seats = WorkshopSeat.objects.filter(session=held)
    people = list(seats.order_by("pk").values_list("convocation_id", "convocation__person_id"))
    held.cancelled_at, held.had_seats = timezone.now(), [pk for pk, _ in people]
    held.save(update_fields=["cancelled_at", "had_seats"])
    days.touch(day)
    seats.delete()
    WorkshopWait.objects.filter(session=held).delete()
    told = [*_leaders(held), *(pk for _, pk in people)]
    says = "Une autre place vous est cherchée\u00a0: elle vous sera annoncée." if day.assigned_at else day.title
    _tell(told, held, day, f"«\u00a0{held.workshop}\u00a0» n’ouvrira pas", says)
    if day.assigned_at:
        seating.settle(slot)
        seek(day)
    return held


@transaction.atomic
def restore_session(*, session: WorkshopSession, by: Person) -> WorkshopSession:
    """Hold after all a session that was called off: who sat there sits there again, if they are still expected and
    have asked for no other since.

    Raises: Refusal if one does not prepare the day, it is over, or the room, the workshop or a leader is taken.
    """
    day = prepared(session.slot.day, by)
    slot = seating.locked(session.slot)
    slot.day = day
    held = WorkshopSession.objects.select_related("workshop").get(pk=session.pk)
    if held.cancelled_at is None:
        return held
    check_leaders(held.workshop, slot.pk)
    back = queries.expected(day, slot).filter(pk__in=held.had_seats if day.assigned_at else ())
    held.cancelled_at, held.had_seats = None, []
    _save(held)
    days.touch(day)
    seating.free_leaders(slot)
    people = list(back.order_by("pk")[: held.capacity])
    for one in people:
        WorkshopSeat.objects.update_or_create(convocation=one, slot=slot, defaults={"session": held})
    if day.assigned_at:
        seating.settle(slot)
        seek(day)
    title = f"«\u00a0{held.workshop}\u00a0» ouvre finalement"
    _tell(_leaders(held), held, day, title, "Vous l’animez comme prévu.")
    _tell([one.person_id for one in people], held, day, title, "Votre place y est de nouveau la vôtre.")
    return held


def _leaders(session: WorkshopSession) -> list[int]:
    return list(session.workshop.facilitators.order_by("pk").values_list("pk", flat=True))


def _save(session: WorkshopSession) -> None:
    try:
        with transaction.atomic():
            session.save()
    except IntegrityError as error:
        raise Refusal(
            "À ce moment, cet atelier ou cette salle sont déjà pris\u00a0: une salle n’a qu’un atelier à la fois."
        ) from error


def _tell(person_ids: list[int], session: WorkshopSession, day: SharingDay, title: str, text: str) -> None:
    notices.tell_many(
        Person.objects.filter(pk__in=person_ids).order_by("pk"),
        kind=seating.SEATED.name,
        key=f"session-{session.pk}-{day.sequence}",
        title=title,
        text=text,
        path=reverse("events:day_page", args=[day.pk]),
    )
