"""Waiting for one's turn to write, on the embedded database.

SQLite asks again after 1 ms, then 2, 5… and at last every 100 ms: who has just come asks more often than who waits, and
may be served first for ever. Eight hands that never rest left six bookings in ten thousand unserved after 20 s, and one
after 60. Here all ask again after as long, drawn by lot; and of one process one hand asks at a time, while the others
sleep: eight hundred that ask two hundred times a second each leave no time to the one that writes.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

ASKS_AGAIN_S = (0.002, 0.01)
_asking = threading.Lock()


def install(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """For `connection_created`."""
    if connection.vendor == "sqlite" and _begin_in_turn not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _begin_in_turn)


def _begin_in_turn(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if sql != "BEGIN IMMEDIATE":
        return execute(sql, params, many, context)
    raw = context["connection"].connection
    wait_s = settings.DATABASES["default"]["OPTIONS"]["timeout"]
    give_up_at = time.monotonic() + wait_s
    if not _asking.acquire(timeout=wait_s):
        raise OperationalError("database is locked")
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                return execute(sql, params, many, context)
            except OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > give_up_at:
                    raise
            time.sleep(random.uniform(*ASKS_AGAIN_S))  # noqa: S311 (no secret)
    finally:
        _asking.release()
        raw.execute(f"PRAGMA busy_timeout = {1000 * wait_s}")
