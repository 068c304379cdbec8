"""Seats of workshops are sought by a worker: stopped, failed or overtaken, it leaves what was given as it was."""

from __future__ import annotations

import pytest
import time_machine
from django.utils import timezone

from circo import jobs, seeking
from circo.errors import Refusal
from circo.models import Job, JobState, Notice
from events.convening import actions as convening
from events.convening.actions import Said
from events.convening.rules import Answer, Reason
from events.models import SharingDay, WorkshopSeat
from events.programme import actions, giving, queries
from tests.events.days import NOW, announced
from tests.events.programmes import given, session_of, slot_of
from tests.events.test_programme import UNTIL, of, seat, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(NOW.replace(tzinfo=timezone.get_default_timezone()), tick=True):
        yield


@pytest.fixture
def day(world):
    """Two workshops, and a programme that is shown."""
    made = announced(world.here, world.inspector)
    convening.send(day=made, reply_by=UNTIL, by=world.inspector)
    slot = slot_of(made, world.adviser)
    session_of(slot, world.adviser, "Compter", 2)
    session_of(slot, world.adviser, "Le silence", 2)
    actions.show(day=made, wishes_until=UNTIL, by=world.adviser)
    made.refresh_from_db()
    return made


def seats() -> dict[int, int]:
    return dict(WorkshopSeat.objects.order_by("pk").values_list("convocation_id", "session_id"))


def the_job() -> Job:
    return Job.objects.get(kind=queries.GIVE)


# --- By a worker ------------------------------------------------------------------------------------------------------
def test_the_page_asks_and_the_worker_gives(world, day, sign_in):
    client = sign_in(world.adviser)
    page = client.post(url("seats_give", day), follow=True).text
    assert "Calcul des places en attente" in page
    assert "data-hx-trigger" in page
    assert not seats()
    assert jobs.run(the_job().pk)
    page = client.get(url("programme_edit", day)).text
    assert "3 places données sur 3 demandées" in page
    assert "data-hx-trigger" not in page
    assert Notice.objects.filter(kind="day-workshops").count() == 3


def test_asking_twice_is_as_once(world, day):
    actions.ask_to_give(day=day, by=world.adviser)
    actions.ask_to_give(day=day, by=world.inspector)
    assert Job.objects.filter(kind=queries.GIVE).count() == 1
    given(day, world.adviser)
    told = Notice.objects.filter(kind="day-workshops").count()
    given(day, world.adviser)
    assert len(seats()) == 3
    assert Notice.objects.filter(kind="day-workshops").count() == told


def test_one_district_does_not_make_another_wait(world, day):
    far = announced(world.there, world.inspector_there)
    for number in range(3):
        jobs.ask(queries.GIVE, f"{day.pk}000{number}", owner_key=f"district-{day.district_id}")
    jobs.ask(queries.GIVE, str(far.pk), owner_key=f"district-{far.district_id}")
    order = list(jobs.waiting("light").filter(kind=queries.GIVE).values_list("subject_id", flat=True))
    assert order.index(str(far.pk)) < 3


def test_the_page_says_how_far_the_worker_is(world, day, sign_in, monkeypatch):
    seen = []
    real = giving.assign

    def looked_at(people, offers, watch):
        monkeypatch.setattr(seeking, "ASKED_EVERY_S", -1)
        watch.tell("places", 0.5)
        seen.append(sign_in(world.adviser).get(url("programme_edit", day)).text)
        return real(people, offers, watch)

    monkeypatch.setattr(giving, "assign", looked_at)
    given(day, world.adviser)
    assert 'value="16"' in seen[0]


# --- What was given stays ---------------------------------------------------------------------------------------------
@pytest.fixture
def before(world, day):
    """Seats that stand, and somebody who has none yet."""
    given(day, world.adviser)
    WorkshopSeat.objects.filter(convocation=of(day, world.chloe)).delete()
    return seats()


def test_a_stop_keeps_what_was_given_and_says_so(world, day, before, sign_in):
    client = sign_in(world.adviser)
    client.post(url("seats_give", day))
    assert "Arrêt demandé" in client.post(url("seats_stop", day), follow=True).text
    jobs.run(the_job().pk)
    assert seats() == before
    page = client.get(url("programme_edit", day)).text
    assert "les places déjà données le restent" in page
    assert "Le calcul a été arrêté" in page
    given(day, world.adviser)
    assert len(seats()) == 3
    assert "ne s’est pas terminé" not in client.get(url("programme_edit", day)).text


