"""The planning of the volunteers, and one's own hours at the festival."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.refusals import refusals_above
from events.festival import helping, queries
from events.festival.views.preparing import opened, parents_of
from events.models import AnimationSession


@signed_in
@require_safe
def helper_planning(request: HttpRequest, pk: int) -> HttpResponse:
    festival = opened(request, pk)
    context = {
        "festival": festival,
        "planning": helping.planning(festival, request.user),
        "may_help": helping.may_help(festival, request.user),
        "parents": parents_of(festival),
    }
    return htmx.page(request, "events/festival/helpers.html", "planning", context)


def _session(request: HttpRequest, pk: int, session_pk: int) -> AnimationSession:
    rows = queries.sessions_shown(opened(request, pk)).select_related("animation__festival")
    return get_object_or_404(rows, pk=session_pk)


@signed_in
@require_POST
def helper_join(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    with refusals_above(request):
        helping.help_at(session=_session(request, pk, session_pk), by=request.user)
    return redirect("events:helper_planning", pk)


@signed_in
@require_POST
def helper_leave(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    with refusals_above(request):
        helping.stop_helping(session=_session(request, pk, session_pk), by=request.user)
    return redirect("events:helper_planning", pk)
