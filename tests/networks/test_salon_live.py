"""The live channel of a salon, through a real uvicorn: what it tells, to whom, and when it falls silent."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from circo import live, live_rooms
from circo.models import Person
from circo.rules import Role
from circo.sign_in import visits
from circo.sign_in.sessions import end_sessions
from networks.models import Salon
from networks.salons import actions, queries
from tests.live import closing_code, cookie_of, heard, live_server, opened, valkey  # noqa: F401
from tests.networks.salon_client import SalonClient
from tests.networks.salon_things import salon_of, say
from tests.processes import wait_for
from tests.servers.process import WebProcess
from tests.world import join, person, post

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]

PATIENCE_S = 20  # the machines of CI are slow, and what never comes is a fault all the same


@pytest.fixture
def salon(world) -> Salon:
    return salon_of(world.here.group, created_by=world.amina)


def path(salon: Salon) -> str:
    return f"/ws/salons/{salon.pk}/"


def told(channel, key: str = "posts"):
    """Read until something holds that key."""
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        said = heard(channel, PATIENCE_S)
        if key in said:
            return said
    raise AssertionError(f"never told: {key}")


def test_a_message_reaches_who_is_there_with_its_words(live_server, world, salon):  # noqa: F811
    say(salon, world.amina)
    with opened(live_server, path(salon), cookie_of(world.bruno)) as bruno:
        assert heard(bruno)["seq"] == 1
        say(salon, world.amina, "Un **album**")
        said = told(bruno)
        assert (said["since"], said["seq"]) == (1, 2)
        assert "<strong>album</strong>" in said["posts"][0]["html"]
        actions.react(post=salon.posts.get(seq=2), code="merci", by=world.bruno)
        again = told(bruno)
        assert [(one["seq"], one["changed"]) for one in again["posts"]] == [(2, 3)]


def test_a_message_for_many_holds_nothing_of_one_reader(live_server, world, salon):  # noqa: F811
    with (
        opened(live_server, path(salon), cookie_of(world.amina)) as amina,
        opened(live_server, path(salon), cookie_of(world.bruno)) as bruno,
    ):
        heard(amina), heard(bruno)
        say(salon, world.amina)
        mine, theirs = told(amina)["posts"], told(bruno)["posts"]
        assert mine == theirs
        assert "csrf" not in json.dumps(mine)


def test_who_is_here_and_who_writes_is_told(live_server, world, salon):  # noqa: F811
    with opened(live_server, path(salon), cookie_of(world.amina)) as amina:
        assert heard(amina)["here"] == {"count": 1, "names": ["Amina Petit"]}
        with opened(live_server, path(salon), cookie_of(world.bruno)) as bruno:
            heard(bruno)
            assert told(amina, "here")["here"]["count"] == 2
            bruno.send('{"writing": true}')
            assert told(amina, "writing")["writing"] == ["Bruno Petit"]
        assert told(amina, "here")["here"]["count"] == 1


def signs_told(amina, bruno, within_s: float = 4.0) -> int:
    """How often Amina is told that Bruno types, while a script says so four times a second."""
    heard(amina), heard(bruno)
    give_up_at, count = time.monotonic() + within_s, 0
    while time.monotonic() < give_up_at:
        bruno.send('{"writing": true}')
        with contextlib.suppress(TimeoutError):
            count += "writing" in json.loads(amina.recv(timeout=0.25))
    return count


@pytest.mark.parametrize(("pause_s", "most", "least"), [(60.0, 1, 1), (0.0, 9, 3)])  # the second is the canary
def test_a_script_that_types_without_end_does_not_keep_a_room_awake(
    live_server,  # noqa: F811
    world,
    salon,
    monkeypatch,
    pause_s,
    most,
    least,
):
    monkeypatch.setattr(live_rooms, "TYPING_OF_ONE_S", pause_s)
    with (
        opened(live_server, path(salon), cookie_of(world.amina)) as amina,
        opened(live_server, path(salon), cookie_of(world.bruno)) as bruno,
    ):
        assert least <= signs_told(amina, bruno) <= most


def leave_the_group(world):
    world.bruno.memberships.update(standing="LEFT", left_on=timezone.localdate())


def end_the_posting(world):
    world.bruno.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    leave_the_group(world)


def deactivate(world):
    Person.objects.filter(pk=world.bruno.pk).update(is_active=False)


def end_every_session(world):
    end_sessions(Person.objects.get(pk=world.bruno.pk))


def close_the_account(world):
    Person.objects.get(pk=world.bruno.pk).delete()


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (leave_the_group, live.NOT_YOURS),
        (end_the_posting, live.NOT_YOURS),
        (deactivate, live.SIGNED_OUT),
        (end_every_session, live.SIGNED_OUT),
        (close_the_account, live.SIGNED_OUT),
    ],
)
def test_who_lost_the_right_hears_nothing_later(live_server, world, salon, ended, code):  # noqa: F811
    with opened(live_server, path(salon), cookie_of(world.bruno)) as bruno:
        heard(bruno)
        ended(world)
        say(salon, world.amina, "Un secret de plus")
        texts, closed_with = _heard_until_closed(bruno, 5)
        assert texts == []
        assert closed_with in (code, live.NOT_YOURS)  # of an account that goes, the membership may be seen to go first


def test_without_a_ring_it_is_closed_as_soon(live_server, world, salon):  # noqa: F811
    with opened(live_server, path(salon), cookie_of(world.bruno)) as bruno:
        heard(bruno)
        leave_the_group(world)
        assert closing_code(bruno, 5) == live.NOT_YOURS


def test_canary_rights_read_at_the_door_only_would_leak(live_server, world, salon, monkeypatch):  # noqa: F811
    """What the test above would see if the hub asked nobody again."""
    with opened(live_server, path(salon), cookie_of(world.bruno)) as bruno:
        heard(bruno)
        monkeypatch.setattr(queries, "hearers", lambda salon_id, person_ids: set(person_ids))
        leave_the_group(world)
        say(salon, world.amina, "Un secret de plus")
        texts, code = _heard_until_closed(bruno, 3)
        assert "Un secret" in texts[0]
        assert code is None


def _heard_until_closed(channel, within_s: float, key: str = "posts") -> tuple[list[str], int | None]:
    """The messages with words of somebody that still arrive, and the code with which the channel closes."""
    texts: list[str] = []
    give_up_at = time.monotonic() + within_s
    while (left := give_up_at - time.monotonic()) > 0:
        try:
            text = channel.recv(timeout=left)
        except TimeoutError:
            break
        except Exception:  # noqa: BLE001 (closed)
            return texts, channel.close_code
        texts += [text] if key in json.loads(text) else []
    return texts, None


def test_signs_of_writing_go_to_nobody_who_lost_the_right(live_server, world, salon):  # noqa: F811
    with (
        opened(live_server, path(salon), cookie_of(world.amina)) as amina,
        opened(live_server, path(salon), cookie_of(world.bruno)) as bruno,
    ):
        heard(amina), heard(bruno)
        leave_the_group(world)
        bruno.send('{"writing": true}')
        amina.send('{"writing": true}')
        assert _heard_until_closed(bruno, 5, "writing") == ([], live.NOT_YOURS)
        while told(amina, "here")["here"]["count"] != 1:
            pass


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("{", live.BAD_DATA),
        ("[]", live.BAD_DATA),
        (b"\x00", live.BAD_DATA),
        ('{"a": "' + "x" * 5000 + '"}', live.TOO_BIG),
    ],
)
def test_odd_messages_close_the_channel(live_server, world, salon, sent, code):  # noqa: F811
    with opened(live_server, path(salon), cookie_of(world.bruno)) as bruno:
        heard(bruno)
        bruno.send(sent)
        assert closing_code(bruno, PATIENCE_S) == code


def test_one_person_holds_so_many_channels_and_no_more(live_server, world, salon, monkeypatch):  # noqa: F811
    monkeypatch.setattr(live, "SOCKETS_MAX", 2)
    cookie = cookie_of(world.bruno)
    with contextlib.ExitStack() as kept:
        channels = [kept.enter_context(opened(live_server, path(salon), cookie)) for _ in range(3)]
        codes = [closing_code(channel, 1) for channel in channels]
        assert sorted(codes, key=str) == [live.TOO_MANY, None, None]


def test_without_redis_all_is_told_a_little_later(live_server, valkey, world, salon):  # noqa: F811
    with opened(live_server, path(salon), cookie_of(world.bruno)) as bruno:
        heard(bruno)
        valkey.stop()
        say(salon, world.amina, "Malgré tout")
        assert "Malgré tout" in told(bruno)["posts"][0]["html"]
        valkey.start()


def test_the_visits_of_many_are_judged_as_those_of_one(world, settings):
    """`visitors_of` and `visit_of` are one rule, for every persona and every way in which a visit ends."""
    cookies = {name: cookie_of(person) for name, person in world.people.items()}
    end_sessions(world.amina)
    world.inspector.authenticator_set.all().delete()
    Person.objects.filter(pk=world.bruno.pk).update(is_active=False)
    keys = [*cookies.values(), "", "nobody"]
    together = {key: person.pk for key, person in visits.visitors_of(keys).items()}
    one_by_one = {key: found.pk for key in keys if (found := live.visit_of(key)) is not None}
    assert together == one_by_one
    assert len(together) > 10
    assert {cookies[name] for name in ("amina", "bruno", "inspector")}.isdisjoint(together)


def test_many_cost_no_more_queries_than_one(world, django_assert_num_queries):
    few = [cookie_of(world.amina), cookie_of(world.departement)]
    many = [cookie_of(person) for person in world.people.values() if not person.is_superuser]
    for keys in (few, many):
        with django_assert_num_queries(4):
            visits.visitors_of(keys)


# --- A server that dies ---
def test_after_a_kill_every_client_ends_with_exactly_the_messages_of_the_database(world, valkey, salon):  # noqa: F811
    """Fifty clients write while uvicorn is killed and started again: nothing is missing, and nothing is there twice."""
    people = [_colleague(world, number) for number in range(10)]
    wanted = 50 * SalonClient.WRITES
    server = WebProcess(REDIS_URL=django_settings.REDIS_URL)
    server.start()
    SalonClient.url = f"http://127.0.0.1:{server.port}"
    clients = [SalonClient(people[number % 10], salon, wanted) for number in range(50)]
    threads = [threading.Thread(target=client.live, daemon=True) for client in clients]
    try:
        for thread in threads:
            thread.start()
        wait_for(lambda: salon.posts.count() > 20, 120, "they write")
        server.kill()
        written = salon.posts.count()
        server.start()
        for thread in threads:
            thread.join(240)
    finally:
        server.kill()
    assert written < wanted, "the server died in the middle of it"
    assert [client.fault for client in clients if client.fault] == []
    rows = dict(salon.posts.order_by("seq").values_list("seq", "changed_seq"))
    assert len(rows) == wanted == salon.posts.values("text").distinct().count()
    assert all(client.known.changed == rows for client in clients)


def _colleague(world, number: int) -> Person:
    made = person(f"collegue{number}@ecole.test", f"Collègue{number}", "Dupont")
    post(made, Role.TEACHER, world.here.schools[0])
    join(made, world.here.group)
    return made
