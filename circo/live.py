"""What pages open at this moment are told: something has changed, who is here. Over WebSocket, under `/ws/`.

A live channel carries no content. It says that something has changed for its reader, who then asks for it by a plain
request, under the rights of that request. The database is read again for each reader, every `RECHECK_S` at the latest:
a ring through Redis only makes it sooner, so without Redis pages are merely slower, and a lost ring is caught up.

    class FilmChannel(live.Channel):
        def name(self) -> str: ...                  # what `live.ring` rings for
        def news(self, person) -> dict | None: ...  # read anew at each sending; None: this is not for that person

Source: docs/decisions/0013-live-discussion.md
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import Counter
from functools import cache
from typing import Any, ClassVar
from urllib.parse import urlsplit

import redis
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.http.request import split_domain_port, validate_host
from django.urls import re_path
from django.utils import timezone

from circo.models import Person
from circo.sign_in import proconnect, sessions

logger = logging.getLogger(__name__)

RECHECK_S = 2.5  # a right that is withdrawn is silent after twice this at the most
GATHER_S = 0.25  # rings that come together are answered once
FRAME_MAX = 4096  # characters of one message of a client
BURST, A_SECOND = 20, 5  # messages of one client: at once, and from then on
SOCKETS_MAX = 20  # of one person, in one process
HERE_FOR_S = 8  # without a sign of life
HERE_MAX = 1000  # people whose presence is read

SIGNED_OUT, NOT_YOURS, FLOOD, TOO_MANY = 4401, 4404, 4408, 4429  # why we close; those of the standard:
BAD_DATA, TOO_BIG, OUR_FAULT = 1003, 1009, 1011
UNREACHABLE = (redis.RedisError, OSError)


class CalmLayer(RedisPubSubChannelLayer):
    """The channel layer, which takes a Redis that does not answer for one that answers later."""

    async def new_channel(self, prefix: str = "specific.") -> str:
        """Name a channel of this process. Nobody sends to one alone, so Redis need not know of it."""
        layer = self._get_layer()
        name = f"{layer.prefix}{prefix}{time.monotonic_ns()}.{len(layer.channels)}"
        layer.channels[name] = asyncio.Queue()
        return name

    async def group_add(self, group: str, channel: str) -> None:
        """Listen to a name; asked again at each look, so that it holds once Redis is back."""
        with contextlib.suppress(*UNREACHABLE):
            await self._get_layer().group_add(group, channel)

    async def group_discard(self, group: str, channel: str) -> None:
        with contextlib.suppress(*UNREACHABLE):
            await self._get_layer().group_discard(group, channel)

    async def group_send(self, group: str, message: dict[str, Any]) -> bool:
        """Tell whoever listens to a name; False if Redis does not answer."""
        try:
            await self._get_layer().group_send(group, message)
        except UNREACHABLE:
            return False
        return True

    def ring(self, group: str) -> None:
        """Wake whoever listens to a name, from plain code: no event loop is needed, or disturbed.

        Raises: RedisError or OSError if Redis does not answer.
        """
        message = self.serialize({"type": "ring"})
        store().publish(f"{self._kwargs.get('prefix', 'asgi')}__group__{group}", message)


@cache
def _client(address: str) -> redis.Redis:
    return redis.Redis.from_url(address, socket_connect_timeout=1, socket_timeout=1)


def store() -> redis.Redis:
    """The Redis of this platform, asked briefly: nobody waits for what may be away."""
    return _client(settings.REDIS_URL)


def ring(name: str) -> bool:
    """Wake the pages that listen to a name; False if Redis is deaf, which is no fault: they look by themselves."""
    layer = get_channel_layer()
    try:
        if layer is not None:
            layer.ring(name)
    except UNREACHABLE:
        logger.warning("Redis does not answer: pages look by themselves every %s s", RECHECK_S)
        return False
    return True


# --- Who is here --------------------------------------------------------------------------------------------------
def note_presence(name: str, *person_ids: int) -> list[int] | None:
    """Say that these are here, and return the ids of all who are; None if nobody can tell."""
    key, now = f"here:{name}", time.time()
    try:
        with store().pipeline(transaction=False) as asked:
            if person_ids:
                asked.zadd(key, {str(pk): now for pk in person_ids})
            asked.zremrangebyscore(key, 0, now - HERE_FOR_S)
            asked.expire(key, 10 * HERE_FOR_S)
            asked.zrange(key, 0, HERE_MAX - 1)
            return [int(one) for one in asked.execute()[-1]]
    except UNREACHABLE:
        return None


def note_departure(name: str, *person_ids: int) -> None:
    with contextlib.suppress(*UNREACHABLE):
        store().zrem(f"here:{name}", *map(str, person_ids))


# --- Who may open a channel, and for how long ---------------------------------------------------------------------
def same_site(origin: str, host: str) -> bool:
    """Tell whether a handshake comes from a page of ours: no origin, `null` and look-alikes do not."""
    domain, _ = split_domain_port(host.lower())
    asked = urlsplit(origin.lower())
    if asked.scheme not in ("http", "https") or asked.path or asked.query or "@" in asked.netloc:
        return False
    if settings.HTTPS and asked.scheme != "https":
        return False
    ours = asked.netloc == host.lower() and bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
    return ours or f"{asked.scheme}://{asked.netloc}" in settings.CSRF_TRUSTED_ORIGINS


def visit_of(session_key: str) -> Person | None:
    """Whose visit this is at this moment, under the rules of every page: its age, its second factor, the account."""
    session = SessionStore(session_key)
    person = sessions.visitor_of(session)
    if person is None or sessions.is_over(session, person, timezone.now()):
        return None
    request = HttpRequest()
    request.session, request.user = session, person
    return None if proconnect.lacks_second_factor(request) else person


class Door(AsyncWebsocketConsumer):
    """One page of one person that listens: whence it comes, how many there are, that it floods nobody."""

    url_name: ClassVar[str] = ""  # as in the table of who may open what
    _open: ClassVar[Counter[int]] = Counter()

    def open_door(self) -> bool:
        """Begin to count what this page does; False if it is not one of ours."""
        self.person_id: int | None = None
        self.holds_a_place = False
        self.allowance, self.counted_at = float(BURST), time.monotonic()
        return same_site(self._header(b"origin"), self._header(b"host"))

    @property
    def session_key(self) -> str:
        return self.scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")

    def has_too_many(self) -> bool:
        return self._open[self.person_id or 0] >= SOCKETS_MAX

    def take_place(self, wanted: bool) -> None:
        """Count this page among those of its person, or no more."""
        self._open[self.person_id or 0] += wanted - self.holds_a_place
        self.holds_a_place = wanted

    def _header(self, wanted: bytes) -> str:
        return next((value.decode("latin1") for name, value in self.scope["headers"] if name == wanted), "")

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Nothing is asked of a page but not to flood; what it says may be `said`."""
        now = time.monotonic()
        self.allowance = min(self.allowance + (now - self.counted_at) * A_SECOND, BURST) - 1
        self.counted_at = now
        if self.allowance < 0:
            await self.close(FLOOD)
        elif text_data is None:
            await self.close(BAD_DATA)
        elif len(text_data) > FRAME_MAX:
            await self.close(TOO_BIG)
        elif (words := _object(text_data)) is None:
            await self.close(BAD_DATA)
        else:
            await self.said(words)

    async def said(self, words: dict[str, Any]) -> None:
        """Hear what a page says; by itself, nothing."""


