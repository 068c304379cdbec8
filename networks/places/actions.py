"""Verbs of bookings: book, change, cancel, take back.

Nobody looks whether a moment is free before writing: the database refuses a quarter of an hour that is held.
Source: docs/decisions/0023-third-places-and-meetings.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from circo import notices
from circo.errors import Refusal
from circo.models import Person
from networks.models import BookedQuarter, Booking, Meeting, MutualisationGroup, ThirdPlace
from networks.places import queries, rules
from networks.places.rules import Slot
from networks.places.telling import BOOKING_CHANGED

OF_MEETING = "Cette réservation est celle d’une rencontre\u00a0: déplacez ou annulez la rencontre, elle suivra."
NOT_YOURS = "Seules la personne qui a réservé et l’équipe qui tient le lieu peuvent changer cette réservation."


class Taken(Refusal):
    """Somebody has booked the place for that moment. `free` are the nearest moments that nobody has."""

    def __init__(self, free: Sequence[Slot]) -> None:
        super().__init__(rules.taken_in_words(free))
        self.free = free


@dataclass(frozen=True)
class Wanted:
    """What one asks of a place."""

    slot: Slot  # local
    people: int
    purpose: str
    group: MutualisationGroup | None = None


@transaction.atomic
def book(*, place: ThirdPlace, wanted: Wanted, by: Person) -> Booking:
    """Book a place for some hours of one day.

    Raises: Refusal if one does not see the place, or it cannot be booked then, or for so many; Taken if somebody was
            quicker.
    """
    place = _locked(place, by)
    _check(place, wanted, by)
    booking = Booking.objects.create(
        place=place,
        starts_at=wanted.slot.starts_at,
        ends_at=wanted.slot.ends_at,
        purpose=wanted.purpose.strip(),
        people=wanted.people,
        group=wanted.group,
        booked_by=by,
    )
    _hold(booking, place)
    return booking


@transaction.atomic
def change(*, booking: Booking, wanted: Wanted, by: Person, of_meeting: bool = False) -> Booking:
    """Move a booking, or correct what it says. `take_back` undoes a move.

    Raises: Refusal if it is not one's own, over, cancelled, or if the place cannot be booked so; Taken if somebody has
            that moment.
    """
    held, place = _own(booking, by, of_meeting=of_meeting)
    if held.cancelled_at:
        raise Refusal("Cette réservation est annulée. Réservez de nouveau.")
    _check_not_over(held)
    moved = (held.starts_at, held.ends_at) != (wanted.slot.starts_at, wanted.slot.ends_at)
    _check(place, wanted, by, moved=moved, held=held)
    if moved:
        held.moved_from, held.moved_until = held.starts_at, held.ends_at
        held.starts_at, held.ends_at = wanted.slot.starts_at, wanted.slot.ends_at
        held.quarters.all().delete()
        _hold(held, place)
    held.people, held.purpose, held.group = wanted.people, wanted.purpose.strip(), wanted.group
    _save(held)
    if moved:
        _tell(held, by, "déplacé")
    return held


@transaction.atomic
def cancel(*, booking: Booking, by: Person, of_meeting: bool = False) -> Booking:
    """Give a place back; cancelling twice changes nothing. `take_back` undoes it as long as nobody books instead.

    Raises: Refusal if it is not one's own, or over.
    """
    held, _ = _own(booking, by, of_meeting=of_meeting)
    if held.cancelled_at:
        return held
    _check_not_over(held)
    held.cancelled_at = timezone.now()
    held.quarters.all().delete()
    _save(held)
    _tell(held, by, "annulé")
    return held


@transaction.atomic
def take_back(*, booking: Booking, by: Person, of_meeting: bool = False) -> Booking:
    """Undo what was last done to a booking: a cancellation, else a move.

    Raises: Refusal if it is not one's own, or its moment is past; Taken if somebody has it by now.
    """
    held, place = _own(booking, by, of_meeting=of_meeting)
    if held.cancelled_at:
        held.cancelled_at = None
    elif held.moved_from and held.moved_until:
        held.starts_at, held.ends_at, held.moved_from, held.moved_until = held.moved_from, held.moved_until, None, None
    else:
        return held
    rules.check_slot(held.slot, place.asked, now=timezone.localtime())
    held.quarters.all().delete()
    _hold(held, place)
    _save(held)
    _tell(held, by, "remis en place")
    return held


def _locked(place: ThirdPlace, by: Person) -> ThirdPlace:
    """Have the bookings of one place pass one after another: two moves that cross would wait for each other."""
    rows = ThirdPlace.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    held = rows.filter(pk=place.pk).first()
    if held is None:
        raise Refusal("Ce lieu n’est pas de ceux que vous pouvez réserver.")
    return held


def _own(booking: Booking, by: Person, *, of_meeting: bool) -> tuple[Booking, ThirdPlace]:
    """Lock a booking that one may change. That of a meeting follows it; the place's team may free it."""
    place = _locked(booking.place, by)
    held = Booking.objects.editable_by(by).filter(pk=booking.pk).select_for_update(of=("self",)).first()
    if held is None:
        raise Refusal(NOT_YOURS)
    kept = ThirdPlace.objects.editable_by(by).filter(pk=place.pk).exists()
    if not of_meeting and not kept and Meeting.objects.filter(booking=held).exists():
        raise Refusal(OF_MEETING)
    return held, place


def _check_not_over(booking: Booking) -> None:
    if booking.ends_at <= timezone.now():
        raise Refusal("Cette réservation est passée\u00a0: elle ne change plus.")


def _check(place: ThirdPlace, wanted: Wanted, by: Person, *, moved: bool = True, held: Booking | None = None) -> None:
    if moved:
        rules.check_slot(wanted.slot, place.asked, now=timezone.localtime())
    rules.check_people(wanted.people, place.asked)
    if not wanted.purpose.strip():
        raise Refusal("Dites en quelques mots pour quoi faire.")
    kept = held is not None and wanted.group is not None and held.group_id == wanted.group.pk
    if wanted.group and not kept and not queries.groups_to_book_for(by).filter(pk=wanted.group.pk).exists():
        raise Refusal("Choisissez l’un de vos groupes.")


def _hold(booking: Booking, place: ThirdPlace) -> None:
    """Take the quarters of an hour of a booking.

    Raises: Taken if one of them is somebody else's.
    """
    held = [BookedQuarter(booking=booking, place=place, starts_at=at) for at in rules.quarters(booking.slot)]
    try:
        with transaction.atomic():
            BookedQuarter.objects.bulk_create(held)
    except IntegrityError as error:
        taken = queries.taken_around(place, booking.slot)
        raise Taken(rules.nearest_free(booking.slot, place.asked, taken, now=timezone.localtime())) from error


def _save(booking: Booking) -> None:
    booking.sequence += 1
    booking.save()


def _tell(booking: Booking, by: Person, done: str) -> None:
    """Tell whoever booked what somebody else has done with it."""
    if booking.booked_by is None or booking.booked_by_id == by.pk:
        return
    notices.tell(
        person=booking.booked_by,
        kind=BOOKING_CHANGED.name,
        key=f"booking-{booking.pk}-{booking.sequence}",
        title=f"{by} a {done} l’une de vos réservations",
        text=f"{booking.place.name}, {booking.slot}",
        path=reverse("networks:place_page", args=[booking.place_id], query={"semaine": booking.slot.starts_at.date()}),
    )
