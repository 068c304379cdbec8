"""The classes of a plan as a list and as a board, and what a hand does there: give, lock, part, take back.

A form posts and comes back to where it was; the board asks for the same in JSON, and redraws what has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.errors import Refusal
from circo.refusals import refusals_above
from circo.rules import number_in
from events.models import CoverNeed, CoverPlan
from events.plans import actions, choosing
from events.plans import queries as plans
from events.plans.board import breaking, queries, showing
from events.plans.rules import Changed, LinkKind
from events.plans.views import parents_of, plan_changed, plan_read

CLASSES, BOARD = "events/plans/board/classes.html", "events/plans/board/board.html"
ROW, CARD, GESTURES = (f"events/plans/board/{name}.html" for name in ("line", "card", "gestures"))
CHOICE = "events/plans/choice.html"
BACK = {"liste": "events:plan_classes", "tableau": "events:plan_board"}  # where a form was


def _need(plan: CoverPlan, need_pk: int) -> CoverNeed:
    return get_object_or_404(plans.needs_of(plan), pk=need_pk)


def shell(request: HttpRequest, plan: CoverPlan, here: str, asked: queries.Asked) -> dict[str, Any]:
    """What the sister pages of a plan share."""
    return {
        "plan": plan,
        "asked": asked,
        "here": here,
        "may_edit": plan.is_draft and not plan.is_repair and plans.may(request.user, plan, Permission.PLAN_COVER),
        "gestures": queries.gestures(plan),
        "parents": parents_of(plan),
    }


@requires(Permission.PLAN_COVER)
@require_safe
def plan_classes(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_read(request, pk)
    asked = queries.asked_of(plan, request.GET)
    page = queries.page_of(breaking.classes(plan, asked), request.GET.get("page"))
    needs = list(page.object_list)
    rows = queries.rows_of(plan, needs, breaking.broken_rules(plan, needs))
    context = shell(request, plan, "liste", asked) | {"page": queries.ClassesPage(asked, page, rows)}
    return htmx.page(request, CLASSES, "classes", context)


@requires(Permission.PLAN_COVER)
@require_safe
def plan_board(request: HttpRequest, pk: int) -> HttpResponse:
    plan = plan_read(request, pk)
    asked = at_first_moment(plan, request.GET)
    page = queries.page_of(breaking.classes(plan, asked), request.GET.get("page"), per_page=queries.BOARD_ROWS)
    pool = request.GET.get("vivier", "").strip()[:60]
    context = shell(request, plan, "tableau", asked) | {
        "page": page,
        "pool": pool,
        "board": showing.board(plan, asked, list(page.object_list), pool),
    }
    return htmx.page(request, BOARD, "board", context)


def at_first_moment(plan: CoverPlan, given: Mapping[str, str]) -> queries.Asked:
    """What one asks for, of the first half-day if one names none."""
    first = next((queries.code_of(one) for one in queries.moments_of(plan)), "")
    return queries.asked_of(plan, {"moment": first, **{name: given[name] for name in given}})


# --- What a hand does -------------------------------------------------------------------------------------------------
def _back(request: HttpRequest, plan: CoverPlan, need_pk: int | None = None) -> HttpResponse:
    """To the page where the form was, narrowed as it was, at the class that one changed."""
    name = BACK.get(request.POST.get("retour", ""), "events:plan_page")
    query = QueryDict(request.POST.get("filtre", "")[:500])
    anchor = f"classe-{need_pk}" if need_pk else None
    return redirect(reverse(name, args=[plan.pk], query=query, fragment=anchor))


def _do(
    request: HttpRequest, plan: CoverPlan, verb: Callable[..., Any], need_pks: Sequence[int], **asked: Any
) -> HttpResponse:
    """Do it, and answer as one asked: the page again, or what has changed on the board."""
    if request.headers.get("Accept") != "application/json":
        with refusals_above(request):
            verb(plan=plan, by=request.user, **asked)
            messages.success(request, queries.last_words(plan))  # the class may have left the page where it was
        return _back(request, plan, need_pks[0] if need_pks else None)
    before = set(plan.assignments.filter(need__in=need_pks).values_list("substitute_id", flat=True))
    try:
        verb(plan=plan, by=request.user, **asked)
    except Changed as refusal:
        return JsonResponse(_changed(request, plan, need_pks, before) | {"error": str(refusal)}, status=409)
    except Refusal as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    return JsonResponse(_changed(request, plan, need_pks, before) | {"said": queries.last_words(plan)})


def _changed(request: HttpRequest, plan: CoverPlan, need_pks: Sequence[int], people: set[int]) -> dict[str, Any]:
    """The rows and the cards of the board that a gesture touched, drawn anew, and who is taken when."""
    found = showing.touched(plan, need_pks, people)
    shared = {"plan": plan, "may_edit": plan.is_draft, "query": request.POST.get("filtre", "")[:500]}
    parts = {
        f"classe-{row.need.pk}": render_to_string(ROW, shared | {"row": row}, request=request) for row in found.rows
    }
    parts |= {f"vivier-{card.pk}": render_to_string(CARD, {"card": card}) for card in found.cards}
    gestures = {"gestures": queries.gestures(plan), "here": "tableau"}
    parts["gestes"] = render_to_string(GESTURES, shared | gestures, request=request)
    return {"parts": parts, "taken": found.taken}


@requires(Permission.PLAN_COVER)
@require_safe
def cover_choice(request: HttpRequest, pk: int, need_pk: int) -> HttpResponse:
    plan = plan_changed(request, pk)
    need = _need(plan, need_pk)
    context = shell(request, plan, request.GET.get("retour", ""), queries.asked_of(plan, request.GET)) | {
        "need": need,
        "row": queries.rows_of(plan, [need])[0],
        "choice": choosing.choice(plan, need),
    }
    return htmx.page(request, CHOICE, "choice", context)


@requires(Permission.PLAN_COVER)
@require_POST
def cover_assign(request: HttpRequest, pk: int, need_pk: int) -> HttpResponse:
    asked = request.POST.get("remplacant", "")
    substitute_pk = number_in(asked)
    leaving = [number_in(one) for one in request.POST.getlist("quitte")]
    if (asked and substitute_pk is None) or None in leaving:
        raise Http404
    left = [one for one in leaving if one is not None]
    held = {"substitute_pk": substitute_pk, "seen": request.POST.get("vu", ""), "leaving": left}
    return _do(request, plan_changed(request, pk), actions.assign, [need_pk, *left], need_pk=need_pk, **held)


@requires(Permission.PLAN_COVER)
@require_POST
def cover_lock(request: HttpRequest, pk: int, need_pk: int) -> HttpResponse:
    held = {"is_locked": request.POST.get("verrou") == "oui", "seen": request.POST.get("vu", "")}
    return _do(request, plan_changed(request, pk), actions.lock, [need_pk], need_pk=need_pk, **held)


@requires(Permission.PLAN_COVER)
@require_POST
def plan_undo(request: HttpRequest, pk: int) -> HttpResponse:
    plan, edit_pk = plan_changed(request, pk), number_in(request.POST.get("geste"))
    return _do(request, plan, actions.undo, queries.needs_of_gesture(plan, edit_pk), edit_pk=edit_pk)


@requires(Permission.PLAN_COVER)
@require_POST
def cover_link(request: HttpRequest, pk: int, need_pk: int) -> HttpResponse:
    asked, kind = number_in(request.POST.get("remplacant")), request.POST.get("lien", "")
    plan = plan_changed(request, pk)
    if asked is None or (kind and kind not in LinkKind):
        messages.error(request, "Choisissez un remplaçant dans la liste.")
    else:
        held = {"need_pk": need_pk, "substitute_pk": asked, "kind": LinkKind(kind) if kind else None}
        with refusals_above(request):
            actions.part(plan=plan, by=request.user, **held)
    return redirect("events:cover_choice", pk=plan.pk, need_pk=need_pk)
