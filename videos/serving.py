"""The bytes that people watch. The view has already narrowed the film to its scope, on this very request.

`deliver` is the one seam: X-Accel-Redirect or presigned links take its place in production, under the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse

from videos import paths, rules
from videos.models import Film

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


def deliver(film: Film, name: str, headers: Mapping[str, str]) -> HttpResponse:
    """Answer with one file of a published film, whole or the range that `headers` ask for.

    Raises: Http404 for any name that a published film is not made of.
    """
    if not rules.is_media_name(name):
        raise Http404
    try:
        with default_storage.open(paths.media_key(film.pk, film.output, name)) as file:
            content = file.read()  # a segment is some seconds of a small picture: never large
    except FileNotFoundError as error:
        raise Http404 from error
    tag = f'"{film.output}-{name}-{len(content)}"'
    response = _answer(content, tag, headers)
    response.headers["Content-Type"] = rules.media_type(name)
    response.headers["ETag"] = tag
    response.headers["Accept-Ranges"] = "bytes"
    # Kept by the browser alone, and asked about again each time: the scope answers, not a cache.
    response.headers["Cache-Control"] = "private, no-store" if name.endswith(".m3u8") else "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _answer(content: bytes, tag: str, headers: Mapping[str, str]) -> HttpResponse:
    if headers.get("If-None-Match") == tag:
        return HttpResponse(status=304)
    asked = _RANGE.fullmatch(headers.get("Range", "").strip())
    if asked is None or not (asked[1] or asked[2]) or headers.get("If-Range", tag) != tag:
        return HttpResponse(content)
    size = len(content)
    if asked[1]:
        first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
    else:  # the last bytes
        first, last = max(size - int(asked[2]), 0), size - 1
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = HttpResponse(content[first : last + 1], status=206)
    part.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return part
