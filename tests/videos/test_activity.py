"""Film comments as a sign of life in a group: when last, by whom; never what, nor what the group does not read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from networks import registries
from tests.videos.films import film_of
from videos import actions, queries
from videos.models import Film, Moment, MomentCircle, MomentKind, Reply

pytestmark = pytest.mark.django_db
SECRET = "Zorglub-au-tableau"


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


def say(film: Film, by, circle: MomentCircle = MomentCircle.GROUP) -> Moment:
    return actions.comment(film=film, at_s=3, kind=MomentKind.FACT, text=SECRET, by=by, circle=circle)


def since(days: int = 30):
    return timezone.localdate() - timedelta(days=days)


def test_a_comment_that_the_group_reads_is_a_sign_of_life(world, sign_in, film):
    world.here.group.adviser = world.adviser
    world.here.group.save()
    page, client = reverse("networks:group_page", args=[world.here.group.pk]), sign_in(world.adviser)
    assert "Bruno Petit" in client.get(page).content.decode().split("Sans nouvelles depuis")[1]
    say(film, world.bruno)
    body = client.get(page).content.decode()
    assert "Bruno Petit" not in body.split("Sans nouvelles depuis")[1]
    assert SECRET not in body
    assert registries.last_activity(world.here.group, since())[world.bruno.pk] == timezone.localdate()


def test_a_reply_counts_by_its_own_day(world, film):
    moment = say(film, world.amina)
    Moment.objects.update(created_at=timezone.now() - timedelta(days=40))
    actions.reply(moment=moment, text=SECRET, by=world.bruno)
    assert queries.activity(world.here.group, since()) == {world.bruno.pk: timezone.localdate()}
    assert set(queries.activity(world.here.group, since(60))) == {world.amina.pk, world.bruno.pk}


@pytest.mark.parametrize("circle", [MomentCircle.PRIVATE, MomentCircle.PAIR])
def test_what_one_notes_or_two_say_is_nobodys_news(world, film, circle):
    moment = say(film, world.bruno, circle)
    Reply.objects.create(moment=moment, author=world.bruno, text=SECRET)
    assert queries.activity(world.here.group, since()) == {}


def test_neither_is_what_was_removed_nor_what_is_said_of_a_film_that_the_group_no_longer_sees(world, film):
    moment = say(film, world.bruno)
    Reply.objects.create(moment=moment, author=world.bruno, text=SECRET)
    assert queries.activity(world.here.group, since())
    Moment.objects.update(deleted_at=timezone.now())
    assert queries.activity(world.here.group, since()) == {}
    Moment.objects.update(deleted_at=None)
    Film.objects.update(is_held=True)
    assert queries.activity(world.here.group, since()) == {}


def test_it_is_of_the_group_alone_and_costs_two_queries(world, film):
    for who in (world.amina, world.bruno):
        for _ in range(3):
            Reply.objects.create(moment=say(film, who), author=world.bruno, text=SECRET)
    with CaptureQueriesContext(connection) as found:
        assert set(queries.activity(world.here.group, since())) == {world.amina.pk, world.bruno.pk}
    assert len(found) == 2
    assert queries.activity(world.there.group, since()) == {}