class Channel(Door):
    """One page of one person that listens. Subclasses say to what (`name`) and what there is to tell (`news`)."""

    def name(self) -> str:
        """What `ring` rings for."""
        raise NotImplementedError

    def news(self, person: Person) -> dict[str, Any] | None:
        """All there is to tell that person now, read from the database; None if the channel is not for that person."""
        raise NotImplementedError

    # --- Coming and going ------------------------------------------------------------------------------------------
    async def connect(self) -> None:
        self.told: str | None = None
        self.watch: asyncio.Task[None] | None = None
        self.woken = asyncio.Event()
        if not self.open_door():
            await self.close()
            return
        code, said = await self._look()
        if code is None and self.has_too_many():
            code = TOO_MANY
        # Before anybody else is heard: of many that open at once, each counts the others.
        self.take_place(code is None)
        try:
            # A browser is told nothing of why a handshake failed: accepted, then closed with a reason.
            await self.accept()
        except BaseException:
            self.take_place(False)
            raise
        if code is not None:
            await self.close(code)
            return
        self.watch = asyncio.create_task(self._keep_watch(said))

    async def disconnect(self, code: int) -> None:
        self.take_place(False)
        if self.watch is None:
            return
        self.watch.cancel()
        await self.channel_layer.group_discard(self.name(), self.channel_name)
        await sync_to_async(note_departure)(self.name(), self.person_id or 0)

    # --- What it is told -------------------------------------------------------------------------------------------
    async def ring(self, event: dict[str, Any]) -> None:
        """Somebody rang."""
        self.woken.set()

    async def _keep_watch(self, said: dict[str, Any]) -> None:
        """Tell what changes until the right to hear it ends."""
        try:
            while True:
                await self._tell(said)
                await self.channel_layer.group_add(self.name(), self.channel_name)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.woken.wait(), RECHECK_S)
                    await asyncio.sleep(GATHER_S)
                self.woken.clear()
                code, said = await self._look()
                if code is not None:
                    await self.close(code)
                    return
        except OSError:
            return  # the page has left
        except Exception:  # the edge of the task: the page opens another, and looks by itself until then
            logger.exception("a live channel stopped")
            with contextlib.suppress(Exception):
                await self.close(OUR_FAULT)

    async def _tell(self, said: dict[str, Any]) -> None:
        text = json.dumps(said, ensure_ascii=False, sort_keys=True)
        if text != self.told:
            self.told = text
            await self.send(text_data=text)

    @database_sync_to_async
    def _look(self) -> tuple[int | None, dict[str, Any]]:
        """Read who this is and what there is to tell: a reason to close, or the news."""
        person = visit_of(self.session_key)
        if person is None or self.person_id not in (None, person.pk):
            return SIGNED_OUT, {}
        self.person_id = person.pk
        news = self.news(person)
        return (NOT_YOURS, {}) if news is None else (None, news)


def _object(text: str) -> dict[str, Any] | None:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


async def _nowhere(scope: Any, receive: Any, send: Any) -> None:
    """Refuse a handshake for a channel that does not exist, as a page that does not exist is refused."""
    await receive()
    await send({"type": "websocket.close"})


NOWHERE = re_path("", _nowhere)  # type: ignore[arg-type]  # Channels routes applications, not views
