"""The pages of ours that show an activity in a frame."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse


def may_frame(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """Let a page show a player, and its frame go nowhere else: a script may lead its own frame to another site."""
    players = reverse("trainings:activity_player", args=[UUID(int=0)]).removesuffix(f"{UUID(int=0)}/")
    response._csp_config = settings.SECURE_CSP | {"frame-src": [request.build_absolute_uri(players)]}  # type: ignore[attr-defined]
    return response
