"""The lists: the placements that one sees, who comes to one's class or school, by what right a class is held."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import french, htmx
from circo.access import Permission, requires, signed_in
from circo.refusals import refusals_above
from circo.rules import number_in
from partnerships.papers import queries as papers
from partnerships.placements.actions import life
from partnerships.placements.queries import lists, openings
from partnerships.placements.queries.lists import Asked
from partnerships.placements.rules import STATE_LABELS, PlacementState, Verb

LIST = "partnerships/placements/list.html"
HOSTING = "partnerships/placements/hosting.html"
BASES = "partnerships/placements/bases.html"
MINE = "Étudiants dans ma classe"
PER_PAGE = 40
TOGETHER = {Verb.CONFIRM.value: "confirmé", Verb.PUBLISH.value: "publié"}


def _asked(request: HttpRequest) -> Asked:
    cohort = number_in(request.GET.get("promotion"))
    state, missing = request.GET.get("etat", ""), request.GET.get("manque", "")
    return Asked(
        request.GET.get("mots", "")[:100],
        str(cohort or ""),
        state if state in STATE_LABELS else "",
        missing if missing in dict(lists.MISSING) else "",
    )


def _done_words(done: str) -> str:
    """What was done together, `publier-2` in the address: « 2 stages publiés. »."""
    verb, _, count = done.partition("-")
    said, number = TOGETHER.get(verb), number_in(count)
    if said is None or not number:
        return ""
    return f"{number}\u00a0stage{french.ending(number)} {said}{french.ending(number)}."


@signed_in
@require_safe
def placement_list(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    page = Paginator(lists.listed(request.user, asked), PER_PAGE).get_page(request.GET.get("page"))
    may_run, is_coordinator = lists.may_run(request.user), request.user.reach().can(Permission.MANAGE_STUDENTS)
    chosen = {PlacementState.CONFIRMED: may_run, PlacementState.HELD: is_coordinator}
    context = {
        "page": page,
        "choices": {one.pk for one in page if chosen.get(PlacementState(one.state))},
        "asked": asked,
        "filters": lists.filters(request.user, asked),
        "may_run": may_run,
        "is_coordinator": is_coordinator,
        "done": _done_words(request.GET.get("fait", "")),
    }
    return htmx.page(request, LIST, "placements", context)


@requires(Permission.PUBLISH_PLACEMENTS)
@require_POST
def placements_move(request: HttpRequest, verb: str) -> HttpResponse:
    if verb not in TOGETHER:
        raise Http404
    keys = {pk for text in request.POST.getlist("stages") if (pk := number_in(text)) is not None}
    rows = openings.placements().visible_to(request.user).filter(pk__in=keys)
    batch = life.move_all(placements=list(rows.order_by("pk")), verb=Verb(verb), by=request.user)
    for placement, reason in batch.left:
        messages.warning(request, f"{placement.title}\u00a0: {reason}")
    done = {"fait": f"{verb}-{len(batch.done)}"} if batch.done else {}
    return redirect(reverse("partnerships:placement_list", query=done))


@signed_in
@require_safe
def hosting(request: HttpRequest) -> HttpResponse:
    mine, school = lists.coming(request.user)
    way = [(MINE, reverse("partnerships:offer_mine"))] if request.user.reach().can(Permission.OFFER_CLASS) else []
    context = {
        "parents": way,
        "mine": mine,
        "school": school,
        "unsigned": papers.unsigned(request.user, timezone.localdate()),
    }
    return htmx.page(request, HOSTING, "coming", context)


@requires(Permission.PUBLISH_PLACEMENTS)
@require_safe
def basis_list(request: HttpRequest) -> HttpResponse:
    rows = lists.held(request.user, timezone.localdate())
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    way = [("Les stages", reverse("partnerships:placement_list"))]
    context = {"page": page, "parents": way, "done": request.GET.get("fait", "")}
    return htmx.page(request, BASES, "bases", context)


@requires(Permission.PUBLISH_PLACEMENTS)
@require_POST
def basis_seek(request: HttpRequest, pk: int) -> HttpResponse:
    """Seek another legal basis for a placement whose own has ended."""
    placement = get_object_or_404(openings.placements().visible_to(request.user).publishable_by(request.user), pk=pk)
    with refusals_above(request):
        life.found_again(placement=placement, by=request.user)
        return redirect(reverse("partnerships:basis_list", query={"fait": "fondement"}))
    return redirect("partnerships:basis_list")
