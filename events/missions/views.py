"""The pages of a substitute's missions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from events.missions import actions, queries, rules
from events.plans.rules import euros, km

LIST, PAGE = "events/missions/list.html", "events/missions/page.html"


@signed_in
@require_safe
def mission_list(request: HttpRequest) -> HttpResponse:
    return htmx.page(request, LIST, "missions", {"missions": list(queries.coming(request.user))})


@signed_in
@require_safe
def mission_page(request: HttpRequest, pk: int) -> HttpResponse:
    mission = get_object_or_404(queries.missions(request.user), pk=pk)
    context = {
        "mission": mission,
        "need": mission.need,
        "heads": queries.heads_of(mission.need.school_id, mission.need.day.on),
        "hours": rules.hours_in_words(mission.need.halves),
        "km": km(mission.metres) if mission.metres is not None else "",
        "issr": euros(mission.cents),
        "done": request.GET.get("fait", ""),
        "parents": [("Mes remplacements", reverse("events:mission_list"))],
    }
    return htmx.page(request, PAGE, "mission", context)


@signed_in
@require_POST
def mission_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    mission = get_object_or_404(queries.missions(request.user), pk=pk)
    actions.confirm(assignment=mission, by=request.user)
    return redirect(reverse("events:mission_page", args=[mission.pk], query={"fait": "confirme"}))
