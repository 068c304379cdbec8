"""The pages of cover plans."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.downloads import download
from circo.imports import exporting
from circo.refusals import refusals_above, refusals_in
from events.brigade import queries as brigade
from events.models import CoverPlan
from events.plans import actions, choosing, queries
from events.plans.board import queries as board
from events.plans.forms import PlanForm
from events.plans.rules import PlanState

LIST, PAGE = "events/plans/list.html", "events/plans/page.html"


def parents_of(plan: CoverPlan | None = None) -> list[tuple[str, str]]:
    found = [("Brigade", reverse("events:brigade_list")), ("Plans", reverse("events:plan_list"))]
    if plan is not None:
        found.append((str(plan), reverse("events:plan_page", args=[plan.pk])))
    return found


def plan_read(request: HttpRequest, pk: int) -> CoverPlan:
    """A plan, as this person reads it.

    Raises: Http404 else.
    """
    plan = queries.plan_of(request.user, pk)
    if plan is None:
        raise Http404
    return plan


def plan_changed(request: HttpRequest, pk: int) -> CoverPlan:
    """A plan that this person prepares.

    Raises: Http404 else.
    """
    plan = plan_read(request, pk)
    if not queries.may(request.user, plan, Permission.PLAN_COVER):
        raise Http404
    return plan


def _to(plan: CoverPlan) -> HttpResponse:
    return redirect("events:plan_page", plan.pk)


# --- The list ---------------------------------------------------------------------------------------------------------
def _list(request: HttpRequest, form: PlanForm, status: int = 200) -> HttpResponse:
    found = queries.plans(request.user).exclude(state=PlanState.DROPPED)[:60]
    context = {
        "plans": [queries.narrowed(plan, request.user) for plan in found],
        "form": form,
        "parents": parents_of()[:1],
    }
    return htmx.page(request, LIST, "plans", context, status=status)


@requires(Permission.PLAN_COVER)
@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    return _list(request, PlanForm(person=request.user))


@requires(Permission.PLAN_COVER)
@require_POST
def plan_create(request: HttpRequest) -> HttpResponse:
    form = PlanForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            return _to(actions.prepare(days=list(form.cleaned_data["days"]), by=request.user))
    return _list(request, form, status=422)


# --- One plan ---------------------------------------------------------------------------------------------------------
@requires(Permission.PLAN_COVER)
@require_safe
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_read(request, pk)
    job = queries.job_of(plan) if plan.is_draft else None
    is_followed = plan.state == PlanState.PUBLISHED and not plan.is_replaced
    context = {
        "plan": plan,
        "page": queries.plan_page(plan),
        "alike": board.without_anybody_alike(plan),
        "changes": queries.changes(plan.replaces, plan) if plan.replaces_id else [],
        "goals": choosing.goals(plan),
        "unconfirmed": list(queries.unconfirmed(plan)) if is_followed else [],
        "repair": queries.repair_of(plan) if queries.may(request.user, plan, Permission.PLAN_COVER) else None,
        "followed": queries.followed(plan) if plan.is_replaced else None,
        "moves": [] if plan.is_replaced or plan.is_repair else queries.moves_for(request.user, plan),
        "may_follow": is_followed and queries.may(request.user, plan, Permission.PLAN_COVER),
        "may_edit": plan.is_draft and not plan.is_repair and queries.may(request.user, plan, Permission.PLAN_COVER),
        "job": job,
        "history": list(plan.moves.select_related("by")),
        "parents": parents_of(),
    }
    return htmx.page(request, PAGE, "plan", context)


def _do(request: HttpRequest, plan: CoverPlan, verb, **asked) -> HttpResponse:
    with refusals_above(request):
        verb(plan=plan, by=request.user, **asked)
    return _to(plan)


@requires(Permission.PLAN_COVER)
@require_POST
def plan_solve(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, plan_changed(request, pk), actions.ask_to_solve)


@requires(Permission.PLAN_COVER)
@require_POST
def plan_stop(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, plan_changed(request, pk), actions.stop)


@requires(Permission.PLAN_COVER)
@require_POST
def plan_move(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_read(request, pk)
    target = request.POST.get("vers", "")
    if target not in PlanState:
        messages.error(request, "Choisissez une étape.")
        return _to(plan)
    return _do(request, plan, actions.move, target=PlanState(target))


@requires(Permission.PLAN_COVER)
@require_safe
def plan_export(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_read(request, pk)
    body = exporting.to_csv(queries.exported(plan, brigade.homes(plan.departement_id)))
    return download(body, f"plan-{plan.version}.csv")
