"""A learner who was asked a moment ago is not asked again, and no right outlives its end for long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from networks.models import Membership
from tests.trainings.watching_things import Learning, excerpt_in_path, learning, send
from tests.videos.films import film_of
from tests.videos.records import project_of, pupil
from trainings.models import WatchedExcerpt
from trainings.watching import standing
from videos import grants
from videos.consents.rules import Answer
from videos.models import Agreement, Film

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(settings, monkeypatch):
    """A clock of the process that the test moves."""
    settings.FILM_RIGHTS_KEPT_S = 4.0
    now = [1000.0]
    monkeypatch.setattr(grants.time, "monotonic", lambda: now[0])
    yield now
    grants.forget()
    standing.forget()


@pytest.fixture
def mine(world) -> Learning:
    project = project_of(world.amina, world.here.group)
    pupil(project)
    film = film_of(world.amina, world.here.group, project=project, duration_s=700)
    return learning(world.bruno, excerpt_in_path(world.here.district, film))


@pytest.fixture
def token(mine) -> str:
    return mine.token(ago=timedelta(minutes=4))


@pytest.fixture
def standing_client(world, token):
    """Bruno's browser, just after its first beat."""
    client = Client()
    client.force_login(world.bruno)
    assert send(client, token, "0-10000", "10").status_code == 200
    return client


def test_the_next_beat_reads_no_session_person_or_role(standing_client, token, django_assert_num_queries):
    send(standing_client, token, "10000-11000", "11")  # the film, which others may ask about
    with django_assert_num_queries(5):  # a savepoint, enrolment, row, write
        told = send(standing_client, token, "11000-20000", "20")
    assert told.json() == {"words": "20\u00a0s vues sur 10\u00a0min", "percent": 3, "watched": False}
    assert told.headers["Cache-Control"] == "private, no-store"
    assert WatchedExcerpt.objects.get().seconds == 20


def test_both_roads_answer_alike(standing_client, token, clock):
    quick = send(standing_client, token, "0-20000", "20")
    clock[0] += standing.ASKED_AFTER_S[1]
    full = send(standing_client, token, "0-20000", "20")
    assert (quick.status_code, quick.content) == (full.status_code, full.content)
    assert quick.headers["Cache-Control"] == full.headers["Cache-Control"]


def test_a_withdrawn_consent_ends_it_within_five_seconds(standing_client, token, clock):
    send(standing_client, token, "10000-20000", "20")
    Agreement.objects.update(answer=Answer.WITHDRAWN)
    clock[0] += 4.1
    answer = send(standing_client, token, "20000-30000", "30")
    assert answer.status_code == 404
    assert "n’est plus visible pour vous" in answer.json()["fault"]
    assert WatchedExcerpt.objects.get().seconds == 20


def test_a_removed_film_ends_it_within_five_seconds(standing_client, token, clock):
    send(standing_client, token, "10000-20000", "20")
    Film.objects.update(removed_at=timezone.now())
    clock[0] += 4.1
    assert send(standing_client, token, "20000-30000", "30").status_code == 404


def test_who_left_the_circle_is_refused_within_a_minute(world, standing_client, token, clock):
    Membership.objects.filter(person=world.bruno).update(standing="LEFT", left_on=timezone.localdate())
    clock[0] += standing.ASKED_AFTER_S[1]
    assert send(standing_client, token, "20000-30000", "30").status_code == 404


def test_who_signed_out_or_lost_the_account_is_sent_to_the_door_within_a_minute(world, standing_client, token, clock):
    world.bruno.is_active = False
    world.bruno.save()
    clock[0] += standing.ASKED_AFTER_S[1]
    assert send(standing_client, token, "20000-30000", "30").status_code == 302


def test_a_path_that_was_left_counts_nothing_at_once(mine, standing_client, token):
    mine.enrolment.left_at = timezone.now()
    mine.enrolment.save()
    assert send(standing_client, token, "20000-30000", "30").status_code == 410


def test_the_token_stands_for_its_own_visit_alone(world, standing_client, token, mine):
    for client in (Client(), Client()):
        assert send(client, token, "20000-30000", "30").status_code == 302
        client.force_login(world.amina)
        assert send(client, token, "20000-30000", "30").status_code == 403
    another = mine.token(ago=timedelta(minutes=1))
    payload, _, signature = another.rpartition(":")
    assert send(standing_client, f"{payload}:{signature[::-1]}", "20000-30000", "30").status_code == 400
    assert send(standing_client, token, "30000-20000", "30").status_code == 400, "odd seconds are refused here too"
    assert WatchedExcerpt.objects.get().seconds == 10


def test_another_site_that_knows_no_token_sends_no_beat(world, mine, standing_client):
    client = Client(enforce_csrf_checks=True)
    client.cookies = standing_client.cookies
    assert send(client, mine.token(ago=timedelta(minutes=1)), "20000-30000", "30").status_code == 403


def test_what_is_remembered_is_bounded(monkeypatch, standing_client, token):
    monkeypatch.setattr(standing, "MOST", 3)
    for number in range(10):
        standing._remember(("x", number), 2000)
    assert len(standing._until) <= 3


def test_where_no_right_is_kept_each_beat_is_asked_in_full(settings, world, token, django_assert_num_queries):
    settings.FILM_RIGHTS_KEPT_S = 0
    standing.forget()
    client = Client()
    client.force_login(world.bruno)
    for _ in range(2):
        send(client, token, "0-1000", "1")
    with django_assert_num_queries(9):
        send(client, token, "1000-2000", "2")
