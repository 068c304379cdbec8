"""The bytes of a film that people watch or take away. The view has already narrowed the film to its scope."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from circo import parcels
from circo.parcels import Parcel
from videos import paths, playlists, rules
from videos.models import Film, Upload


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
    return parcels.give(
        Parcel(paths.media_key(film_id, output, name), rules.media_type(name), parcels.KEPT_BY_THE_BROWSER), request
    )


def _playlist(film: Film, name: str) -> HttpResponse:
    text = playlists.text_of(name, list(film.renditions.published()))
    if text is None:
        raise Http404
    told = {"Cache-Control": parcels.KEPT_BY_NOBODY, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text, content_type=rules.media_type(name), headers=told)


def download(film: Film, request: HttpRequest) -> HttpResponseBase:
    """Answer with the whole film as one file, to keep.

    Raises: Http404 if the film has none.
    """
    key = paths.media_key(film.pk, film.output, rules.DOWNLOAD_NAME)
    return parcels.give(Parcel(key, "video/mp4", name=rules.download_name(film.title)), request)


def has_copy(film: Film) -> bool:
    """Tell whether a film can be taken away as one file."""
    return parcels.exists(paths.media_key(film.pk, film.output, rules.DOWNLOAD_NAME))


def original(upload: Upload, request: HttpRequest) -> HttpResponseBase:
    """Answer with the bytes as they were sent: a stranger's file, which no browser may take for a page.

    Raises: Http404 if they are not kept any more.
    """
    return parcels.give(Parcel(paths.source_key(upload.pk), "application/octet-stream", name=upload.file_name), request)
