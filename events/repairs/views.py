"""The pages of repairs: who is missing, then what it changes, accepted in one gesture."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.calendar.rules import HALVES, Half
from circo.errors import Refusal
from circo.refusals import refusals_above
from circo.rules import number_in
from events.brigade import queries as brigade
from events.models import CoverPlan, CoverRepair
from events.plans.views import plan_changed
from events.repairs import actions, differing, queries
from events.repairs.rules import RepairState

NEW, PAGE = "events/repairs/new.html", "events/repairs/page.html"
PER_PAGE = 40
SPANS: dict[str, tuple[Half, ...]] = {"": HALVES, "AM": ("AM",), "PM": ("PM",)}


def _parents(plan: CoverPlan) -> list[tuple[str, str]]:
    return [("Plans", reverse("events:plan_list")), (str(plan), reverse("events:plan_page", args=[plan.pk]))]


@requires(Permission.PLAN_COVER)
@require_safe
def repair_new(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_changed(request, pk)
    if plan.is_replaced:  # its page says which one is followed
        return redirect("events:plan_page", pk=plan.pk)
    words, by_class = request.GET.get("mots", "")[:100], request.GET.get("quoi") == "classes"
    rows = queries.coming_missions(plan, words) if by_class else queries.on_duty(plan, words)
    context = {
        "plan": plan,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "by_class": by_class,
        "words": words,
        "query": urlencode({"mots": words} | ({"quoi": "classes"} if by_class else {})),
        "open": queries.open_of(plan),
        "parents": _parents(plan),
    }
    return htmx.page(request, NEW, "rows", context)


@requires(Permission.PLAN_COVER)
@require_POST
def repair_report(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_changed(request, pk)
    need, substitute = number_in(request.POST.get("classe")), number_in(request.POST.get("remplacant"))
    on, halves = _day(request.POST.get("jour", "")), SPANS.get(request.POST.get("moment", ""))
    with refusals_above(request):
        if need is not None:
            made = actions.report_staying(plan=plan, need_pk=need, by=request.user)
        elif substitute is None or on is None or halves is None:
            raise Refusal("Choisissez une personne dans la liste.")
        else:
            made = actions.report_absence(plan=plan, substitute_pk=substitute, on=on, halves=halves, by=request.user)
        return redirect("events:repair_page", pk=made.pk)
    return redirect("events:repair_new", pk=plan.pk)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# --- One repair -------------------------------------------------------------------------------------------------------
def _repair(request: HttpRequest, pk: int) -> CoverRepair:
    return get_object_or_404(queries.repairs(request.user), pk=pk)


@requires(Permission.PLAN_COVER)
@require_safe
def repair_page(request: HttpRequest, pk: int) -> HttpResponse:
    repair = _repair(request, pk)
    job = queries.job_of(repair) if repair.state == RepairState.OPEN else None
    is_ready = job is None and repair.made is not None and bool(repair.made.proof)
    context = {
        "repair": repair,
        "facts": list(repair.facts.select_related("by")),
        "job": job,
        "changed": differing.changed(repair) if is_ready else None,
        "keeps_reserve": brigade.rules_of(repair.plan.departement).reserve_percent > 0,
        "mark": queries.mark_of(repair.made),
        "may_accept": queries.may_accept(request.user, repair.plan),
        "may_undo": differing.may_undo(repair) and queries.may_accept(request.user, repair.plan),
        "parents": _parents(repair.plan),
    }
    return htmx.page(request, PAGE, "repair", context)


def _do(request: HttpRequest, pk: int, verb, **asked) -> HttpResponse:
    repair = _repair(request, pk)
    with refusals_above(request):
        verb(repair=repair, by=request.user, **asked)
    return redirect("events:repair_page", pk=repair.pk)


@requires(Permission.PLAN_COVER)
@require_POST
def repair_accept(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.accept, seen=request.POST.get("lu", ""))


@requires(Permission.PLAN_COVER)
@require_POST
def repair_again(request: HttpRequest, pk: int) -> HttpResponse:
    reserve = {"puiser": True, "garder": False}.get(request.POST.get("reserve", ""))
    return _do(request, pk, actions.compute_again, draws_reserve=reserve)


@requires(Permission.PLAN_COVER)
@require_POST
def repair_drop(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.drop)


@requires(Permission.PLAN_COVER)
@require_POST
def repair_undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.undo)
