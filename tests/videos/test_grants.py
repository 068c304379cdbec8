"""A right that was asked a moment ago is not asked again, and never outlives its end by 5 seconds."""

import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from networks.models import Membership
from tests.servers.web import exchange, serving
from tests.videos.films import film_of
from tests.videos.inventory import cookies_of
from videos import grants, middleware, paths
from videos.models import Film

SEGMENT = "video-240-00000.m4s"


@pytest.fixture(autouse=True)
def _remembering(settings):
    settings.FILM_RIGHTS_KEPT_S = 4.0
    yield
    grants.forget()


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves."""
    now = [1000.0]
    monkeypatch.setattr(grants.time, "monotonic", lambda: now[0])
    return now


@pytest.fixture
def film(world) -> Film:
    return film_of(world.amina, world.here.group)


def media(film: Film, name: str = SEGMENT) -> str:
    return reverse("videos:film_media", args=[film.pk, name])


def leave(world) -> None:
    Membership.objects.filter(person=world.bruno).update(standing="LEFT", left_on=timezone.localdate())


def test_next_segment_costs_no_query(world, film, sign_in, django_assert_num_queries):
    client = sign_in(world.bruno)
    with django_assert_num_queries(4):  # session, person, roles, film
        first = client.get(media(film))
    with django_assert_num_queries(0):
        again = client.get(media(film))
        assert client.head(media(film)).status_code == 200
        assert client.get(media(film), headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert client.get(media(film), headers={"Range": "bytes=0-3"}).content == b"0123"
        assert client.get(media(film, "poster.jpg")).status_code == 200
    assert (again.content, dict(again.headers)) == (first.content, dict(first.headers))


@pytest.mark.parametrize(("kept_s", "after_s", "status"), [(4.0, 3.9, 200), (4.0, 4.0, 404), (60.0, 5.0, 200)])
def test_right_that_ends_is_over_in_time(world, film, sign_in, settings, clock, kept_s, after_s, status):
    """The last case is the canary: remembered for longer, the right would outlive its end."""
    settings.FILM_RIGHTS_KEPT_S = kept_s
    client = sign_in(world.bruno)
    assert client.get(media(film)).status_code == 200
    leave(world)
    clock[0] += after_s
    assert client.get(media(film)).status_code == status


def test_using_a_grant_does_not_prolong_it(world, film, sign_in, clock):
    client = sign_in(world.bruno)
    client.get(media(film))
    leave(world)
    for _ in range(3):
        clock[0] += 1.2
        assert client.get(media(film)).status_code == 200
    clock[0] += 1.2
    assert client.get(media(film)).status_code == 404


def test_grant_is_of_one_session_and_one_film(world, film, sign_in):
    other_film = film_of(world.denis, world.there.group)
    assert sign_in(world.bruno).get(media(film)).status_code == 200
    assert sign_in(world.bruno).get(media(other_film)).status_code == 404
    for stranger in (world.chloe, world.denis, world.superuser):
        client = Client()
        client.force_login(stranger)
        assert client.get(media(film)).status_code == 404
    assert Client().get(media(film)).status_code == 302
    assert Client(headers={"Cookie": "session="}).get(media(film)).status_code == 302


def test_refusal_is_not_remembered_as_a_right(world, film, sign_in):
    client = sign_in(world.chloe)
    assert [client.get(media(film)).status_code for _ in range(3)] == [404] * 3


def test_playlists_and_copies_are_asked_in_full(world, film, sign_in):
    default_storage.save(paths.media_key(film.pk, film.output, "film.mp4"), ContentFile(b"copy"))
    client = sign_in(world.bruno)
    client.get(media(film))
    assert client.get(media(film, "film.mp4")).status_code == 404
    leave(world)
    assert client.get(media(film, "master.m3u8")).status_code == 404
    assert client.post(media(film)).status_code == 405


def test_film_published_anew_is_asked_in_full(world, film, sign_in):
    client = sign_in(world.bruno)
    client.get(media(film))
    default_storage.delete(paths.media_key(film.pk, film.output, SEGMENT))
    Film.objects.filter(pk=film.pk).update(output="2")
    default_storage.save(paths.media_key(film.pk, "2", SEGMENT), ContentFile(b"anew"))
    assert client.get(media(film)).content == b"anew"


def test_memory_is_bounded(world, film, sign_in, monkeypatch, clock):
    monkeypatch.setattr(grants, "MOST", 3)
    for _ in range(10):
        client = Client()
        client.force_login(world.bruno)
        client.get(media(film))
        assert len(grants._grants) <= 3
        clock[0] += 1


def test_address_of_a_piece_is_known(film):
    assert middleware.PIECE.fullmatch(media(film))


@pytest.mark.service
@pytest.mark.django_db(transaction=True)
def test_right_that_ends_is_over_in_five_real_seconds(world, film):
    cookie = {"Cookie": cookies_of(world.bruno)}
    with serving() as port:
        assert exchange(port, "GET", media(film), cookie)[0] == 200
        leave(world)
        ended = asked = time.monotonic()
        while exchange(port, "GET", media(film), cookie)[0] == 200:
            assert asked - ended < 5
            time.sleep(0.1)
            asked = time.monotonic()
