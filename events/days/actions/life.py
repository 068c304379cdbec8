"""The life of a day: announced, taken back, called off, put back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.documents import actions as documents
from circo.errors import Refusal
from circo.models import Person
from events.days.actions.holding import (
    free_place,
    move,
    prepared,
    rank_of,
    tell_called,
    touch,
)
from events.days.rules import DayState
from events.models import SharingDay
from events.plans import calling_off
from networks.places import actions as places


@transaction.atomic
def publish(*, day: SharingDay, by: Person) -> SharingDay:
    """Announce a day to its district: from now on its page is open to all who work there.

    Raises: Refusal if one does not prepare it, it is not being prepared, or nobody knows where it takes place.
    """
    held = prepared(day, by)
    if not held.place_words:
        raise Refusal("Dites d’abord où la journée a lieu\u00a0: un tiers-lieu, ou une adresse.")
    return move(held, DayState.PUBLISHED, by)


@transaction.atomic
def unpublish(*, day: SharingDay, by: Person) -> SharingDay:
    """Take an announced day back, as long as nobody was called, nor any substitute told.

    Raises: Refusal.
    """
    held = prepared(day, by)
    if held.convocations.filter(sent_at__isnull=False).exists():
        raise Refusal("Des convocations sont parties\u00a0: annulez la journée, ou changez-la.")
    if held.plan_days.filter(is_in_force=True).exists():
        raise Refusal("Des remplaçants sont prévenus\u00a0: annulez la journée, ou changez-la.")
    return move(held, DayState.DRAFT, by)


@transaction.atomic
def cancel(*, day: SharingDay, by: Person) -> SharingDay:
    """Call a day off: its place and its date are free again, and who is called is told. Twice changes nothing.

    Raises: Refusal if one does not prepare it, or it was held.
    """
    held = prepared(day, by)
    if held.state == DayState.CANCELLED:
        return held
    move(held, DayState.CANCELLED, by)
    free_place(held, by)
    touch(held)
    documents.call_off(held.convocations.called().documents())
    tell_called(held, by, "Journée des partages annulée")
    calling_off.call_off(held)
    return held


@transaction.atomic
def restore(*, day: SharingDay, by: Person) -> SharingDay:
    """Put back a day that was called off, and its place if nobody has it meanwhile.

    Raises: Refusal if the year has all its days, another day has its date, its substitutes take other classes; Taken.
    """
    held = prepared(day, by)
    if held.state != DayState.CANCELLED:
        return held
    held.rank = rank_of(held.district, held.school_year, held.on)
    move(held, DayState.PUBLISHED if held.published_at else DayState.DRAFT, by)
    if held.booking is not None and held.on >= timezone.localdate():
        places.take_back(booking=held.booking, by=held.booking.booked_by or by)
    touch(held)
    documents.call_on(held.convocations.called().documents())
    tell_called(held, by, "Journée des partages remise en place")
    calling_off.call_on(held, by)
    return held
