"""The live channel of a film's discussion, through a real uvicorn: what it tells, to whom, and when it falls silent."""

import asyncio
import contextlib
import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from django.urls import reverse
from django.utils import timezone

from circo import live
from circo.models import Person
from circo.sign_in.sessions import end_sessions
from tests.live import closing_code, cookie_of, heard, live_server, opened, outcome, running_server, valkey  # noqa: F401
from tests.processes import wait_for
from tests.videos.films import film_of
from tests.world import join
from videos import actions, queries
from videos.consents.rules import Audience
from videos.models import Blurring, BlurringState, Film, Moment, MomentCircle, MomentKind, RecordingProject

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]

PATIENCE_S = 20  # the machines of CI are slow, and what never comes is a fault all the same


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


def path(film: Film) -> str:
    return f"/ws/films/{film.pk}/"


def say(film: Film, by: Person, text: str = "Un silence", **fields) -> Moment:
    return actions.comment(film=film, at_s=3, kind=MomentKind.FACT, text=text, by=by, **fields)


def state(film: Film, person: Person) -> str | None:
    return queries.state_of_discussion(film.pk, Person.objects.get(pk=person.pk))


def wait_for_state(channel, wanted: str) -> None:
    """Read until the channel tells that state."""
    while heard(channel, PATIENCE_S)["state"] != wanted:
        pass


def test_a_change_is_told_at_once_and_brings_no_word_of_it(live_server, world, film):  # noqa: F811
    with opened(live_server, path(film), cookie_of(world.amina)) as amina:
        assert heard(amina) == {"here": [], "state": state(film, world.amina)}
        say(film, world.bruno)
        text = amina.recv(timeout=10)
        assert json.loads(text)["state"] == state(film, world.amina)
        assert "silence" not in text


def test_a_burst_is_told_in_few_words_and_ends_right(live_server, world, film):  # noqa: F811
    with opened(live_server, path(film), cookie_of(world.amina)) as amina:
        heard(amina)
        for number in range(20):
            say(film, world.bruno, f"{number}")
        told, wanted = [], state(film, world.amina)
        while not told or told[-1] != wanted:
            told.append(heard(amina)["state"])
        assert len(told) < 12


def test_what_one_does_not_read_makes_no_sound(live_server, world, film):  # noqa: F811
    join(world.chloe, world.here.group)
    with opened(live_server, path(film), cookie_of(world.chloe)) as chloe:
        before = heard(chloe)["state"]
        say(film, world.bruno, circle=MomentCircle.PAIR)
        say(film, world.bruno, circle=MomentCircle.PRIVATE)
        with pytest.raises(TimeoutError):
            chloe.recv(timeout=2 * live.RECHECK_S)
        say(film, world.bruno)  # the canary
        assert heard(chloe)["state"] == state(film, world.chloe) != before


def test_what_one_does_not_read_is_not_counted_either(live_server, world, film, client):  # noqa: F811
    """The ranks of changes are those of all: a gap among them would tell that two talk where one is not."""
    join(world.chloe, world.here.group)
    for _ in range(7):
        say(film, world.bruno, circle=MomentCircle.PAIR)
    moment = say(film, world.bruno)
    assert moment.number == 8  # the canary: this is what would be read
    client.force_login(world.chloe)
    page = client.get(reverse("videos:film_page", args=[film.pk])).content.decode()
    with opened(live_server, path(film), cookie_of(world.chloe)) as chloe:
        told = heard(chloe)["state"]
    assert re.fullmatch(r"[0-9a-f]{16}", told)
    assert f'data-etat="{told}"' in page
    assert not re.search(r'data-[a-z-]+="8[-"]', page)


def test_who_is_here_is_told_and_who_leaves(live_server, world, film):  # noqa: F811
    with opened(live_server, path(film), cookie_of(world.amina)) as amina:
        heard(amina)
        with opened(live_server, path(film), cookie_of(world.bruno)) as bruno:
            assert heard(bruno)["here"] == ["Amina Petit"]
            assert heard(amina)["here"] == ["Bruno Petit"]
        assert heard(amina)["here"] == []


