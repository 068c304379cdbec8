"""Pages are run by a few threads that keep their connections, and no stranger holds one of them."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.asgi import get_asgi_application
from django.db import connection
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.urls import path

from circo import threads
from circo.bodies import KnownSenders
from circo.models import Person
from tests.servers import web
from tests.servers.web import exchange, serving

LARGE = 32 * 1024**2  # bytes: more than a socket holds
HALF_SENT = b"POST /count/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n12"
NEVER_READ = b"GET /large/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
pytestmark = pytest.mark.django_db(transaction=True)


def count(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Person.objects.count()))


def large(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"x" * LARGE)


def whose(request: HttpRequest) -> HttpResponse:
    """The server's own name of this connection to PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return HttpResponse(str(cursor.fetchone()[0]))


urlpatterns = [path("count/", count), path("large/", large), path("whose/", whose)]


@pytest.fixture(autouse=True)
def here(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "CONN_MAX_AGE", 600)  # as in production
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # without it, allauth lets nothing start
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.WEB_THREADS = 2


@pytest.fixture
def opened():
    """The connections to the database that are opened meanwhile."""
    made: list[object] = []

    def note(**told: object) -> None:
        made.append(told["connection"])

    connection_created.connect(note)
    yield made
    connection_created.disconnect(note)


def crowd(port: int, size: int = 60) -> set[tuple[int, bytes]]:
    with ThreadPoolExecutor(20) as people:
        return {answer[::2] for answer in people.map(lambda _: exchange(port, "GET", "/count/"), range(size))}


def test_a_crowd_opens_no_more_connections_than_there_are_threads(opened):
    with serving() as port:
        assert crowd(port) == {(200, b"0")}
    assert 1 <= len(opened) <= 2


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # left to the garbage collector: what the threads are for
def test_canary_the_handler_of_django_opens_one_each(opened, monkeypatch, settings):
    monkeypatch.setitem(settings.DATABASES["default"], "CONN_MAX_AGE", 0)
    monkeypatch.setattr(threads, "Pages", get_asgi_application)
    monkeypatch.setattr(web, "let_go", lambda _: None)
    with serving() as port:
        crowd(port)
    assert len(opened) >= 60


@pytest.mark.parametrize("said", [HALF_SENT, NEVER_READ])
def test_who_reads_nothing_or_sends_half_holds_no_thread(said):
    with serving() as port:
        idle = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(4)]
        for line in idle:
            line.sendall(said)
        assert exchange(port, "GET", "/count/")[0] == 200
        for line in idle:
            line.close()


TWO_AT_ONCE = (
    b"GET /count/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    b"POST /count/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\n"
)


class Late(KnownSenders):
    """Ask once the request before is over, to its last word."""

    async def __call__(self, scope, receive, send):
        await asyncio.sleep(0.3)
        await super().__call__(scope, receive, send)


def second_answer(monkeypatch) -> bytes:
    """What is said to the second request of a line, which is asked whose visit it is before it comes to the pages."""
    monkeypatch.setattr(web, "KnownSenders", Late)
    with serving() as port, socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(TWO_AT_ONCE)
        said = b"".join(iter(lambda: line.recv(65536), b""))
    return said[said.index(b"HTTP/1.1", 1) :]


def test_the_next_request_of_a_line_is_none_of_the_one_before(monkeypatch):
    assert second_answer(monkeypatch).startswith(b"HTTP/1.1 403")


def test_canary_in_the_context_of_the_one_before_it_fails(monkeypatch):
    monkeypatch.setattr(threads, "apart", lambda application: application)
    assert second_answer(monkeypatch).startswith(b"HTTP/1.1 500")


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="a file has no server to lose")
def test_a_thread_whose_connection_was_cut_opens_another():
    with serving() as port:
        for _ in range(3):
            _, _, pid = exchange(port, "GET", "/whose/")
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [int(pid)])
            assert exchange(port, "GET", "/whose/")[0] == 200
