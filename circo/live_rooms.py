"""Rooms where many listen at once: what has changed is read and drawn once, and told to each who may still hear it.

A hub per room and process holds its open pages. A ring, or `RECHECK_S` without one, makes it read in a few queries what
has changed since its last number and who of all those present still may hear, then send one and the same text to each
of them and close the others: rights are read at each sending, for all at once. Nothing of it depends on the reader.

    class SalonChannel(live_rooms.RoomChannel):
        def room(self) -> live_rooms.Room: ...

Source: docs/decisions/0022-salons.md
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol
from weakref import WeakKeyDictionary

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer

from circo import live
from circo.models import Person
from circo.sign_in import visits

logger = logging.getLogger(__name__)

APART_S = 0.1  # the first ring is answered at once; those that come within that time of a look, together
TYPING_EVERY_S = 1.0  # typing signs are told at most so often
TYPING_OF_ONE_S = 2.5  # one sign of a person within that time, however many pages: a room is not kept awake by a script
TYPING_SHOWN = 3
SLOW_S = 3.0  # a page that takes longer to take a message is closed: it comes back, and catches up
HERE_NAMED = 12  # the others are counted


@dataclass(frozen=True)
class Changes:
    """What has changed after `since`, up to `seq`: `posts` as every reader gets them."""

    since: int
    seq: int
    posts: list[dict[str, Any]] = field(default_factory=list)
    more: bool = False  # there is more to read after `seq`


class Room(Protocol):
    """What a hub asks of the room that it serves. Called in a thread, where the database may be read."""

    name: str  # what is rung for

    def last(self) -> int:
        """The number of the room's last change."""

    def changes(self, since: int) -> Changes:
        """Some of what has changed since; again and again, all of it."""

    def hearers(self, person_ids: Collection[int]) -> set[int]:
        """Which of these people may hear the room at this moment."""


@dataclass(frozen=True)
class _Look:
    """What one look of the hub has read."""

    changes: Changes
    people: Mapping[str, Person]  # by session, those whose visit stands
    hearers: Collection[int]
    here: list[int] | None
    names: Mapping[int, str]


