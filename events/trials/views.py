"""The page of trials: questions asked of a plan, answers side by side with it, the price of each lock."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.errors import Refusal
from circo.refusals import refusals_above
from circo.rules import number_in
from events.models import CoverTrial
from events.plans.views import plan_changed
from events.trials import actions, queries, rules
from events.trials.rules import TrialKind


@requires(Permission.PLAN_COVER)
@require_safe
def trial_list(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_changed(request, pk)
    table = queries.table(plan)
    prices = queries.prices(table.trials)
    context = {
        "plan": plan,
        "table": table,
        "locks": [(one, _price(prices.get(one.need_id))) for one in queries.locks(plan)],
        "parents": [("Plans", reverse("events:plan_list")), (str(plan), reverse("events:plan_page", args=[plan.pk]))],
    }
    return htmx.page(request, "events/trials/page.html", "trials", context)


def _price(trial: CoverTrial | None) -> tuple[CoverTrial, str] | None:
    if trial is None:
        return None
    if trial.result:
        return trial, rules.price_words(trial.result["now"], trial.result["then"])
    return trial, trial.failure or "calcul en cours"


def _do(request: HttpRequest, pk: int, verb, **asked) -> HttpResponse:
    plan = plan_changed(request, pk)
    with refusals_above(request):
        verb(plan=plan, by=request.user, **asked)
    return redirect("events:trial_list", pk=plan.pk)


@requires(Permission.PLAN_COVER)
@require_POST
def trial_ask(request: HttpRequest, pk: int) -> HttpResponse:
    kind = request.POST.get("essai", "")
    try:
        on = date.fromisoformat(request.POST.get("date", ""))
    except ValueError:
        on = None
    plan = plan_changed(request, pk)
    with refusals_above(request):
        if kind not in TrialKind:
            raise Refusal("Choisissez ce que vous essayez.")
        number, need_pk = number_in(request.POST.get("nombre")), number_in(request.POST.get("classe"))
        actions.ask(plan=plan, kind=TrialKind(kind), number=number, on=on, need_pk=need_pk, by=request.user)
    return redirect("events:trial_list", pk=plan.pk)


@requires(Permission.PLAN_COVER)
@require_POST
def trial_prices(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.price_all)


@requires(Permission.PLAN_COVER)
@require_POST
def trial_forget(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.forget_all)


@requires(Permission.PLAN_COVER)
@require_POST
def trial_lift(request: HttpRequest, pk: int) -> HttpResponse:
    trial = get_object_or_404(CoverTrial.objects.visible_to(request.user).select_related("plan__departement"), pk=pk)
    with refusals_above(request):
        actions.lift(trial=trial, by=request.user)
    return redirect("events:plan_page", pk=trial.plan_id)
