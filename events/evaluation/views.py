"""Say what one thought; read what all said."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from events.days.views import opened, parents_of, prepared, to_day
from events.evaluation import actions, queries
from events.evaluation.forms import EvaluationForm
from events.models import Convocation, SharingDay

FORM, RESULTS = "events/evaluation/form.html", "events/evaluation/results.html"


def _own(request: HttpRequest, pk: int) -> tuple[SharingDay, Convocation]:
    day = opened(request, pk)
    rows = Convocation.objects.visible_to(request.user).called()
    return day, get_object_or_404(rows, day=day, person=request.user)


def _form(
    request: HttpRequest, day: SharingDay, mine: Convocation, form: EvaluationForm, status: int = 200
) -> HttpResponse:
    may = queries.may_evaluate(day, mine)
    if may:
        followed(form, request, f"sharing-day:{day.pk}/evaluation")
    context = {"day": day, "form": form, "may": may, "mine": mine, "parents": parents_of(day)}
    return htmx.page(request, FORM, "form", context, status=status)


@signed_in
@require_safe
def evaluation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    day, mine = _own(request, pk)
    return _form(request, day, mine, EvaluationForm())


@signed_in
@require_POST
@forgets_draft
def evaluation_send(request: HttpRequest, pk: int) -> HttpResponse:
    day, mine = _own(request, pk)
    form = EvaluationForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.evaluate(convocation=mine, scales=form.scales(), words=form.words(), by=request.user)
            return to_day(pk, "avis")
    return _form(request, day, mine, form, status=422)


@requires(Permission.PREPARE_DAYS)
@require_safe
def evaluation_results(request: HttpRequest, pk: int) -> HttpResponse:
    day = prepared(request, pk)
    context = {"day": day, "results": queries.results(day), "parents": parents_of(day)}
    return htmx.page(request, RESULTS, "results", context)
