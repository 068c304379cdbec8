"""Beats as a player sends them, and as somebody sends them who would have the hours without the film."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from circo.logs import security
from circo.personal.actions import erase
from networks.models import Membership
from tests.trainings.watching_things import URL, Learning, excerpt_in_path, learning, send
from tests.videos.films import film_of
from tests.videos.records import project_of, pupil
from trainings.models import WatchedExcerpt
from trainings.watching import queries, rules, tokens
from videos import grants
from videos.consents.rules import Answer
from videos.models import Agreement, Film

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group, duration_s=700)


@pytest.fixture
def mine(world, film) -> Learning:
    return learning(world.bruno, excerpt_in_path(world.here.district, film, in_s=60, out_s=660))


@pytest.fixture
def noted(monkeypatch) -> list[str]:
    """What the security log says."""
    said: list[str] = []
    monkeypatch.setattr(security, "handle", lambda record: said.append(record.getMessage()))
    return said


def held(mine: Learning) -> WatchedExcerpt:
    return WatchedExcerpt.objects.get(enrolment=mine.enrolment, excerpt=mine.excerpt)


def test_a_player_tells_what_was_played(world, sign_in, mine, noted):
    client, token = sign_in(world.bruno), mine.token(ago=MINUTE)
    told = send(client, token, "60000-70000,100000-101500", "101.5").json()
    assert told == {"words": "11\u00a0s vues sur 10\u00a0min", "percent": 1, "watched": False}
    row = held(mine)
    assert (row.seconds, row.position_s) == (11.5, 101.5)
    assert row.stretches == [[60_000, 70_000], [100_000, 101_500]]
    assert noted == []
    assert queries.seen_of(mine.enrolment, [mine.excerpt])[mine.excerpt.pk].resume_s == 101.5, "on any device"


def test_nearly_all_of_it_opens_the_step(world, sign_in, mine):
    client = sign_in(world.bruno)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = mine.token()
        for begin in range(60, 600, 20):  # at twice the speed, for ten seconds each time
            clock.shift(10)
            told = send(client, token, f"{begin}000-{begin + 20}000", f"{begin + 20}").json()
    assert told["watched"] is True
    assert queries.seen_of(mine.enrolment, [mine.excerpt])[mine.excerpt.pk].is_watched
    assert held(mine).seconds == 540


def test_played_twice_counts_once_and_a_replayed_beat_gives_nothing(world, sign_in, mine):
    client, token = sign_in(world.bruno), mine.token(ago=MINUTE)
    answers = [send(client, token, "60000-90000", "90").json() for _ in range(4)]
    send(client, token, "70000-80000", "80")
    assert len({json.dumps(one) for one in answers}) == 1
    assert held(mine).seconds == 30
    assert held(mine).credit_ms >= 48_000, "what was counted once takes no more clock"


def test_beats_that_come_late_and_in_disorder_come_to_the_same(world, sign_in, mine):
    client, token = sign_in(world.bruno), mine.token(ago=2 * MINUTE)
    for begin in (90, 60, 75):
        send(client, token, f"{begin}000-{begin + 15}000", f"{begin + 15}")
    assert held(mine).stretches == [[60_000, 105_000]]


def test_a_jump_to_the_end_gives_nothing(world, sign_in, mine):
    client = sign_in(world.bruno)
    send(client, mine.token(), "", "659")
    assert (held(mine).seconds, held(mine).position_s) == (0, 659)


def test_what_is_outside_the_excerpt_is_not_of_it(world, sign_in, mine):
    send(sign_in(world.bruno), mine.token(ago=MINUTE), "0-61000,659000-700000", "700")
    assert held(mine).stretches == [[60_000, 61_000], [659_000, 660_000]]
    assert held(mine).position_s == 660


def test_faster_than_the_clock_is_cut_and_noted(world, sign_in, mine, noted):
    told = send(sign_in(world.bruno), mine.token(), "60000-660000", "660")
    assert told.status_code == 200
    allowed = held(mine).seconds
    assert 0 < allowed <= 2 * rules.GRACE_MS / 1000 + 1
    assert held(mine).stretches[0][0] == 60_000, "the beginning of what is told"
    assert len(noted) == 1
    assert f"beat of person {world.bruno.pk}: " in noted[0]
    assert "more than the clock allows" in noted[0]


def test_a_thousand_beats_in_a_moment_come_to_no_more_than_the_clock(world, sign_in, mine):
    client = sign_in(world.bruno)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = mine.token()
        clock.shift(10)
        for begin in range(60, 160):
            send(client, token, f"{begin}000-{begin + 1}000", "60")
    assert held(mine).seconds == 2 * (10 + rules.GRACE_MS / 1000)


def test_other_tokens_and_other_excerpts_share_the_clock_of_the_path(world, sign_in, mine, film):
    """Ten excerpts opened at once are not ten clocks: only the grace of each is its own."""
    client, step = sign_in(world.bruno), mine.excerpt.step
    others = [step.excerpts.create(rank=2, film=film, title=f"{n}", in_s=60, out_s=660) for n in range(9)]
    with time_machine.travel(timezone.now(), tick=False) as clock:
        plays = [mine.token(), *(learning(world.bruno, one).token() for one in others)]
        clock.shift(60)
        for token in plays * 2:
            send(client, token, "60000-660000", "660")
    total = sum(WatchedExcerpt.objects.values_list("seconds", flat=True))
    assert total == 2 * (60 + 10 * rules.GRACE_MS / 1000)


def test_time_away_is_believed_for_what_a_player_holds_in_advance(world, sign_in, mine):
    """The network came back, or the computer was opened again, the day after."""
    client = sign_in(world.bruno)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = mine.token()
        clock.shift(10)
        send(client, token, "60000-70000", "70")
        clock.shift(timedelta(minutes=4))
        send(client, token, "70000-310000", "310")
        assert held(mine).seconds == 250, "four minutes played without a network"
        clock.shift(timedelta(hours=20))
        client.force_login(world.bruno)
        send(client, token, "310000-660000", "660")
        assert held(mine).seconds == 600
        WatchedExcerpt.objects.update(stretches=[], seconds=0, credit_ms=0)
        clock.shift(timedelta(hours=3))
        send(client, token, "60000-660000", "660")
    assert held(mine).seconds == 2 * rules.KEPT_MS / 1000, "no more than that in one go"


def test_a_clock_that_goes_back_gives_nothing_and_takes_nothing(world, sign_in, mine):
    client = sign_in(world.bruno)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        token = mine.token(ago=MINUTE)
        send(client, token, "60000-100000", "100")
        before = held(mine)
        clock.shift(timedelta(seconds=-40))
        send(client, token, "60000-100000", "100")
        assert (held(mine).beat_at, held(mine).credit_ms) == (before.beat_at, before.credit_ms)


def signed(*told: object, salt: str = tokens.SALT) -> str:
    return signing.Signer(salt=salt).sign_object(list(told))


def test_forged_tokens_are_refused_and_noted(world, sign_in, mine, noted):
    client, good = sign_in(world.bruno), mine.token(ago=MINUTE)
    payload, _, signature = good.rpartition(":")
    other = learning(world.bruno, excerpt_in_path(world.here.district, mine.excerpt.film)).token(ago=MINUTE)
    elsewhere = signing.Signer(salt="another").sign_object([world.bruno.pk])
    for forged in ("", "x", "a:b", payload, f"{payload}:{signature[:-1]}", f"{payload[:-2]}AA:{signature}",
                   f"{other.rpartition(':')[0]}:{signature}", elsewhere, "\0", "é" * 500):  # fmt: skip
        answer = send(client, forged, "60000-70000", "70")
        assert answer.status_code == 400, forged
        assert "ne viennent pas de nos pages" in answer.json()["fault"]
    assert not WatchedExcerpt.objects.exists()
    assert len(noted) == 10
    assert good not in "".join(noted)
    assert send(client, good, "60000-70000", "70").status_code == 200, "canary: the true one is taken"


def test_anothers_token_is_refused(world, mine, noted, film):
    client = Client()
    client.force_login(world.amina)
    answer = send(client, mine.token(ago=MINUTE), "60000-70000", "70")
    assert answer.status_code == 403
    assert "la page de quelqu’un d’autre" in answer.json()["fault"]
    assert noted == [f"beat of person {world.amina.pk}: {answer.json()['fault']}"]
    assert not WatchedExcerpt.objects.exists()


@pytest.mark.parametrize("played", ["-1-5", "9-1", "nan-2", "0-99999999", "0-1e9", "{}", "5"])
def test_odd_seconds_are_refused_and_noted(world, sign_in, mine, noted, played):
    answer = send(sign_in(world.bruno), mine.token(), played, "70")
    assert (answer.status_code, len(noted)) == (400, 1)
    assert "celles d’aucun film" in answer.json()["fault"]
    assert not WatchedExcerpt.objects.exists()


def test_an_odd_position_is_refused(world, sign_in, mine):
    assert [send(sign_in(world.bruno), mine.token(), "", at).status_code for at in ("", "nan", "-3", "1e9")] == [
        400
    ] * 4


def test_a_page_of_two_days_ago_is_to_be_opened_again(world, sign_in, mine, noted):
    client = sign_in(world.bruno)
    answer = send(client, mine.token(ago=rules.TOKEN_LIFE + MINUTE), "60000-70000", "70")
    assert (answer.status_code, len(noted)) == (410, 1)
    assert "Actualisez-la" in answer.json()["fault"]
    assert send(client, mine.token(ago=rules.TOKEN_LIFE - MINUTE), "60000-70000", "70").status_code == 200


def test_a_path_that_was_left_counts_nothing_more(world, sign_in, mine, noted):
    client, token = sign_in(world.bruno), mine.token(ago=MINUTE)
    send(client, token, "60000-70000", "70")
    mine.enrolment.left_at = timezone.now()
    mine.enrolment.save()
    answer = send(client, token, "70000-80000", "80")
    assert (answer.status_code, len(noted)) == (410, 1)
    assert "Vous avez quitté ce parcours" in answer.json()["fault"]
    assert held(mine).seconds == 10


def test_an_enrolment_that_was_erased_counts_nothing(world, sign_in, mine):
    client, token = sign_in(world.bruno), mine.token(ago=MINUTE)
    mine.enrolment.delete()
    assert send(client, token, "60000-70000", "70").status_code == 410


def test_leaving_the_circle_of_the_film_ends_what_is_counted(world, sign_in, mine, noted):
    client, token = sign_in(world.bruno), mine.token(ago=MINUTE)
    send(client, token, "60000-70000", "70")
    grants.forget()
    Membership.objects.filter(person=world.bruno).update(standing="LEFT", left_on=timezone.localdate())
    answer = send(client, token, "70000-80000", "80")
    assert (answer.status_code, len(noted)) == (404, 1)
    assert "n’est plus visible pour vous" in answer.json()["fault"]
    assert held(mine).seconds == 10, "what was earned stays"


def test_a_withdrawn_consent_ends_what_is_counted_within_five_seconds(world, sign_in, settings, monkeypatch):
    settings.FILM_RIGHTS_KEPT_S = 4.0
    now = [1000.0]
    monkeypatch.setattr(grants.time, "monotonic", lambda: now[0])
    project = project_of(world.amina, world.here.group)
    pupil(project)
    film = film_of(world.amina, world.here.group, project=project, duration_s=700)
    mine = learning(world.bruno, excerpt_in_path(world.here.district, film))
    client, token = sign_in(world.bruno), mine.token(ago=MINUTE)
    try:
        assert send(client, token, "0-10000", "10").status_code == 200
        Agreement.objects.filter(recorded__project=project).update(answer=Answer.WITHDRAWN)
        now[0] += 4.1
        assert send(client, token, "10000-20000", "20").status_code == 404
    finally:
        grants.forget()
    assert held(mine).seconds == 10


def test_a_beat_without_a_visit_leads_to_the_door(client, mine):
    answer = send(client, mine.token(), "60000-70000", "70")
    assert answer.status_code == 302
    assert not WatchedExcerpt.objects.exists()


def test_another_site_sends_no_beat(world, mine):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.bruno)
    assert send(client, mine.token(ago=MINUTE), "60000-70000", "70").status_code == 403
    assert not WatchedExcerpt.objects.exists()


def test_a_beat_costs_few_queries_and_writes_one_row(world, sign_in, mine, django_assert_num_queries):
    client, token = sign_in(world.bruno), mine.token(ago=MINUTE)
    send(client, token, "60000-61000", "61")
    # Session, person, roles, film; a savepoint, enrolment, row, write.
    with django_assert_num_queries(9) as seen:
        send(client, token, "61000-62000", "62")
    assert sum(query["sql"].startswith(("INSERT", "UPDATE")) for query in seen.captured_queries) == 1


def test_nobody_else_reads_what_one_watched(world, sign_in, mine):
    send(sign_in(world.bruno), mine.token(ago=MINUTE), "60000-70000", "70")
    readers = [name for name, who in world.people.items() if WatchedExcerpt.objects.visible_to(who).exists()]
    assert readers == ["bruno"]


def test_what_was_watched_dies_with_the_enrolment_and_with_the_person(world, sign_in, mine):
    send(sign_in(world.bruno), mine.token(ago=MINUTE), "60000-70000", "70")
    world.bruno.is_active = False
    world.bruno.save()
    erase(person=world.bruno, by=world.superuser)
    assert not WatchedExcerpt.objects.exists()


def test_an_excerpt_longer_than_its_film_is_watched_to_the_end_of_the_film(world, sign_in, film):
    mine = learning(world.bruno, excerpt_in_path(world.here.district, film, in_s=690, out_s=760))
    told = send(sign_in(world.bruno), mine.token(ago=MINUTE), "690000-700000", "700").json()
    assert told["watched"] is True


def test_what_was_watched_of_many_excerpts_takes_one_query(world, mine, film, django_assert_num_queries):
    more = [mine.excerpt.step.excerpts.create(rank=2, film=film, title=f"{n}", in_s=0, out_s=9) for n in range(5)]
    with django_assert_num_queries(1):
        seen = queries.seen_of(mine.enrolment, [mine.excerpt, *more])
    assert len(seen) == 6
    assert not seen[mine.excerpt.pk].is_watched


def test_the_address_is_ours():
    assert reverse(URL) == "/parcours/battement/"


def test_the_page_of_a_step_carries_what_a_beat_needs(world, mine):
    """The seam with the learner's page: what stands in it, with the token of the site, is taken as it stands."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.bruno)
    step = mine.excerpt.step
    page = client.get(reverse("trainings:step_page", args=[mine.enrolment.path_id, step.pk])).content.decode()
    form = re.search(r"<form[^>]*data-suivi-note.*?</form>", page, re.DOTALL)[0]
    carried = dict(re.findall(r'name="(token|csrfmiddlewaretoken)" value="([^"]+)"', page))
    assert carried["token"] in form
    answer = client.post(reverse(URL), carried | {"played": "60000-61000", "at_s": "61"})
    assert answer.status_code == 200, answer.content
    assert held(mine).seconds == 1