# --- The right to listen ends ---------------------------------------------------------------------------------------
def leave_the_group(world, film):
    world.bruno.memberships.update(standing="LEFT", left_on=timezone.localdate())


def lose_the_film(world, film):
    film.delete()


def withdraw_consent(world, film):
    film.project.people.filter(pupil=True).first().agreements.update(answer="WITHDRAWN")


def close_the_account(world, film):
    Person.objects.get(pk=world.bruno.pk).delete()


def keep_it_for_oneself(world, film):
    actions.withdraw_film(film=film, by=world.amina)


def remove_it(world, film):
    actions.remove_film(film=film, by=world.amina)


def order_a_blur(world, film):
    actions.search_faces(film=film, by=world.amina)
    Blurring.objects.update(state=BlurringState.CHOOSING)
    actions.draw_area(film=film, start_s=0, end_s=5, path=[(0, 0.1, 0.1, 0.2, 0.2)], by=world.amina)
    actions.apply_blur(film=film, by=world.amina)


def narrow_the_project(world, film):
    RecordingProject.objects.filter(films=film).update(group=world.here.other_group, audience=Audience.GROUP)


def end_the_posting(world, film):
    world.bruno.postings.update(ends_on=timezone.localdate() - timedelta(days=1))


def deactivate(world, film):
    Person.objects.filter(pk=world.bruno.pk).update(is_active=False)


def end_every_session(world, film):
    end_sessions(Person.objects.get(pk=world.bruno.pk))


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (keep_it_for_oneself, live.NOT_YOURS),
        (remove_it, live.NOT_YOURS),
        (order_a_blur, live.NOT_YOURS),
        (narrow_the_project, live.NOT_YOURS),
        (end_the_posting, live.NOT_YOURS),
        (deactivate, live.SIGNED_OUT),
        (leave_the_group, live.NOT_YOURS),
        (lose_the_film, live.NOT_YOURS),
        (withdraw_consent, live.NOT_YOURS),
        (close_the_account, live.SIGNED_OUT),
        (end_every_session, live.SIGNED_OUT),
    ],
)
def test_within_five_seconds_nothing_more_is_told(live_server, world, film, ended, code):  # noqa: F811
    assert 2 * live.RECHECK_S <= 5
    with opened(live_server, path(film), cookie_of(world.bruno)) as bruno:
        heard(bruno)
        ended(world, film)
        if queries.films(world.amina).filter(pk=film.pk).exists():
            say(film, world.amina)  # the very sending asks again
        assert closing_code(bruno, PATIENCE_S) == code


def test_signing_out_closes_the_channels_of_that_visit(live_server, world, film, client):  # noqa: F811
    client.force_login(world.bruno)
    with (
        opened(live_server, path(film), client.cookies["session"].value) as here,
        opened(live_server, path(film), cookie_of(world.bruno)) as elsewhere,
    ):
        heard(here), heard(elsewhere)
        client.logout()
        assert closing_code(here, PATIENCE_S) == live.SIGNED_OUT
        assert closing_code(elsewhere, 0.5) is None


# --- What a client may not do ---------------------------------------------------------------------------------------
ODD = [
    ("{", live.BAD_DATA),
    ("[]", live.BAD_DATA),
    ("[" * 4000, live.BAD_DATA),
    (b"\x00\x01", live.BAD_DATA),
    (json.dumps({"a": "x" * 5000}), live.TOO_BIG),
    (json.dumps({"a": "x" * 70_000}), live.TOO_BIG),
    ('{"type": "ring"}', None),
    ('{"type": "news", "film_id": "x"}', None),
]


def test_odd_messages_close_the_channel_or_do_nothing(live_server, world, film):  # noqa: F811
    cookie = cookie_of(world.bruno)
    for sent, code in ODD:
        with opened(live_server, path(film), cookie) as bruno:
            heard(bruno)
            bruno.send(sent)
            assert closing_code(bruno, PATIENCE_S if code else 0.5) == code, sent[:40]


