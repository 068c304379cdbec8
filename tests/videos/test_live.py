"""The live channel of a film's discussion, through a real uvicorn: what it tells, to whom, and when it falls silent."""

import contextlib
import json
import time

import pytest
from django.utils import timezone

from circo import live
from circo.models import Person
from circo.sign_in.sessions import end_sessions
from tests.live import closing_code, cookie_of, heard, live_server, opened, running_server, valkey  # noqa: F401
from tests.videos.films import film_of
from tests.world import join
from videos import actions, queries
from videos.models import Film, Moment, MomentCircle, MomentKind

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


def path(film: Film) -> str:
    return f"/ws/films/{film.pk}/"


def say(film: Film, by: Person, text: str = "Un silence", **fields) -> Moment:
    return actions.comment(film=film, at_s=3, kind=MomentKind.FACT, text=text, by=by, **fields)


def state(film: Film, person: Person) -> str | None:
    return queries.state_of_discussion(film.pk, Person.objects.get(pk=person.pk))


def wait_for_state(channel, wanted: str, within_s: float = 10) -> float:
    """Read until the channel tells that state; return the seconds it took."""
    began = time.monotonic()
    while heard(channel, within_s)["state"] != wanted:
        assert time.monotonic() - began < within_s
    return time.monotonic() - began


def test_a_change_is_told_at_once_and_brings_no_word_of_it(live_server, world, film):  # noqa: F811
    with opened(live_server, path(film), cookie_of(world.amina)) as amina:
        assert heard(amina) == {"here": [], "state": "0-0"}
        say(film, world.bruno)
        text = amina.recv(timeout=10)
        assert json.loads(text)["state"] == state(film, world.amina) == "1-1"
        assert "silence" not in text


def test_a_burst_is_told_in_few_words_and_ends_right(live_server, world, film):  # noqa: F811
    with opened(live_server, path(film), cookie_of(world.amina)) as amina:
        heard(amina)
        for number in range(20):
            say(film, world.bruno, f"{number}")
        told = []
        while not told or told[-1] != "20-20":
            told.append(heard(amina)["state"])
        assert len(told) < 12


def test_what_one_does_not_read_makes_no_sound(live_server, world, film):  # noqa: F811
    join(world.chloe, world.here.group)
    with opened(live_server, path(film), cookie_of(world.chloe)) as chloe:
        heard(chloe)
        say(film, world.bruno, circle=MomentCircle.PAIR)
        say(film, world.bruno, circle=MomentCircle.PRIVATE)
        with pytest.raises(TimeoutError):
            chloe.recv(timeout=2 * live.RECHECK_S)
        say(film, world.bruno)  # the canary
        assert heard(chloe)["state"] == "3-1"


def test_who_is_here_is_told_and_who_leaves(live_server, world, film):  # noqa: F811
    with opened(live_server, path(film), cookie_of(world.amina)) as amina:
        heard(amina)
        with opened(live_server, path(film), cookie_of(world.bruno)) as bruno:
            assert heard(bruno)["here"] == ["Amina Petit"]
            assert heard(amina)["here"] == ["Bruno Petit"]
        assert heard(amina)["here"] == []


# --- The right to listen ends ---------------------------------------------------------------------------------------
def leave_the_group(world, film):
    world.bruno.memberships.update(left_on=timezone.localdate())


def lose_the_film(world, film):
    film.delete()


def withdraw_consent(world, film):
    film.project.people.filter(pupil=True).first().agreements.update(answer="WITHDRAWN")


def close_the_account(world, film):
    Person.objects.get(pk=world.bruno.pk).delete()


def end_every_session(world, film):
    end_sessions(Person.objects.get(pk=world.bruno.pk))


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (leave_the_group, live.NOT_YOURS),
        (lose_the_film, live.NOT_YOURS),
        (withdraw_consent, live.NOT_YOURS),
        (close_the_account, live.SIGNED_OUT),
        (end_every_session, live.SIGNED_OUT),
    ],
)
def test_within_five_seconds_nothing_more_is_told(live_server, world, film, ended, code):  # noqa: F811
    with opened(live_server, path(film), cookie_of(world.bruno)) as bruno:
        heard(bruno)
        ended(world, film)
        if Film.objects.filter(pk=film.pk).exists():
            say(film, world.amina)  # the very sending asks again
        assert closing_code(bruno, 5) == code


def test_signing_out_closes_the_channels_of_that_visit(live_server, world, film, client):  # noqa: F811
    client.force_login(world.bruno)
    with (
        opened(live_server, path(film), client.cookies["session"].value) as here,
        opened(live_server, path(film), cookie_of(world.bruno)) as elsewhere,
    ):
        heard(here), heard(elsewhere)
        client.logout()
        assert closing_code(here, 5) == live.SIGNED_OUT
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
            assert closing_code(bruno, 5 if code else 0.5) == code, sent[:40]


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
        assert closing_code(bruno, 5) in (live.FLOOD, 0)
        say(film, world.bruno)
        wait_for_state(amina, "1-1")


def test_one_person_holds_so_many_channels_and_no_more(live_server, world, film, monkeypatch):  # noqa: F811
    monkeypatch.setattr(live, "SOCKETS_MAX", 2)
    cookie = cookie_of(world.bruno)
    with opened(live_server, path(film), cookie) as one, opened(live_server, path(film), cookie) as two:
        heard(one), heard(two)
        with opened(live_server, path(film), cookie) as three:
            assert closing_code(three, 5) == live.TOO_MANY
    time.sleep(0.5)
    with opened(live_server, path(film), cookie) as again:
        assert heard(again)


# --- Faults -------------------------------------------------------------------------------------------------------
def test_without_redis_changes_are_told_all_the_same_and_sooner_once_it_is_back(live_server, valkey, world, film):  # noqa: F811
    with opened(live_server, path(film), cookie_of(world.amina)) as amina:
        heard(amina)
        valkey.stop()
        say(film, world.bruno)
        assert wait_for_state(amina, "1-1") < 2 * live.RECHECK_S
        with opened(live_server, path(film), cookie_of(world.bruno)) as bruno:
            assert heard(bruno) == {"here": None, "state": "1-1"}
        valkey.start()
        time.sleep(2 * live.RECHECK_S)
        say(film, world.bruno)
        assert wait_for_state(amina, "2-2") < live.RECHECK_S


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
        assert {heard(channel)["state"] for channel in channels} == {state(film, world.amina)} == {"6-6"}
