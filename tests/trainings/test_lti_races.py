"""Two people, or two tabs, tie one account of another platform at once. Both databases."""

from __future__ import annotations

import pytest

from circo.errors import Refusal
from tests.networks.test_places_races import race
from tests.trainings.lti_platform import SUBJECT, declared
from trainings.lti import actions
from trainings.lti.rules import Launch, Message
from trainings.models import LtiLink

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_two_tabs_of_one_person_tie_once(world, launch):
    race([lambda: actions.link(launch=launch, by=world.amina)] * 4)
    assert LtiLink.objects.get().person == world.amina


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
