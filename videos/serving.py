"""The bytes that people watch or take away. The view has already narrowed the film to its scope, on this very request.

`give` is the one seam: Django reads the file itself, or names it to nginx (X-Accel-Redirect), or leads to the bucket by
a link that lives some seconds. The rule is the same, and so is the test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.encoding import iri_to_uri
from django.utils.http import content_disposition_header

from videos import bucket, paths, playlists, rules, storing, streaming
from videos.models import Film, Upload

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


def deliver(film: Film, name: str, request: HttpRequest) -> HttpResponseBase:
    """Answer with one of the files that people watch, whole or the range that is asked for.

    Raises: Http404 for any name that a published film is not made of.
    """
    if not rules.is_media_name(name):
        raise Http404
    if name.endswith(".m3u8"):
        return _playlist(film, name)
    return piece(film.pk, film.output, name, request)


def piece(film_id: UUID, output: str, name: str, request: HttpRequest) -> HttpResponseBase:
    """Answer with one stored file of a film that people watch.

    Raises: Http404.
    """
    if not rules.is_media_name(name):
        raise Http404
    return give(Parcel(paths.media_key(film_id, output, name), rules.media_type(name), KEPT_BY_THE_BROWSER), request)


def _playlist(film: Film, name: str) -> HttpResponse:
    text = playlists.text_of(name, list(film.renditions.published()))
    if text is None:
        raise Http404
    told = {"Cache-Control": KEPT_BY_NOBODY, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type=rules.media_type(name), headers=told)


def download(film: Film, request: HttpRequest) -> HttpResponseBase:
    """Answer with the whole film as one file, to keep.

    Raises: Http404 if the film has none.
    """
    key = paths.media_key(film.pk, film.output, rules.DOWNLOAD_NAME)
    return give(Parcel(key, "video/mp4", name=rules.download_name(film.title)), request)


def has_copy(film: Film) -> bool:
    """Tell whether a film can be taken away as one file."""
    return storing.exists(paths.media_key(film.pk, film.output, rules.DOWNLOAD_NAME))


def original(upload: Upload, request: HttpRequest) -> HttpResponseBase:
    """Answer with the bytes as they were sent: a stranger's file, which no browser may take for a page.

    Raises: Http404 if they are not kept any more.
    """
    return give(Parcel(paths.source_key(upload.pk), "application/octet-stream", name=upload.file_name), request)


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
    if not storing.exists(parcel.key):  # nginx would say it in its own words
        raise Http404
    named = iri_to_uri(BY_NGINX + parcel.key)
    return HttpResponse(content_type=parcel.content_type, headers={"X-Accel-Redirect": named})


def _lead_to_bucket(parcel: Parcel, request: HttpRequest) -> HttpResponse:
    if parcel.name and not storing.exists(parcel.key):  # a person would read the bucket's own words
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
