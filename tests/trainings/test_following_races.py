"""A tutor changes while learners agree to be followed: nobody is shown to whom they did not name. Both databases."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from circo.errors import Refusal
from tests.networks.test_places_races import race
from tests.trainings.learners import module_of, path_of, step_of
from tests.trainings.sessions import session_of, taking
from trainings.following import actions
from trainings.following.actions import SessionText
from trainings.learning import actions as learning
from trainings.models import Enrolment

pytestmark = pytest.mark.django_db(transaction=True)
WAITS_S = 3
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


def enrols_while(acts, row: Enrolment, monkeypatch) -> None:
    """Have a learner press « Suivre » again in a tab that is slow between reading and writing, while `acts` runs."""
    has_read, is_over, slow = threading.Event(), threading.Event(), threading.local()
    save = Enrolment.save

    def wait_and_save(enrolment, **options):
        if getattr(slow, "is_it", False):
            has_read.set()
            is_over.wait(timeout=WAITS_S)  # where the other is made to wait by a lock, this goes on after that
        save(enrolment, **options)

    def press():
        slow.is_it = True
        learning.enrol(path=row.path, by=row.person)

    def after_it_was_read():
        has_read.wait(timeout=20)
        acts()
        is_over.set()

    monkeypatch.setattr(Enrolment, "save", wait_and_save)
    race([press, after_it_was_read])
    assert is_over.is_set()


def test_a_second_press_names_no_tutor_whom_one_did_not_name(world, monkeypatch):
    version = path_of(world.here.district)
    step_of(module_of(version))
    session = session_of(version, world.trainer)
    row = taking(world.amina, session, followed=True)
    assert Enrolment.objects.followed_by(world.trainer).exists()
    text = SessionText(session.title, session.first_day, session.last_day, tutor=world.adviser)

    enrols_while(lambda: actions.edit(session=session, text=text, by=world.adviser), row, monkeypatch)
    assert not Enrolment.objects.followed_by(world.adviser).exists()


def test_a_second_press_undoes_nothing_of_what_was_finished(world, monkeypatch):
    version = path_of(world.here.district)
    step = step_of(module_of(version))
    row = taking(world.amina, session_of(version, world.trainer), followed=False)

    enrols_while(lambda: learning.read(enrolment=row, step=step, by=row.person), row, monkeypatch)
    row.refresh_from_db()
    assert row.completed_at is not None
    assert row.certificate is not None
