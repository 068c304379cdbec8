"""Two people, or two tabs, tie one account of another platform at once. Both databases."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import connection
from django.db.models import QuerySet

from circo.errors import Refusal
from tests.networks.test_places_races import race
from tests.trainings.lti_platform import SUBJECT, declared
from trainings.lti import actions
from trainings.lti.rules import Launch, Message
from trainings.models import LtiLink

pytestmark = pytest.mark.django_db(transaction=True)

MEET_WITHIN_S = 1  # where the second is made to wait by a lock, the first goes on after that
CANARY_MEETS_WITHIN_S = 20  # nothing makes the second wait but a busy machine


@pytest.fixture
def launch(world) -> Launch:
    return Launch(declared(world.here.departement).pk, Message.RESOURCE, "1", SUBJECT, 1)


def test_of_several_people_one_ties_the_account(world, launch):
    told: list[str] = []

    def ties(person):
        def act():
            try:
                actions.link(launch=launch, by=person)
            except Refusal as refusal:
                told.append(str(refusal))

        return act

    people = [world.amina, world.bruno, world.chloe, world.trainer]
    race([ties(person) for person in people])
    assert LtiLink.objects.count() == 1
    assert told == [actions.OTHERS] * (len(people) - 1)


def told_to_two_tabs_of_one_person(world, launch, monkeypatch) -> list[str]:
    """What two tabs are refused that both found no link, where nothing lets them through one by one."""
    meeting, told, create = threading.Barrier(2), [], type(LtiLink.objects).create

    def meet_and_create(links, **fields):
        with suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=MEET_WITHIN_S)
        return create(links, **fields)

    def ties():
        try:
            actions.link(launch=launch, by=world.amina)
        except Refusal as refusal:
            told.append(str(refusal))

    monkeypatch.setattr(type(LtiLink.objects), "create", meet_and_create)
    race([ties] * 2)
    assert LtiLink.objects.get().person == world.amina
    return told


def test_two_tabs_of_one_person_tie_once(world, launch, monkeypatch):
    assert told_to_two_tabs_of_one_person(world, launch, monkeypatch) == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_canary_without_the_lock_one_is_told_that_oneself_is_somebody_else(world, launch, monkeypatch):
    monkeypatch.setattr(f"{__name__}.MEET_WITHIN_S", CANARY_MEETS_WITHIN_S)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **asked: rows)
    assert told_to_two_tabs_of_one_person(world, launch, monkeypatch) == [actions.OTHERS]


def test_one_person_ties_one_account_of_a_platform(world, launch):
    told: list[str] = []

    def ties(subject: str):
        def act():
            try:
                actions.link(launch=Launch(launch.platform_id, launch.message, "1", subject, 1), by=world.amina)
            except Refusal as refusal:
                told.append(str(refusal))

        return act

    race([ties(f"moodle-{number}") for number in range(4)])
    assert LtiLink.objects.count() == 1
    assert told == [actions.ANOTHER] * 3
