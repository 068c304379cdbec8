"""What a script asks while one types, and the two buttons under what was taken up again."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from circo.access import signed_in
from circo.dates import clock
from circo.drafts import actions, tickets
from circo.drafts.tickets import Ticket
from circo.errors import Refusal


def _ticket(request: HttpRequest, token: str) -> Ticket:
    if (ticket := tickets.read(token, request.user)) is None:
        raise Http404
    return ticket


@signed_in
@require_POST
def draft_keep(request: HttpRequest, token: str) -> HttpResponse:
    """A script asks it every other second; a form without a script, by its second button."""
    ticket = _ticket(request, token)
    try:
        kept = actions.keep(ticket=ticket, typed=request.POST, by=request.user)
    except Refusal as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    if "garder" in request.POST and ticket.path:
        return redirect(ticket.path)
    said = f"Brouillon gardé à {clock(timezone.localtime(kept.kept_at).time())}." if kept else ""
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


@signed_in
@require_POST
def draft_set_aside(request: HttpRequest, token: str) -> HttpResponse:
    ticket = _ticket(request, token)
    actions.set_aside(place=ticket.place, by=request.user)
    return redirect(ticket.path)


@signed_in
@require_POST
def draft_take_up(request: HttpRequest, token: str) -> HttpResponse:
    ticket = _ticket(request, token)
    actions.take_up(place=ticket.place, by=request.user)
    return redirect(ticket.path)
