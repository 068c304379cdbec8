"""Many at once for one room: exactly one has it, on every database; and what happens when the constraint is off."""

from __future__ import annotations

import threading
from itertools import cycle

import pytest
from django.db import connection

from networks.models import BookedQuarter, Booking
from networks.places import actions
from networks.places.actions import Taken
from tests.networks.places import booking_of, place_of, slot, wanted
from tests.world import person, post

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 12
HOURS = [("10:00", "12:00"), ("11:00", "12:00"), ("09:00", "11:30"), ("11:15", "11:30")]  # all hold 11 h 15


def race(acts):
    """Run each act in a thread of its own, all starting together; return what each answered, or its refusal."""
    answers, start = [], threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=20)
            answers.append(act())
        except Taken as taken:
            answers.append(taken)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(answers) == len(acts)
    return answers


@pytest.fixture
def place(world):
    return place_of(world.here.district, opening="tous les jours 8h-18h")


@pytest.fixture
def people(world):
    made = [person(f"p{number}@ecole.test", f"P{number}", "Petit") for number in range(AT_ONCE)]
    for one in made:
        post(one, "TEACHER", world.here.schools[0])
    return made


def book_all(place, people):
    return race(
        [
            lambda one=one, hours=hours: actions.book(place=place, wanted=wanted(*hours), by=one)
            for one, hours in zip(people, cycle(HOURS), strict=False)
        ]
    )


def test_exactly_one_has_the_room_and_the_others_read_what_is_free(place, people):
    answers = book_all(place, people)
    (won,) = [one for one in answers if isinstance(one, Booking)]
    assert Booking.objects.get() == won
    for refusal in answers:
        if refusal is not won:
            assert "Ce lieu est déjà réservé à ce moment. Il est libre le " in str(refusal)
            assert all(free.ends_at <= won.starts_at or won.ends_at <= free.starts_at for free in refusal.free)


def test_without_the_constraint_the_room_is_overbooked(place, people, monkeypatch):
    """The canary: nothing but the constraint keeps two of them apart."""
    (constraint,) = BookedQuarter._meta.constraints
    monkeypatch.setattr(BookedQuarter._meta, "constraints", [])  # SQLite makes the table anew, from these
    with connection.schema_editor() as editor:
        editor.remove_constraint(BookedQuarter, constraint)
    try:
        answers = book_all(place, people)
        assert len([one for one in answers if isinstance(one, Booking)]) == AT_ONCE
    finally:
        Booking.objects.all().delete()
        monkeypatch.undo()
        with connection.schema_editor() as editor:
            editor.add_constraint(BookedQuarter, constraint)


def test_two_that_change_places_do_not_wait_for_each_other(place, people):
    """Each moves where the other was, many times over: refused or done, never a deadlock, never both."""
    one, other = booking_of(place, people[0], "09:00", "10:00"), booking_of(place, people[1], "14:00", "15:00")
    hours = [("14:00", "15:00"), ("09:00", "10:00")]
    for round_ in range(6):
        acts = [
            lambda booking=booking, by=by, at=hours[(round_ + rank) % 2]: actions.change(
                booking=booking, wanted=wanted(*at), by=by
            )
            for rank, (booking, by) in enumerate([(one, people[0]), (other, people[1])])
        ]
        race(acts)
        slots = [booking.slot for booking in Booking.objects.order_by("starts_at")]
        assert len(set(slots)) == 2
        assert BookedQuarter.objects.count() == 8
    assert set(slots) <= {slot(*at) for at in hours}


def test_quarters_are_those_of_the_bookings(place, people):
    for rank, by in enumerate(people[:4]):
        booked = booking_of(place, by, f"{9 + rank}:00".zfill(5), f"{10 + rank}:00")
        if rank % 2:
            actions.cancel(booking=booked, by=by)
    for booking in Booking.objects.all():
        held = list(booking.quarters.order_by("starts_at").values_list("starts_at", flat=True))
        assert len(held) == (0 if booking.cancelled_at else 4)
