"""The least that a server can do: whoever listens is sent what somebody posts, as JSON of the size of a message."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

LISTENING: set[Any] = set()
AROUND = "x" * 2600  # what stands around the words of a message, drawn


async def application(scope: dict, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        LISTENING.add(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        LISTENING.discard(send)
        return
    body = b""
    while True:
        event = await receive()
        body += event.get("body", b"")
        if not event.get("more_body"):
            break
    words = parse_qs(body.decode()).get("text", [""])[0]
    if words:
        text = json.dumps({"posts": [{"html": words + AROUND}]})
        await asyncio.gather(*(one({"type": "websocket.send", "text": text}) for one in list(LISTENING)))
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})
