"""Stored files that a person may have, on their way to that person. The view has already asked who may have them.

`give` is the one seam: Django reads the file itself, or names it to nginx (X-Accel-Redirect), or leads to the bucket by
a link that lives some seconds. The rule is the same, and so is the test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri
from django.utils.http import content_disposition_header

from circo import bucket, streaming

KEPT_BY_NOBODY = "private, no-store"
# Kept by the browser alone, and asked about again each time: the scope answers, not a cache.
KEPT_BY_THE_BROWSER = "private, no-cache"
BY_NGINX = "/_media/"  # what only nginx may ask of itself: see deploy/nginx


@dataclass(frozen=True)
class Parcel:
    """One stored file, and how it is sent. With a `name` it is taken away, and never opens in the place of a page."""

    key: str
    content_type: str
    cache: str = KEPT_BY_NOBODY
    name: str = ""

    @property
    def disposition(self) -> str:
        return content_disposition_header(True, self.name) or "attachment" if self.name else ""

    def headers(self) -> dict[str, str]:
        told = {"Cache-Control": self.cache, "X-Content-Type-Options": "nosniff"}
        if self.name:
            told |= {"Content-Disposition": self.disposition, "Content-Security-Policy": "sandbox; default-src 'none'"}
        return told


def exists(key: str) -> bool:
    """Tell whether a file of that key is stored."""
    return bucket.exists(key) if bucket.is_used() else Path(default_storage.path(key)).is_file()


def give(parcel: Parcel, request: HttpRequest) -> HttpResponseBase:
    """Answer with one stored file, in the way that MEDIA_DELIVERY names. The caller has asked who may have it.

    Raises: Http404 if there is no such file.
    """
    response = _WAYS[settings.MEDIA_DELIVERY](parcel, request)
    for header, value in parcel.headers().items():
        response.headers.setdefault(header, value)
    return response


def _read_here(parcel: Parcel, request: HttpRequest) -> HttpResponseBase:
    try:
        response = streaming.respond(Path(default_storage.path(parcel.key)), request)
    except FileNotFoundError as error:
        raise Http404 from error
    response.headers["Content-Type"] = parcel.content_type
    return response


def _name_to_nginx(parcel: Parcel, request: HttpRequest) -> HttpResponse:
    if not exists(parcel.key):  # nginx would say it in its own words
        raise Http404
    named = iri_to_uri(BY_NGINX + parcel.key)
    return HttpResponse(content_type=parcel.content_type, headers={"X-Accel-Redirect": named})


def _lead_to_bucket(parcel: Parcel, request: HttpRequest) -> HttpResponse:
    if parcel.name and not exists(parcel.key):  # a person would read the bucket's own words
        raise Http404
    told = {"ResponseContentType": parcel.content_type, "ResponseCacheControl": KEPT_BY_NOBODY}
    if parcel.name:
        told["ResponseContentDisposition"] = parcel.disposition
    link = bucket.link(parcel.key, method=request.method or "GET", life_s=settings.MEDIA_LINK_S, **told)
    # Kept by nobody: the next request asks for the right anew.
    return HttpResponse(status=302, headers={"Location": link, "Cache-Control": KEPT_BY_NOBODY})


_WAYS: dict[str, Callable[[Parcel, HttpRequest], HttpResponseBase]] = {
    "django": _read_here,
    "nginx": _name_to_nginx,
    "s3": _lead_to_bucket,
}
