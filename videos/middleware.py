"""The next segment of a film whose rights were asked a moment ago: no session, no person and no film are read again."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from videos import grants, serving

# Playlists are always asked in full: they say what the film is made of now.
PIECE = re.compile(
    r"/films/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/media/([a-z0-9-]+\.(?:m4s|mp4|jpg))", re.ASCII
)


class GrantedMediaMiddleware:
    """Answer a piece of a film under a grant; else pass on. Runs before anything reads the session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        grants.begin(request)
        return self._granted(request) or self.get_response(request)

    @staticmethod
    def _granted(request: HttpRequest) -> HttpResponseBase | None:
        asked = PIECE.fullmatch(request.path_info)
        if asked is None or request.method not in ("GET", "HEAD"):
            return None
        film_id = UUID(asked[1])
        output = grants.output_of(request, film_id)
        if output is None:
            return None
        try:
            response = serving.piece(film_id, output, asked[2], request)
        except Http404:  # published anew, or gone: ask in full
            return None
        patch_vary_headers(response, ["Cookie"])
        return response
