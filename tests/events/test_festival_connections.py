"""What one connection may hold of a small workshop unconfirmed: a robot leaves seats, a school's families sit."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.models import OutgoingMail
from events.festival import keeping, rules, waiting
from events.festival.mails import token_of
from events.models import SeatBooking
from tests.events.festivals import NOW, published
from tests.events.test_festival_seats import post, taken

ROBOT, SCHOOL, HOME = "192.0.2.66", "198.51.100.7", "203.0.113.77"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def small(world):
    """A workshop of twelve seats."""
    _, animation = published(world.here, world.amina, world.adviser, capacity=12)
    return animation.sessions.get()


def ask(client, session, name, seats, remote) -> SeatBooking:
    assert post(client, session, name, seats=str(seats), remote=remote).status_code == 302
    return SeatBooking.objects.get(email=f"{name}@example.test")


def confirm(client, held) -> str:
    client.post(reverse("events:visitor_confirm", args=[token_of(held)]))
    held.refresh_from_db()
    return held.state


def robbed(client, session, seats=6) -> None:
    for number in range(8):
        ask(client, session, f"robot{number}", seats, ROBOT)


def test_a_robot_leaves_half_of_the_seats(client, small):
    robbed(client, small)
    assert taken(small) == 6
    assert ask(client, small, "family", 6, HOME).state == "HELD"


def test_without_the_bound_a_robot_holds_them_all(client, small, monkeypatch):
    """The canary."""
    monkeypatch.setattr(waiting, "may_hold", lambda *_: True)
    robbed(client, small)
    assert taken(small) == 12
    assert ask(client, small, "family", 6, HOME).state == "WAITING"


def test_a_robot_does_not_take_over_from_itself(client, world, clock):
    """Six seats in all, held by one group: some hours later they go to who waits, not to the next name of the robot."""
    _, animation = published(world.here, world.amina, world.adviser, capacity=6)
    session = animation.sessions.get()
    robbed(client, session)
    family = ask(client, session, "family", 4, HOME)
    assert family.state == "WAITING"
    clock.shift(rules.HELD_SHORT + timedelta(minutes=1))
    keeping.settle_all()
    family.refresh_from_db()
    assert family.state == "HELD"
    assert family.held_until > timezone.now() + timedelta(hours=2)
    assert not SeatBooking.objects.filter(state="HELD").exclude(pk=family.pk).exists()


def test_the_families_of_a_school_all_sit(client, small):
    """One connection for all: the third is kept nothing yet, and sits as soon as she opens her mail, or they theirs."""
    first, second, third, fourth = (ask(client, small, name, 3, SCHOOL) for name in ("ana", "leo", "mia", "zoe"))
    assert [one.state for one in (first, second, third, fourth)] == ["HELD", "HELD", "WAITING", "WAITING"]
    mail = OutgoingMail.objects.get(to="mia@example.test")
    assert "S’il en reste quand vous ouvrez le lien" in mail.text
    page = reverse("events:visitor_page", args=[token_of(third)])
    assert "Prendre des places s’il en reste" in client.get(page).content.decode()
    assert confirm(client, third) == "CONFIRMED"
    assert confirm(client, first) == "CONFIRMED"
    fourth.refresh_from_db()
    assert fourth.state == "HELD"
    assert [confirm(client, one) for one in (second, fourth)] == ["CONFIRMED"] * 2
    assert taken(small) == 12


def test_who_waits_for_a_full_session_takes_nothing(client, small):
    held = [ask(client, small, f"visitor{number}", 6, f"198.51.100.{number}") for number in range(2)]
    late = ask(client, small, "leo", 1, HOME)
    assert confirm(client, late) == "WAITING"
    assert confirm(client, held[0]) == "CONFIRMED"
    assert taken(small) == 12


def test_the_trace_of_a_connection_is_of_one_session_and_goes(client, small, world, clock):
    other = small.animation.sessions.create(on=small.on, starts="14:00", ends="15:00", seats=12)
    first, lapsed = ask(client, small, "ana", 1, HOME), ask(client, small, "leo", 1, HOME)
    post(client, other, "mia", remote=HOME)
    elsewhere = SeatBooking.objects.get(session=other)
    assert first.trace == lapsed.trace
    assert HOME not in first.trace
    assert elsewhere.trace not in ("", first.trace)
    confirm(client, first)
    assert first.trace == ""
    client.post(reverse("events:visitor_cancel", args=[token_of(elsewhere)]))
    clock.shift(rules.HELD_FOR + rules.TRACE_KEPT)
    keeping.settle_all()
    assert not SeatBooking.objects.exclude(trace="").exists()
