"""A file of the disk as an answer: whole or one range, or not modified; never held in memory when it is large.

Source: RFC 9110 §13 and §14 (a request for several ranges may be answered whole)
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Protocol

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

READ_AT_ONCE = 1024**2  # bytes: a segment of a small picture; a larger one is read block by block
BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


class Unsatisfiable(Exception):
    """A range that begins after the end."""


class Readable(Protocol):
    """What bytes are read from, from any place on."""

    def seek(self, offset: int, /) -> object: ...

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


class Blocks(StreamingHttpResponse):
    """Some bytes of an open file, block by block. Under ASGI a thread reads, and the loop goes on for the others."""

    def __init__(self, file: Readable, length: int) -> None:
        self._file, self._blocks = file, _blocks(file, length)
        super().__init__(self._blocks)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while block := await asyncio.to_thread(next, self._blocks, b""):
            yield block

    def close(self) -> None:
        super().close()
        self._file.close()


def _blocks(file: Readable, length: int) -> Iterator[bytes]:
    while length > 0 and (block := file.read(min(BLOCK, length))):
        length -= len(block)
        yield block


def respond(path: Path, request: HttpRequest) -> HttpResponseBase:
    """Answer with the file, or what the headers of `request` ask of it.

    Raises: FileNotFoundError.
    """
    file = path.open("rb", buffering=0)
    there = os.fstat(file.fileno())
    return send(file, there.st_size, f'"{there.st_mtime_ns:x}-{there.st_size:x}"', request)


def send(file: Readable, size: int, tag: str, request: HttpRequest) -> HttpResponseBase:
    """Answer with what is open, of that size, or what the headers of `request` ask of it; close it."""
    try:
        response = _respond(file, size, tag, request)
    except BaseException:
        file.close()
        raise
    if not response.streaming:
        file.close()
    return response


def _respond(file: Readable, size: int, tag: str, request: HttpRequest) -> HttpResponseBase:
    response: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    if response is None:
        try:
            response = _bytes(file, size, tag, request)
        except Unsatisfiable:
            response = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    response.headers["ETag"] = tag
    response.headers["Accept-Ranges"] = "bytes"
    return response


def _bytes(file: Readable, size: int, tag: str, request: HttpRequest) -> HttpResponseBase:
    if request.method == "HEAD":  # says the size, and reads nothing
        return HttpResponse(headers={"Content-Length": str(size)})
    asked = request.headers.get("Range", "") if request.headers.get("If-Range", tag) == tag else ""
    part = span(asked, size)
    first, last = part or (0, size - 1)
    length = last - first + 1
    file.seek(first)
    response: HttpResponseBase = (
        HttpResponse(b"".join(_blocks(file, length))) if length <= READ_AT_ONCE else Blocks(file, length)
    )
    response.headers["Content-Length"] = str(length)
    if part:
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def span(asked: str, size: int) -> tuple[int, int] | None:
    """Return the first and the last byte of the one range that `asked` names, or None: all of it.

    Raises: Unsatisfiable.
    """
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if found[1]:
        first, last = int(found[1]), min(int(found[2] or size), size - 1)
        if found[2] and int(found[2]) < first:  # no range at all
            return None
    else:  # the last bytes
        first, last = max(size - int(found[2]), 0), size - 1
    if first > last:
        raise Unsatisfiable
    return first, last
