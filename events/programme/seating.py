"""Seats: freed, and taken by who waits. Under a lock on the moment."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.errors import Refusal
from circo.models import Delivery
from circo.notices import NoticeKind
from events.models import Convocation, SharingDay, Slot, WorkshopSeat, WorkshopSession, WorkshopWait
from events.programme import queries, rules

SEATED = NoticeKind(
    "day-workshops",
    "Vos ateliers",
    "Quand les places des ateliers d’une journée sont données, ou qu’une place se libère pour vous.",
    Delivery.AT_ONCE,
)


def locked(slot: Slot) -> Slot:
    """Hold a moment, then read it: two who take its last seat pass one after the other.

    Raises: Refusal if it was taken out of the programme meanwhile.
    """
    if not Slot.objects.select_for_update().filter(pk=slot.pk):
        raise Refusal("Ce moment n’est plus au programme.")
    return Slot.objects.select_related("day").get(pk=slot.pk)


def lock_all(day: SharingDay) -> None:
    """Hold all the moments of a day, whose row the caller holds: nobody takes a seat meanwhile."""
    list(Slot.objects.select_for_update().filter(day=day).order_by("pk").values_list("pk"))


def capacities(slot: Slot) -> dict[int, int]:
    return dict(WorkshopSession.objects.standing().filter(slot=slot).order_by("pk").values_list("pk", "capacity"))


def free(slot: Slot) -> dict[int, int]:
    """How many seats are left in each session of a moment."""
    left = capacities(slot)
    for session in WorkshopSeat.objects.filter(slot=slot).order_by().values_list("session_id", flat=True):
        left[session] -= 1
    return left


def settle(slot: Slot) -> None:
    """Let who waits take the seats that are free, or exchange; they are told. The moment is locked by the caller."""
    seats = dict(WorkshopSeat.objects.filter(slot=slot).order_by("pk").values_list("convocation_id", "session_id"))
    waits = WorkshopWait.objects.filter(slot=slot).order_by("since", "pk").values_list("convocation_id", "session_id")
    for moved in rules.settled(seats, list(waits), capacities(slot)):
        WorkshopSeat.objects.update_or_create(
            convocation_id=moved.person, slot=slot, defaults={"session_id": moved.session}
        )
        WorkshopWait.objects.filter(convocation_id=moved.person, slot=slot).delete()
        # Calendars hear of another room by the number of the convocation.
        Convocation.objects.filter(pk=moved.person).update(sequence=F("sequence") + 1, updated_at=timezone.now())
        _tell(moved, slot)


def _tell(moved: rules.Moved, slot: Slot) -> None:
    held = Convocation.objects.select_related("person").get(pk=moved.person)
    notices.tell(
        person=held.person,
        kind=SEATED.name,
        key=f"seat-{slot.pk}-{moved.session}",
        title="Une place s’est libérée dans l’atelier que vous attendiez",
        text=slot.title,
        path=reverse("events:day_page", args=[slot.day_id]),
    )


def leave(convocation: Convocation, slots: Iterable[Slot]) -> None:
    """Free the seats of somebody who is not there at these moments, for who waits."""
    for slot in slots:
        held = locked(slot)
        gone, _ = WorkshopSeat.objects.filter(convocation=convocation, slot=held).delete()
        WorkshopWait.objects.filter(convocation=convocation, slot=held).delete()
        if gone:
            settle(held)


def free_leaders(slot: Slot) -> None:
    """Free the seats of those who lead a workshop at a moment, for who waits. The moment is locked by the caller."""
    people = queries.leading(slot).order_by().values("pk")
    seats, _ = WorkshopSeat.objects.filter(slot=slot, convocation__person__in=people).delete()
    WorkshopWait.objects.filter(slot=slot, convocation__person__in=people).delete()
    if seats:
        settle(slot)


def follow_answer(convocation: Convocation, day: SharingDay) -> None:
    """Free what somebody can no longer attend, as they answered or as they were taken out."""
    kept = convocation.halves if convocation.is_called else ()
    rows = WorkshopSeat.objects.filter(convocation=convocation).order_by("slot_id").values_list("slot_id", flat=True)
    waits = WorkshopWait.objects.filter(convocation=convocation).order_by("slot_id").values_list("slot_id", flat=True)
    slots = Slot.objects.filter(pk__in={*rows, *waits}).order_by("pk")
    for slot in slots:
        slot.day = day
    leave(convocation, [slot for slot in slots if slot.half not in kept])
