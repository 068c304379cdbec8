"""The pages of proposals of cross-observations, for the team of a district."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from partnerships.models import CrossingPlan
from partnerships.observations import actions, queries
from partnerships.observations.forms import PlanForm
from partnerships.observations.views.own import parents

LIST, PAGE = "partnerships/observations/plans.html", "partnerships/observations/plan.html"


def _plan(request: HttpRequest, pk: int) -> CrossingPlan:
    return get_object_or_404(queries.plans(request.user), pk=pk)


def _list(request: HttpRequest, form: PlanForm, status: int = 200) -> HttpResponse:
    followed(form, request, "crossing:new")
    context = {"plans": list(queries.plans(request.user)[:40]), "form": form, "parents": parents()}
    return htmx.page(request, LIST, "plans", context, status=status)


@requires(Permission.MANAGE_GROUPS)
@require_safe
def crossing_list(request: HttpRequest) -> HttpResponse:
    return _list(request, PlanForm(person=request.user))


@requires(Permission.MANAGE_GROUPS)
@require_POST
@forgets_draft
def crossing_create(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form, "last_day"):
            plan = actions.prepare(**form.cleaned_data, by=request.user)
            return redirect("partnerships:crossing_page", plan.pk)
    return _list(request, form, status=422)


@requires(Permission.MANAGE_GROUPS)
@require_safe
def crossing_page(request: HttpRequest, pk: int) -> HttpResponse:
    plan = _plan(request, pk)
    context = {
        "plan": plan,
        "page": queries.plan_page(plan),
        "job": queries.job_of(plan),
        "done": number_in(request.GET.get("publiees")),
        "parents": [*parents(), ("Propositions", reverse("partnerships:crossing_list"))],
    }
    return htmx.page(request, PAGE, "plan", context)


def _to(pk: int, published: int = 0) -> HttpResponse:
    query = {"publiees": published} if published else {}
    return redirect(reverse("partnerships:crossing_page", args=[pk], query=query))


@requires(Permission.MANAGE_GROUPS)
@require_POST
def crossing_solve(request: HttpRequest, pk: int) -> HttpResponse:
    actions.ask_to_solve(plan=_plan(request, pk), by=request.user)
    return _to(pk)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def crossing_stop(request: HttpRequest, pk: int) -> HttpResponse:
    actions.stop(plan=_plan(request, pk), by=request.user)
    return _to(pk)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def crossing_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the whole (`tout`), or the lines that are ticked."""
    plan = _plan(request, pk)
    chosen = {number for one in request.POST.getlist("ligne") if (number := number_in(one)) is not None}
    with refusals_above(request):
        made = actions.publish(plan=plan, line_ids=None if "tout" in request.POST else chosen, by=request.user)
        for line, why in made.left[:5]:
            messages.warning(request, f"{line.observer} chez {line.host}\u00a0: {why}")
        return _to(pk, len(made.done))
    return _to(pk)
