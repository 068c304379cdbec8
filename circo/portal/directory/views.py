from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from circo.access import Permission, requires, signed_in
from circo.models import Person, School
from circo.portal.directory import queries


@signed_in
@require_safe
def school_page(request: HttpRequest, uai: str) -> HttpResponse:
    school = get_object_or_404(School.objects.visible_to(request.user).select_related("district"), uai=uai)
    is_team = request.user.reach().can(Permission.VIEW_TEAM)
    team = queries.team_of_school(request.user, school, timezone.localdate()) if is_team else []
    facts = [
        ("Commune", school.commune),
        ("UAI", school.uai),
        ("Circonscription", school.district),
        ("Semaine", school.get_week_pattern_display()),
        ("Éducation prioritaire", school.get_priority_status_display() or "non"),
        ("Élèves", school.pupil_count),
    ]
    context = {"school": school, "facts": facts, "team": team, "is_team": is_team}
    return render(request, "directory/school.html", context)


@requires(Permission.VIEW_TEAM)
@require_safe
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    whose = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    context = {"whose": whose, "postings": queries.postings_of(request.user, whose)}
    return render(request, "directory/person.html", context)
