"""The page of relays: whom to call."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from circo.access import signed_in
from circo.queries import Filter
from networks.cycle.queries import relays

PER_PAGE = 20


@signed_in
@require_safe
def relay_list(request: HttpRequest) -> HttpResponse:
    schools = list(relays.schools_answered(request.user))
    communes = sorted({school.commune for school in schools})
    chosen = request.GET.get("ecole", "")
    school = next((one for one in schools if str(one.pk) == chosen), None)
    commune = next((one for one in communes if one == request.GET.get("commune")), "")
    asked = relays.Asked(commune, school.pk if school else None)
    page = Paginator(relays.relays(request.user, asked), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "filters": [
            Filter("commune", "Commune", [(one, one) for one in communes], commune, none="Toutes"),
            Filter("ecole", "École", [(str(one.pk), str(one)) for one in schools], chosen, none="Toutes"),
        ],
        "has_relays": bool(schools),
        "is_narrowed": bool(commune or school),
        "query": urlencode({"commune": commune, "ecole": asked.school or ""}),
        "lines": relays.relay_lines(request.user, list(page.object_list)),
        "parents": [("Groupes", reverse("networks:group_list"))],
    }
    return render(request, "networks/relay_list.html", context)
