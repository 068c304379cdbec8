from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from circo.access import Permission, signed_in
from networks.experiments import queries as experiments
from networks.groups import queries
from networks.meetings import queries as meetings
from networks.salons import queries as salons
from networks.visits import queries as visits

PER_PAGE = 30


@signed_in
@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.group_list(request.user), PER_PAGE).get_page(request.GET.get("page"))
    is_team = request.user.reach().can(Permission.VIEW_TEAM)
    return render(request, "networks/group_list.html", {"page": page, "is_team": is_team})


@signed_in
@require_safe
def group_page(request: HttpRequest, pk: int) -> HttpResponse:
    group = get_object_or_404(queries.group_of_page(request.user), pk=pk)
    members = list(queries.members_of(request.user, group))
    context = {
        "group": group,
        "members": members,
        "is_in_circle": request.user.pk in {group.adviser_id, *(member.person_id for member in members)},
        "sites": visits.sites_of_group(request.user, group),
        "experiments": experiments.of_group(request.user, group),
        "meetings": meetings.of_group(group, request.user),
        "salons": salons.salons_of_group(request.user, group.pk),
        "parents": [("Groupes", reverse("networks:group_list"))],
    }
    return render(request, "networks/group_page.html", context)
