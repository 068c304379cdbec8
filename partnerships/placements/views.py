"""The page of a placement, for each of those whom it concerns."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.refusals import refusals_above
from partnerships.models import Placement
from partnerships.placements.actions import life
from partnerships.placements.queries import openings, pages
from partnerships.placements.rules import Verb

PAGE = "partnerships/placements/page.html"


def _placement(request: HttpRequest, pk: int) -> Placement:
    return get_object_or_404(openings.placements().visible_to(request.user), pk=pk)


def _to(pk: int, done: str = "") -> HttpResponse:
    return redirect(reverse("partnerships:placement_page", args=[pk], query={"fait": done} if done else {}))


@signed_in
@require_safe
def placement_page(request: HttpRequest, pk: int) -> HttpResponse:
    page = pages.placement_page(_placement(request, pk), request.user)
    return htmx.page(request, PAGE, "placement", {"page": page, "done": request.GET.get("fait", "")})


@signed_in
@require_POST
def placement_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    placement = _placement(request, pk)
    if verb not in pages.verbs_of(placement, request.user):
        raise Http404
    with refusals_above(request):
        life.move(placement=placement, verb=Verb(verb), reason=request.POST.get("raison", ""), by=request.user)
        return _to(pk, verb)
    return _to(pk)
