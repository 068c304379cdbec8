"""Whoever is not signed in fills no disk: no large body of theirs is read."""

import asyncio

import pytest
from django.test import Client

from circo import asgi, bodies

pytestmark = pytest.mark.django_db(transaction=True)


def answered(headers: dict[str, str], cookie: str = "") -> tuple[int, bool]:
    """The status of the answer, or 0 where the platform goes on; and whether a byte of the body was asked for."""
    told = {**headers, **({"cookie": f"a=b; session={cookie}"} if cookie else {})}
    scope = {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in told.items()]}
    sent, read = [], []

    async def receive():
        read.append(True)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(event):
        sent.append(event)

    async def platform(scope, receive, send):
        await receive()

    asyncio.run(bodies.KnownSenders(platform)(scope, receive, send))
    return (sent[0]["status"] if sent else 0), bool(read)


def cookie_of(person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies["session"].value


LARGE = [{"content-length": str(bodies.LARGE + 1)}, {"transfer-encoding": "chunked"}, {"content-length": "9" * 5000}]


@pytest.mark.parametrize("headers", LARGE, ids=["announced", "in chunks", "endless"])
def test_large_body_is_read_of_who_is_signed_in_alone(world, headers):
    gone = cookie_of(world.bruno)
    world.bruno.is_active = False
    world.bruno.save()
    for stranger in ("", "x" * 32, "é", gone):
        assert answered(headers, stranger) == (403, False)
    assert answered(headers, cookie_of(world.amina)) == (0, True)


@pytest.mark.parametrize("headers", [{}, {"content-length": "0"}, {"content-length": str(bodies.LARGE)}])
def test_what_anybody_may_send_costs_no_question(db, headers, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert answered(headers) == (0, True)


def test_the_platform_stands_behind_it():
    assert isinstance(asgi.routes.application_mapping["http"], bodies.KnownSenders)
