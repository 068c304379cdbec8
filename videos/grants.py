"""Rights to watch, remembered for some seconds in the memory of this process: a player asks for piece after piece.

A grant is of one session and one film, and counts from the beginning of the request whose rights were asked in full, so
that a right that ends is over within 5 s everywhere. Never with a bucket: there the link already lives that long.
Source: docs/decisions/0012-serving.md
"""

from __future__ import annotations

import threading
import time
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

MOST = 20_000  # grants: 300 viewers hold 300
_grants: dict[tuple[str, UUID], tuple[float, str]] = {}
_lock = threading.Lock()


def begin(request: HttpRequest) -> None:
    """Note when a request began: a grant that comes of it counts from here."""
    request.began_at = time.monotonic()  # type: ignore[attr-defined]


def remember(request: HttpRequest, film_id: UUID, output: str) -> None:
    """Remember that who sent this request may watch what a film has published as `output`."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if not session or settings.MEDIA_DELIVERY == "s3" or settings.FILM_RIGHTS_KEPT_S <= 0:
        return
    until = request.began_at + settings.FILM_RIGHTS_KEPT_S  # type: ignore[attr-defined]
    with _lock:
        if len(_grants) >= MOST:
            _forget_the_old()
        _grants[session, film_id] = (until, output)


def _forget_the_old() -> None:
    now = time.monotonic()
    for key in [key for key, (until, _) in _grants.items() if until <= now]:
        del _grants[key]
    if len(_grants) >= MOST:
        _grants.clear()


def output_of(request: HttpRequest, film_id: UUID) -> str | None:
    """What of a film the sender of this request may watch, if it was asked a moment ago."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    held = _grants.get((session, film_id)) if session else None
    return held[1] if held and time.monotonic() < held[0] else None


def forget() -> None:
    """Forget every grant."""
    with _lock:
        _grants.clear()
