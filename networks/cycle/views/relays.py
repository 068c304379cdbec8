"""The page of relays: whom to call."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from circo.access import signed_in
from networks.cycle.queries import relays

PER_PAGE = 20


@signed_in
@require_safe
def relay_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(relays.relays(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": relays.relay_lines(request.user, list(page.object_list)),
        "parents": [("Groupes", reverse("networks:group_list"))],
    }
    return render(request, "networks/relay_list.html", context)