class Hub:
    """The open pages of one room in this process."""

    _all: ClassVar[WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Hub]]] = WeakKeyDictionary()

    def __init__(self, room: Room) -> None:
        self.room = room
        self.seats: set[RoomChannel] = set()
        self.newcomers: set[RoomChannel] = set()
        self.seq: int | None = None
        self.here: dict[str, Any] | None = None
        self.writing: dict[int, None] = {}
        self.wrote_at: dict[int, float] = {}
        self.woken = asyncio.Event()
        self.alarm: asyncio.TimerHandle | None = None
        self.watch = asyncio.create_task(self._keep_watch())

    @classmethod
    def of(cls, room: Room) -> Hub:
        """The hub of a room in this process; a new one if nobody was there."""
        hubs = cls._all.setdefault(asyncio.get_running_loop(), {})
        if room.name not in hubs:
            hubs[room.name] = cls(room)
        return hubs[room.name]

    def join(self, page: RoomChannel) -> None:
        self.newcomers.add(page)
        self.woken.set()

    def leave(self, page: RoomChannel) -> None:
        self.seats.discard(page)
        self.newcomers.discard(page)
        if not self.seats and not self.newcomers:
            self.woken.set()

    def hears_writing(self, person_id: int) -> bool:
        """Tell whether a sign that this person types is passed on; one too soon after another says no more."""
        now = time.monotonic()
        if now - self.wrote_at.get(person_id, -TYPING_OF_ONE_S) < TYPING_OF_ONE_S:
            return False
        self.wrote_at[person_id] = now
        return True

    def note_writing(self, person_id: int) -> None:
        """Somebody types; told with the next news, or a little later."""
        self.writing[person_id] = None
        if self.alarm is None:
            self.alarm = asyncio.get_running_loop().call_later(TYPING_EVERY_S, self.woken.set)

    # --- Its life ----------------------------------------------------------------------------------------------------
    async def _keep_watch(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        ears = asyncio.create_task(self._hear(layer, channel))
        try:
            await self._work(layer, channel)
        except Exception:  # the edge of the task: each page opens another, and looks by itself until then
            logger.exception("a room stopped")
            await self._close([*self.seats, *self.newcomers], live.OUR_FAULT)
        finally:
            hubs = self._all.get(asyncio.get_running_loop(), {})
            if hubs.get(self.room.name) is self:
                del hubs[self.room.name]
            ears.cancel()
            await layer.group_discard(self.room.name, channel)

    async def _work(self, layer: Any, channel: str) -> None:
        while self.seats or self.newcomers:
            await layer.group_add(self.room.name, channel)
            looked_at = time.monotonic()
            await self._look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.woken.wait(), live.RECHECK_S)
                await asyncio.sleep(looked_at + APART_S - time.monotonic())
            self.woken.clear()

    async def _hear(self, layer: Any, channel: str) -> None:
        while True:
            event = await layer.receive(channel)
            if event["type"] == "writing":
                self.note_writing(int(event["person"]))
            else:
                self.woken.set()

    # --- One look ----------------------------------------------------------------------------------------------------
    async def _look(self) -> None:
        newcomers, self.newcomers = self.newcomers, set()
        writing, self.writing, self.alarm = self.writing, {}, None
        present = {page: page.session_key for page in [*self.seats, *newcomers]}
        known = {page.person_id for page in self.seats if page.person_id}
        look = await self._read(set(present.values()), known, set(writing), self.seq)
        turned_away: dict[RoomChannel, int] = {}
        for page, key in present.items():
            code = _reason_to_close(page, look.people.get(key), look.hearers)
            if code is not None:
                turned_away[page] = code
            elif page in newcomers:
                page.take_place(True)
        listening = [page for page in self.seats if page not in turned_away]
        welcome = [page for page in newcomers if page not in turned_away and not page.is_gone]
        self.seats = {page for page in [*listening, *welcome] if not page.is_gone}
        self.seq = look.changes.seq
        await self._tell(look, listening, welcome, writing)
        for page, code in turned_away.items():
            await self._close([page], code)
        if look.changes.more:
            self.woken.set()

    @database_sync_to_async
    def _read(self, keys: set[str], known: set[int], writing: set[int], since: int | None) -> _Look:
        """Read the changes, and after them who may hear them: a right that ended before is known as such."""
        changes = Changes(since=(last := self.room.last()), seq=last) if since is None else self.room.changes(since)
        people = visits.visitors_of(keys)
        hearers = self.room.hearers({person.pk for person in people.values()})
        if gone := known - hearers:
            live.note_departure(self.room.name, *gone)
        here = live.note_presence(self.room.name, *hearers)
        names = {person.pk: str(person) for person in people.values()}
        missing = [pk for pk in {*(here or []), *writing} if pk not in names]
        if missing:
            names |= {one.pk: str(one) for one in Person.objects.filter(pk__in=missing, is_active=True)}
        return _Look(changes, people, hearers, here, names)

    async def _tell(
        self, look: _Look, listening: list[RoomChannel], welcome: list[RoomChannel], writing: Iterable[int]
    ) -> None:
        said: dict[str, Any] = {}
        if look.changes.seq > look.changes.since:
            said = {"since": look.changes.since, "seq": look.changes.seq, "posts": look.changes.posts}
        here = _people_here(look)
        if here != self.here:
            self.here = here
            said["here"] = here
        if names := [look.names[pk] for pk in writing if pk in look.names][:TYPING_SHOWN]:
            said["writing"] = names
        if said:
            await self._send(listening, said)
        if welcome:
            await self._send(welcome, {"seq": look.changes.seq, "here": here})

    async def _send(self, pages: Collection[RoomChannel], said: dict[str, Any]) -> None:
        """Send one text to each; who does not take it in time is closed."""
        if not pages:
            return
        text = json.dumps(said, ensure_ascii=False)
        sending = {asyncio.create_task(page.tell(text)): page for page in pages}
        _, late = await asyncio.wait(sending, timeout=SLOW_S)
        for task in late:
            task.cancel()
        await self._close([sending[task] for task in late], live.OUR_FAULT)

    async def _close(self, pages: Collection[RoomChannel], code: int) -> None:
        for page in pages:
            self.seats.discard(page)
            self.newcomers.discard(page)
            page.take_place(False)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(page.close(code), SLOW_S)


def _reason_to_close(page: RoomChannel, person: Person | None, hearers: Collection[int]) -> int | None:
    if person is None or page.person_id not in (None, person.pk):
        return live.SIGNED_OUT
    if person.pk not in hearers:
        return live.NOT_YOURS
    if page.person_id is None:
        page.person_id = person.pk
        return live.TOO_MANY if page.has_too_many() else None
    return None


def _people_here(look: _Look) -> dict[str, Any] | None:
    """Who is here, as each page may say it; None if nobody can tell."""
    if look.here is None:
        return None
    names = sorted(look.names[pk] for pk in look.here if pk in look.names)
    return {"count": len(names), "names": names[:HERE_NAMED]}


class RoomChannel(live.Door):
    """One page of one person in a room. Subclasses say in which."""

    is_gone = False

    def room(self) -> Room:
        raise NotImplementedError

    async def connect(self) -> None:
        self.hub: Hub | None = None
        if not self.open_door():
            await self.close()
            return
        await self.accept()
        # Before its first look the page is nobody: it hears nothing, and its hub says who it is.
        self.hub = Hub.of(self.room())
        self.hub.join(self)

    async def disconnect(self, code: int) -> None:
        self.is_gone = True
        self.take_place(False)
        if self.hub is not None:
            self.hub.leave(self)
            if self.person_id is not None and not any(page.person_id == self.person_id for page in self.hub.seats):
                await sync_to_async(live.note_departure)(self.hub.room.name, self.person_id)

    async def tell(self, text: str) -> None:
        with contextlib.suppress(OSError, RuntimeError):  # the page has left
            await self.send(text_data=text)

    async def said(self, words: dict[str, Any]) -> None:
        if not words.get("writing") or self.person_id is None or self.hub is None:
            return
        if self.hub.hears_writing(self.person_id):
            event = {"type": "writing", "person": self.person_id}
            if not await self.channel_layer.group_send(self.hub.room.name, event):
                self.hub.note_writing(self.person_id)
