"""A tutor changes while learners agree to be followed: nobody is shown to whom they did not name. Both databases."""

from __future__ import annotations

from contextlib import suppress

import pytest

from circo.errors import Refusal
from tests.networks.test_places_races import race
from tests.trainings.learners import module_of, path_of, step_of
from tests.trainings.sessions import session_of, taking
from trainings.following import actions
from trainings.following.actions import SessionText
from trainings.models import Enrolment

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = ("amina", "bruno", "chloe", "head_teacher", "substitute")


def test_nobody_is_followed_by_a_tutor_whom_they_did_not_name(world):
    version = path_of(world.here.district)
    step_of(module_of(version))
    session = session_of(version, world.trainer)
    rows = [taking(world.people[name], session, followed=False) for name in AT_ONCE]
    text = SessionText(session.title, session.first_day, session.last_day, tutor=world.adviser)

    def agree(row: Enrolment):
        def act():
            with suppress(Refusal):
                actions.agree(enrolment=row, tutor_id=world.trainer.pk, by=row.person)

        return act

    agreed = [agree(row) for row in rows]
    middle = len(agreed) // 2
    race([*agreed[:middle], lambda: actions.edit(session=session, text=text, by=world.adviser), *agreed[middle:]])
    assert not Enrolment.objects.filter(followed=True).exists()
    assert not Enrolment.objects.followed_by(world.adviser).exists()
