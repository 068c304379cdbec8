"""The account of one person as the team reads it, and the statements of a district."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires
from circo.documents.pacing import paced
from circo.hours import actions, queries
from circo.hours.views.own import account_context, statement_answer
from circo.hours.views.team import filters_asked
from circo.models import SchoolYear
from circo.refusals import refusals_above


def _year(words: QueryDict) -> SchoolYear:
    year = queries.year_asked(words.get("annee", ""), timezone.localdate())
    if year is None:
        raise Http404
    return year


@requires(Permission.VIEW_HOURS)
@require_safe
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    year = _year(request.GET)
    person = get_object_or_404(queries.people_followed(request.user, year), pk=pk)
    context = {"person": person, **account_context(request, person, year)}
    return render(request, "hours/person_page.html", context)


@requires(Permission.VIEW_HOURS)
@require_POST
@paced
def person_statement(request: HttpRequest, pk: int) -> HttpResponse:
    year = _year(request.POST)
    person = get_object_or_404(queries.people_followed(request.user, year), pk=pk)
    back = reverse("hours:person_page", args=[pk], query={"annee": year.first_day.year})
    return statement_answer(request, person, back)


@requires(Permission.VIEW_HOURS)
@require_POST
def statements(request: HttpRequest) -> HttpResponse:
    """The statements of those whom the filters of the list leave."""
    words = QueryDict(request.POST.get("filtre", "")[:1000])
    year, asked = _year(words), filters_asked(words)
    with refusals_above(request):
        people = queries.people_asked(request.user, year, asked)
        batch = actions.draw_up_all(people=people, year=year, by=request.user)
        return redirect("documents:batch_page", pk=batch.pk)
    return redirect(f"{reverse('hours:entry_list')}?{words.urlencode()}")
