"""What time does to sharing days."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from circo.models import Notice
from events import tasks
from events.convening import actions as convening
from events.convening.actions import Said
from events.convening.rules import Answer, Reason
from events.models import Convocation, WorkshopWish
from events.programme import actions as programme
from networks.registries import has_new_year_event
from tests.events.days import NOW, announced
from tests.events.programmes import session_of, slot_of
from tests.events.test_programme import UNTIL, of


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True) as traveller:
        yield traveller


@pytest.fixture
def day(world):
    made = announced(world.here, world.inspector)
    convening.send(day=made, reply_by=UNTIL, by=world.inspector)
    said = Said(Answer.CANNOT, Reason.OTHER, "Un mot")
    convening.answer(convocation=of(made, world.amina), said=said, by=world.amina)
    return made


def test_who_comes_is_reminded_once_two_days_before(world, day, clock):
    tasks.remind_of_days()
    assert not Notice.objects.filter(kind="day-near").exists()
    clock.move_to(day.at("AM")[0] - timedelta(days=2))
    for _ in range(2):
        tasks.remind_of_days()
    assert {one.person for one in Notice.objects.filter(kind="day-near")} == {world.bruno, world.chloe}


def test_why_one_did_not_come_is_forgotten_two_months_later(world, day, clock):
    session = session_of(slot_of(day, world.adviser), world.adviser)
    programme.show(day=day, wishes_until=UNTIL, by=world.adviser)
    wishes = {session.slot_id: [session.pk]}
    programme.wish(convocation=of(day, world.bruno), wishes=wishes, by=world.bruno)
    for days, kept in ((60, True), (61, False)):
        clock.move_to(day.at("AM")[0] + timedelta(days=days))
        tasks.forget_days()
        assert Convocation.objects.exclude(reason="", word="").exists() is kept
        assert WorkshopWish.objects.exists() is kept
    assert of(day, world.amina).answer == Answer.CANNOT


def test_a_year_with_a_day_is_not_taken_back(world, day):
    assert has_new_year_event(world.here.district, world.year)
