"""Two at once: a code, a counter and an invitation serve once, whoever is quicker. Runs on the real servers too."""

import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from circo import invitations
from circo.errors import Refusal
from circo.models import CacheEntry, Invitation, Person
from circo.sign_in.rules import INVITATION_LIFE

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def at_once(act):
    """Call `act` in several threads that start together; return what each answered."""
    answers, start = [], threading.Barrier(AT_ONCE)

    def run(number):
        try:
            start.wait(timeout=20)
            answers.append(act(number))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(answers) == AT_ONCE
    return answers


def test_a_code_is_used_up_by_one_alone():
    for round_ in range(5):
        assert at_once(lambda number, key=f"code-{round_}": cache.add(key, number)).count(True) == 1


def test_looking_before_adding_lets_several_use_the_code():
    """The canary: the same threads, with a cache that looks first and writes after."""
    both = threading.Barrier(AT_ONCE)

    def look_then_write(number):
        free = cache.get("code") is None
        both.wait(timeout=20)
        if free:
            CacheEntry.objects.filter(pk="code").delete()
            cache.set("code", number)
        return free

    assert at_once(look_then_write).count(True) > 1


@pytest.fixture
def nadia(world):
    return Person.objects.create_user("nadia@ecole.test", first_name="Nadia", last_name="Neuve")


def test_an_invitation_is_accepted_once(nadia):
    token = "t" * 43
    Invitation.objects.create(
        person=nadia, digest=invitations.digest_of(token), expires_at=timezone.now() + INVITATION_LIFE
    )
    passwords = [f"une phrase bien à moi numéro {n}" for n in range(AT_ONCE)]

    def accept(number):
        try:
            invitations.accept(token=token, password=passwords[number])
        except Refusal:
            return None
        return passwords[number]

    (winner,) = [password for password in at_once(accept) if password]
    nadia.refresh_from_db()
    assert nadia.check_password(winner)
