"""No large body of a stranger: under ASGI, Django keeps the whole of it on the disk before it asks who sends it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings

from circo.live import visit_of

LARGE = 16 * 1024**2  # bytes; beyond: a whole film in one form, or a table to import, of somebody who is signed in
TOLD = "Connectez-vous avant d’envoyer un fichier."

Application = Callable[[Any, Any, Any], Awaitable[None]]


class KnownSenders:
    """Ask whose visit this is before a large body is read; 403 for nobody's. The views ask everything again."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        told = {name.lower(): value.decode("latin1") for name, value in scope.get("headers", ())}
        if scope["type"] != "http" or not _is_large(told) or await _is_known(told):
            await self.application(scope, receive, send)
            return
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 403, "headers": headers})
        await send({"type": "http.response.body", "body": TOLD.encode()})


def _is_large(told: Mapping[bytes, str]) -> bool:
    """Tell whether a body is announced as large, or may turn out so."""
    length = told.get(b"content-length", "")
    if b"transfer-encoding" in told:
        return True
    return bool(length) and not (length.isdecimal() and len(length) < 16 and int(length) <= LARGE)


@database_sync_to_async
def _is_known(told: Mapping[bytes, str]) -> bool:
    try:
        held = SimpleCookie(told.get(b"cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    return held is not None and visit_of(held.value) is not None