def test_a_stop_is_heard_while_the_worker_seeks(world, day, monkeypatch):
    monkeypatch.setattr(seeking, "ASKED_EVERY_S", -1)
    real = giving.assign

    def stopped(people, offers, watch):
        actions.stop(day=day, by=world.adviser)
        assert watch.left == 0
        return real(people, offers, watch)

    monkeypatch.setattr(giving, "assign", stopped)
    given(day, world.adviser)
    assert not seats()
    assert day.assigned_at is None
    assert "arrêté" in day.seats_failure


def test_stopping_what_does_not_run_changes_nothing(world, day, before):
    actions.stop(day=day, by=world.adviser)
    assert given(day, world.adviser).seats_failure == ""
    assert len(seats()) == 3


def test_a_worker_that_fails_twice_keeps_what_was_given_and_says_so(world, day, before, sign_in, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(giving, "assign", lambda *_: 1 / 0)
        given(day, world.adviser)
        Job.objects.filter(kind=queries.GIVE).update(not_before=None)
        jobs.run(the_job().pk)
    assert seats() == before
    assert "les places déjà données le restent" in sign_in(world.adviser).get(url("programme_edit", day)).text


def test_a_worker_that_is_killed_gives_nothing_and_another_does(world, day, before):
    """Its lease ends: what it still wrote would be dropped, and the sweep has another begin again."""
    actions.ask_to_give(day=day, by=world.adviser)
    killed = jobs.claim(the_job().pk)
    Job.objects.filter(pk=killed.job_id).update(lease_until=timezone.now() - jobs.LEASE)
    jobs.sweep()
    assert the_job().state == JobState.QUEUED
    jobs.run(the_job().pk)
    late = seats()
    assert len(late) == 3
    with pytest.raises(jobs.LeaseLost), killed.finish():
        WorkshopSeat.objects.all().delete()
    assert seats() == late


# --- What changes meanwhile -------------------------------------------------------------------------------------------
def meanwhile(monkeypatch, act, times=1):
    """Have something happen between what the worker reads and what it writes."""
    real, done = giving.assign, []

    def slow(people, offers, watch):
        found = real(people, offers, watch)
        if len(done) < times:
            done.append(act(len(done)))
        return found

    monkeypatch.setattr(giving, "assign", slow)
    return done


def test_who_answers_meanwhile_is_not_seated(world, day, monkeypatch):
    said = Said(Answer.CANNOT, Reason.CLASS)
    meanwhile(monkeypatch, lambda _: convening.answer(convocation=of(day, world.amina), said=said, by=world.amina))
    assert given(day, world.adviser).seats_failure == ""
    assert seat(day, world.amina) is None
    assert len(seats()) == 2


def test_a_programme_that_never_rests_is_said(world, day, monkeypatch):
    slot = day.programme.get()
    done = meanwhile(monkeypatch, lambda n: session_of(slot, world.adviser, f"Atelier {n}", 1), times=giving.TRIES)
    assert "ont changé pendant le calcul" in given(day, world.adviser).seats_failure
    assert len(done) == giving.TRIES
    assert not seats()


def test_seats_taken_back_meanwhile_stay_taken_back(world, day, monkeypatch):
    meanwhile(monkeypatch, lambda _: actions.ungive(day=day, by=world.adviser))
    given(day, world.adviser)
    assert not seats()
    assert not Job.objects.filter(kind=queries.GIVE).exists()


def test_a_day_called_off_meanwhile_gives_no_seat(world, day, monkeypatch):
    meanwhile(monkeypatch, lambda _: SharingDay.objects.filter(pk=day.pk).update(state="DRAFT", published_at=None))
    assert "plus annoncée" in given(day, world.adviser).seats_failure
    assert not seats()


def test_only_the_team_has_seats_given(world, day):
    for verb in (actions.ask_to_give, actions.stop):
        with pytest.raises(Refusal):
            verb(day=day, by=world.amina)