def test_a_flood_is_cut_and_the_others_go_on(live_server, world, film):  # noqa: F811
    with (
        opened(live_server, path(film), cookie_of(world.amina)) as amina,
        opened(live_server, path(film), cookie_of(world.bruno)) as bruno,
    ):
        heard(amina)
        try:
            for _ in range(1000):
                bruno.send("{}")
        except Exception:  # noqa: BLE001 (cut while it was sending)
            pass
        assert closing_code(bruno, PATIENCE_S) in (live.FLOOD, 0)
        say(film, world.bruno)
        wait_for_state(amina, state(film, world.amina))


def test_one_person_holds_so_many_channels_and_no_more(live_server, world, film, monkeypatch):  # noqa: F811
    monkeypatch.setattr(live, "SOCKETS_MAX", 2)
    cookie = cookie_of(world.bruno)
    with opened(live_server, path(film), cookie) as one, opened(live_server, path(film), cookie) as two:
        heard(one), heard(two)
        with opened(live_server, path(film), cookie) as three:
            assert closing_code(three, PATIENCE_S) == live.TOO_MANY
    wait_for(lambda: outcome(live_server, path(film), cookie) == "open", PATIENCE_S, "a channel is free again")


def test_many_channels_opened_at_once_count_each_other(live_server, world, film, monkeypatch):  # noqa: F811
    async def slow(channel) -> None:
        await asyncio.sleep(0.5)  # a line that is not quick to take the answer
        await AsyncWebsocketConsumer.accept(channel)

    monkeypatch.setattr(live, "SOCKETS_MAX", 2)
    monkeypatch.setattr(live.Channel, "accept", slow)
    cookie = cookie_of(world.bruno)
    with ThreadPoolExecutor(12) as pool, contextlib.ExitStack() as kept:
        asked = [pool.submit(opened, live_server, path(film), cookie) for _ in range(12)]
        channels = [kept.enter_context(one.result()) for one in asked]
        codes = [closing_code(channel, 1) for channel in channels]
        assert Counter(codes) == {None: 2, live.TOO_MANY: 10}
    wait_for(lambda: outcome(live_server, path(film), cookie) == "open", PATIENCE_S, "each gave its place back")


# --- Faults -------------------------------------------------------------------------------------------------------
def test_without_redis_all_is_told_and_sooner_once_it_is_back(live_server, valkey, world, film, monkeypatch):  # noqa: F811
    with opened(live_server, path(film), cookie_of(world.amina)) as amina:
        heard(amina)
        valkey.stop()
        say(film, world.bruno)
        wait_for_state(amina, state(film, world.amina))
        with opened(live_server, path(film), cookie_of(world.bruno)) as bruno:
            assert heard(bruno) == {"here": None, "state": state(film, world.bruno)}
        valkey.start()
        looks_every_s = live.RECHECK_S
        time.sleep(2 * looks_every_s)
        monkeypatch.setattr(live, "RECHECK_S", 3600)  # after one more look, nothing is heard but rings
        time.sleep(2 * looks_every_s)
        say(film, world.bruno)
        wait_for_state(amina, state(film, world.amina))


@pytest.mark.fault
def test_after_a_restart_everyone_has_exactly_what_the_database_holds(world, valkey, film):  # noqa: F811
    """F23: the server dies while messages leave; whoever comes back is told what the database holds, rung or not."""
    with running_server() as first, opened(first, path(film), cookie_of(world.amina)) as amina:
        heard(amina)
        say(film, world.bruno)
    for number in range(5):
        say(film, world.bruno, f"{number}")  # nobody listens
    with running_server() as second, contextlib.ExitStack() as back:
        cookie = cookie_of(world.amina)
        channels = [back.enter_context(opened(second, path(film), cookie)) for _ in range(live.SOCKETS_MAX)]
        assert {heard(channel)["state"] for channel in channels} == {state(film, world.amina)}
