"""Many beats of one learner at once: the clock is spent once, and no beat is lost. Both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from tests.networks.test_places_races import race
from tests.trainings.watching_things import Learning, excerpt_in_path, learning
from tests.videos.films import film_of
from trainings.models import WatchedExcerpt
from trainings.watching import actions, rules

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 20
PASSED = timedelta(seconds=10)


@pytest.fixture
def mine(world) -> Learning:
    film = film_of(world.amina, world.here.group, duration_s=3000)
    return learning(world.bruno, excerpt_in_path(world.here.district, film, out_s=3000))


def beats(one: Learning, asked: list[tuple[int, int]], *, now, opened_at=None):
    play = one.play(opened_at or now - PASSED)

    def send(played):
        return lambda: actions.beat(play=play, played=[played], position_s=0, now=now)

    return [send(played) for played in asked]


def total() -> float:
    return sum(WatchedExcerpt.objects.values_list("seconds", flat=True))


def different() -> list[tuple[int, int]]:
    """Of a forger: each asks for other seconds, as much as the clock allows to one."""
    return [(20_000 * at, 20_000 * at + 20_000) for at in range(AT_ONCE)]


def test_twenty_beats_at_once_come_to_no_more_than_the_clock(mine):
    race(beats(mine, different(), now=timezone.now()))
    assert total() == 2 * (PASSED.total_seconds() + rules.GRACE_MS / 1000)


def opened_at_once(world, mine: Learning, now):
    """Twenty excerpts of one path, each of which asks for all the clock there is."""
    step, film = mine.excerpt.step, mine.excerpt.film
    others = [step.excerpts.create(rank=2, film=film, title=f"{n}", in_s=0, out_s=3000) for n in range(AT_ONCE)]
    plays = [learning(world.bruno, one) for one in others]
    return [act for one in plays for act in beats(one, [(0, 3_000_000)], now=now)]


SPENT_ONCE = 2 * (PASSED.total_seconds() + AT_ONCE * rules.GRACE_MS / 1000)


def test_twenty_excerpts_at_once_come_to_no_more_than_the_clock(world, mine):
    race(opened_at_once(world, mine, timezone.now()))
    assert total() == SPENT_ONCE


def test_no_beat_of_an_honest_player_is_lost(mine):
    """Several tabs, or what comes back from a cut: the stretches of all are there."""
    now = timezone.now()
    asked = [(1000 * at, 1000 * at + 1000) for at in range(0, 2 * AT_ONCE, 2)]
    race(beats(mine, asked, now=now, opened_at=now - timedelta(minutes=2)))
    assert WatchedExcerpt.objects.get().stretches == [list(one) for one in asked]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer, whatever we ask")
def test_canary_without_the_lock_the_clock_is_spent_twice(world, mine, monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    found = []
    for _ in range(20):
        WatchedExcerpt.objects.all().delete()
        race(opened_at_once(world, mine, timezone.now()))
        found.append(total())
        if found[-1] > SPENT_ONCE:
            break
    assert max(found) > SPENT_ONCE
