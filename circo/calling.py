"""Ask another server something over HTTP, without trusting its address nor its patience.

An administrator writes the addresses, and a launch names others: each must lead to a host that the caller names, over
TLS, at a public address (unless CALLED_PRIVATE_HOSTS says otherwise), which is looked at once connected: no name
changes in between. No redirect is followed, no proxy of the environment used; what is too long or too slow is dropped.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import logging
import re
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings

from circo import rules
from circo.errors import Outside

logger = logging.getLogger(__name__)

SILENCE_S = 5  # without a byte
WHOLE_S = 10  # from the connection to the last byte
MOST_BYTES = 1024 * 1024
NEXT = re.compile(r"<([^<>]+)>\s*;[^,]*\brel=\"?next\"?", re.IGNORECASE)
AWAY = "L’autre plateforme ne répond pas comme prévu."


@dataclass(frozen=True)
class Answer:
    status: int
    content: bytes
    next_url: str  # where a list goes on; empty at its end

    def json(self) -> Any:
        """Raises: Outside if it is no JSON."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError) as error:
            raise Outside(AWAY) from error


def ask(
    method: str,
    url: str,
    *,
    hosts: Collection[str],
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Answer:
    """Send one request to one of `hosts`.

    Raises: Outside if it must not be sent, or brings no answer.
    """
    fault = rules.fault_of_url(url, settings.CALLED_PRIVATE_HOSTS)
    if fault or not rules.same_host(url, hosts):
        logger.warning("not called, not an address of that server: %s", url[:200])
        raise Outside(AWAY)
    try:
        return _ask(method, url, headers or {}, body)
    except (OSError, http.client.HTTPException, UnicodeError) as error:  # ssl.SSLError is an OSError
        logger.warning("%s %s: %r", method, url[:200], error)
        raise Outside(AWAY) from error


def _ask(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
    parts, give_up_at = urlsplit(url), time.monotonic() + WHOLE_S
    host = parts.hostname or ""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(
            host, parts.port, timeout=SILENCE_S, context=ssl.create_default_context()
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=SILENCE_S)
    connection._create_connection = _connected  # type: ignore[attr-defined]
    connection.connect()
    cut = threading.Timer(max(0.0, give_up_at - time.monotonic()), _cut, [connection.sock])
    cut.daemon = True
    cut.start()
    try:
        target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
        connection.request(method, target, body, {"Accept": "application/json", **headers})
        response = connection.getresponse()
        content = response.read(MOST_BYTES + 1)
    finally:
        cut.cancel()
        connection.close()
    if time.monotonic() >= give_up_at:
        raise TimeoutError("too slow")
    if len(content) > MOST_BYTES:
        raise OSError("too long")
    found = NEXT.search(response.headers.get("Link", ""))
    return Answer(response.status, content, urljoin(url, found[1]) if found else "")


def _connected(address: tuple[str, int], *args: Any, **options: Any) -> socket.socket:
    """Connect, and look where that led before a byte is sent."""
    line = socket.create_connection(address, *args, **options)
    if not is_public(line.getpeername()[0]) and address[0] not in settings.CALLED_PRIVATE_HOSTS:
        line.close()
        raise OSError(f"{address[0]} is at a private address")
    return line


def is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_global


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # it is over already
        line.shutdown(socket.SHUT_RDWR)
