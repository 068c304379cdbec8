"""The map of a plan, with the table that says all that it shows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from circo import htmx
from circo.access import Permission, requires
from events.plans.board import breaking
from events.plans.board.views import at_first_moment, shell
from events.plans.map import queries
from events.plans.views import plan_read

MAP = "events/plans/board/map.html"


@requires(Permission.PLAN_COVER)
@require_safe
def plan_map(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_read(request, pk)
    asked = at_first_moment(plan, request.GET)
    page = queries.map_page(plan, breaking.classes(plan, asked), request.GET.get("page"))
    context = shell(request, plan, "carte", asked) | {"map": page}
    return htmx.page(request, MAP, "map", context)
