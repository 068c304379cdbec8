"""Every byte that the storage holds, asked for by everybody, in every spelling: by Django, a real nginx, real S3."""

import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from networks.models import Membership
from tests.servers.nginx import nginx_server
from tests.servers.s3 import in_bucket, s3_port  # noqa: F401
from tests.servers.web import exchange, serving
from tests.videos import inventory
from videos import rules
from videos.models.films import FilmQuerySet

pytestmark = [pytest.mark.service, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["django", "nginx", "s3"])
def port(request, settings, tmp_path):
    """The platform behind each way of sending; its port."""
    way = request.param
    if way == "s3":
        request.getfixturevalue("in_bucket")
    settings.MEDIA_DELIVERY = way
    with ExitStack() as stack:
        port = stack.enter_context(serving())
        if way == "nginx":
            (tmp_path / "nginx").mkdir()
            where = {"platform": port, "media": settings.MEDIA_ROOT}
            port = stack.enter_context(nginx_server(tmp_path / "nginx", **where))
        yield port


def test_each_thing_is_for_those_who_may_have_it(world, port, tmp_path, record_property):
    held = inventory.hold(world, tmp_path)
    keys = inventory.stored()
    gone = [key for key in held.contents if str(held.films["deleted"].pk) in key]
    assert set(keys) < set(held.contents)
    assert not set(gone) & set(keys), "what is deleted lies nowhere"
    assert {inventory.address_of(key, held)[1] for key in keys} == set(held.films) - {"deleted"}
    assert all(rules.is_media_name(name) for name in inventory.NAMES)
    faults, asked = inventory.sweep(held, port)
    more, spelled = inventory.misspelled(held, port)
    assert not faults + more, "\n".join(faults + more)
    assert asked > 300
    record_property("checks", asked + spelled)


def test_right_that_ends_ends_at_once(world, port, tmp_path):
    """Out of the group, or out of the platform: no further byte, whatever the browser remembers of what it had."""
    held = inventory.hold(world, tmp_path)
    address = f"/films/{held.films['shared'].pk}/media/poster.jpg"
    for persona, end in (("bruno", leave_group), ("amina", sign_out)):
        cookie = {"Cookie": held.cookies[persona]}
        status, told, _ = inventory.ask(port, "GET", address, cookie)
        assert status == 200
        end(world, held)
        for more in ({}, {"If-None-Match": told["etag"]}, {"Range": "bytes=0-3"}):
            assert inventory.ask(port, "GET", address, cookie | more)[0] == (404 if persona == "bruno" else 302)


def leave_group(world, held) -> None:
    Membership.objects.filter(person=world.bruno).update(standing="LEFT", left_on=timezone.localdate())


def sign_out(world, held) -> None:
    client = Client()
    client.cookies.load(held.cookies["amina"])
    client.post(reverse("account_logout"))


def test_without_the_scope_the_sweep_fails(world, port, tmp_path, monkeypatch):
    """The canary."""
    held = inventory.hold(world, tmp_path)
    monkeypatch.setattr(FilmQuerySet, "visible_to", lambda films, person: films)
    faults, _ = inventory.sweep(held, port, thorough=())
    assert any(fault.startswith("chloe GET") for fault in faults)
    assert any(fault.startswith("denis GET") for fault in faults)


def test_link_to_the_bucket_dies_with_the_right(world, in_bucket, tmp_path):  # noqa: F811
    held = inventory.hold(world, tmp_path)
    address = f"/films/{held.films['shared'].pk}/media/poster.jpg"
    with serving() as port:
        _, told, _ = exchange(port, "GET", address, {"Cookie": held.cookies["bruno"]})
        given_at = time.monotonic()
        leave_group(world, held)
        assert exchange(port, "GET", address, {"Cookie": held.cookies["bruno"]})[0] == 404
    link = urlsplit(told["location"])
    target = f"{link.path}?{link.query}"
    assert exchange(link.port, "GET", target)[0] == 200
    for other in (
        link.path,
        f"/{in_bucket}/",
        f"/{in_bucket}?list-type=2&{link.query}",
        target.replace("poster", "sprite"),
    ):
        assert exchange(link.port, "GET", other)[0] in (403, 404), other
    for bad in (target.replace("Expires=5", "Expires=500"), target.replace("image%2Fjpeg", "text%2Fhtml"), target[:-2]):
        assert exchange(link.port, "GET", bad)[0] == 403, bad
    assert exchange(link.port, "PUT", target)[0] == 403
    time.sleep(max(0, given_at + 6.2 - time.monotonic()))  # S3 counts whole seconds
    assert exchange(link.port, "GET", target)[0] == 403
