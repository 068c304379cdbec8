"""The page of who takes which class, for a teacher and a head teacher."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from circo import htmx
from circo.access import signed_in
from events.hosting import queries


@signed_in
@require_safe
def hosted_list(request: HttpRequest) -> HttpResponse:
    context = {"rows": queries.hosted(request.user), "parents": [("À faire", reverse("portal:home"))]}
    return htmx.page(request, "events/hosting/list.html", "rows", context)
