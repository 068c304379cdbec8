"""A page of a salon, without its browser: it follows the live channel, catches up by plain requests, and writes."""

from __future__ import annotations

import contextlib
import json
import re
import time
from typing import ClassVar
from uuid import uuid4

import requests
from websockets.exceptions import WebSocketException

from circo.models import Person
from networks.models import Salon
from networks.salons.rules import Known
from tests.live import Served, cookie_of, opened


class SalonClient:
    """Writes `WRITES` messages and follows the salon until it has seen `wanted` of them, whatever the server does."""

    WRITES: ClassVar[int] = 3
    url: ClassVar[str] = ""  # of the server

    def __init__(self, person: Person, salon: Salon, wanted: int) -> None:
        self.cookie, self.salon_id, self.wanted = cookie_of(person), salon.pk, wanted
        self.known, self.fault = Known(), None
        self.left = [(uuid4(), f"Message {uuid4()}") for _ in range(self.WRITES)]

    def live(self) -> None:
        """Run until all is seen; what goes wrong is kept for the test to read."""
        try:
            give_up_at = time.monotonic() + 200
            while self.left or len(self.known.changed) < self.wanted:
                if time.monotonic() > give_up_at:
                    self.fault = f"{len(self.left)} left to write, {len(self.known.changed)} seen"
                    return
                with contextlib.suppress(WebSocketException, OSError, requests.RequestException, TimeoutError):
                    self._follow(Served(self.url))
                time.sleep(0.1)  # the server is away
        except Exception as fault:  # noqa: BLE001 (told by the main thread)
            self.fault = repr(fault)

    def _follow(self, server: Served) -> None:
        with opened(server, f"/ws/salons/{self.salon_id}/", self.cookie) as channel:
            self._catch_up(server)
            while self.left or len(self.known.changed) < self.wanted:
                if self.left:
                    self._write(server)
                with contextlib.suppress(TimeoutError):
                    self._hear(server, json.loads(channel.recv(timeout=0.2 if self.left else 5)))

    def _hear(self, server: Served, said: dict) -> None:
        if "posts" not in said:
            if said.get("seq", 0) > self.known.cursor:
                self._catch_up(server)
        elif not self.known.hear(said["since"], said["seq"], [(one["seq"], one["changed"]) for one in said["posts"]]):
            self._catch_up(server)

    def _catch_up(self, server: Served) -> None:
        while True:
            address = f"{server.url}/salons/{self.salon_id}/depuis/?n={self.known.cursor}"
            said = requests.get(address, cookies={"session": self.cookie}, timeout=20).json()
            self.known.hear(said["since"], said["seq"], [(one["seq"], one["changed"]) for one in said["posts"]])
            if not said["more"]:
                return

    def _write(self, server: Served) -> None:
        """Send one message, and again until the server says that it has it."""
        key, text = self.left[0]
        csrf = {"csrf": "a" * 32}
        answer = requests.post(
            f"{server.url}/salons/{self.salon_id}/messages/",
            {"text": text, "client_key": str(key), "csrfmiddlewaretoken": "a" * 32},
            cookies={"session": self.cookie, **csrf},
            headers={"Accept": "application/json", "Origin": server.url},
            timeout=20,
        )
        if answer.status_code == 201:
            self.left.pop(0)
        elif answer.status_code != 503:
            raise AssertionError(f"{answer.status_code} {re.sub(r'<[^>]+>', '', answer.text)[:300]}")
