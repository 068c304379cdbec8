"""The pages of proposals: ask, follow the computing, read what it comes to, accept whole or line by line."""

from __future__ import annotations

from collections.abc import Callable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from partnerships.cohorts.views import cohort_of
from partnerships.models import Cohort, PlacementProposal, ProposalApart, ProposalLine
from partnerships.proposals import queries
from partnerships.proposals.actions import asking, taking
from partnerships.proposals.forms import ProposalForm

LIST, NEW = "partnerships/proposals/list.html", "partnerships/proposals/new.html"
PAGE = "partnerships/proposals/page.html"
PER_PAGE = 40


def _parents(cohort: Cohort | None, institution_id: int) -> list[tuple[str, str]]:
    found = [("Stages", reverse("partnerships:home", query={"institut": institution_id}))]
    if cohort is not None:
        found.append((str(cohort), reverse("partnerships:cohort_page", args=[cohort.pk])))
    return found


# --- Ask --------------------------------------------------------------------------------------------------------------
@requires(Permission.MANAGE_STUDENTS)
@require_safe
def proposal_list(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = cohort_of(request, pk)
    rows = queries.proposals(request.user, cohort.institution_id)
    context = {
        "cohort": cohort,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "parents": _parents(cohort, cohort.institution_id),
    }
    return htmx.page(request, LIST, "proposals", context)


def _new(request: HttpRequest, cohort: Cohort, form: ProposalForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"cohort:{cohort.pk}/proposal")
    context = {"cohort": cohort, "form": form, "parents": _parents(cohort, cohort.institution_id)}
    return htmx.page(request, NEW, "form", context, status=status)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def proposal_new(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = cohort_of(request, pk)
    return _new(request, cohort, ProposalForm(cohort=cohort, person=request.user))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def proposal_ask(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = cohort_of(request, pk)
    form = ProposalForm(request.POST, cohort=cohort, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            made = asking.ask(cohorts=list(form.cleaned_data["cohorts"]), asked=form.asked, by=request.user)
            return redirect("partnerships:proposal_page", pk=made.pk)
    return _new(request, cohort, form, status=422)


# --- One proposal -----------------------------------------------------------------------------------------------------
def _proposal(request: HttpRequest, pk: int) -> PlacementProposal:
    rows = PlacementProposal.objects.visible_to(request.user).select_related("institution", "asked_by", "follows")
    return get_object_or_404(rows, pk=pk)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def proposal_page(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _proposal(request, pk)
    cohorts = list(proposal.cohorts.select_related("programme", "school_year"))
    choice = queries.shown_filter(request.GET.get("voir", ""))
    done, _, line_id = request.GET.get("fait", "").partition("-")
    page = Paginator(queries.lines(proposal, choice.chosen), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "proposal": proposal,
        "cohorts": cohorts,
        "job": queries.job_of(proposal),
        "counts": queries.counts(proposal),
        "goals": queries.goals(proposal),
        "choice": choice,
        "page": page,
        "lines": queries.shown(proposal, list(page)),
        "aparts": list(queries.aparts(proposal)),
        "has_changed": proposal.is_ready and queries.world_mark(proposal) != proposal.world_mark,
        "query": f"voir={choice.chosen}" if choice.chosen else "",
        "done": done,
        "line_id": number_in(line_id),
        "parents": _parents(cohorts[0] if cohorts else None, proposal.institution_id),
    }
    return htmx.page(request, PAGE, "proposal", context)


def _to(pk: int, done: str = "") -> HttpResponse:
    return redirect(reverse("partnerships:proposal_page", args=[pk], query={"fait": done} if done else {}))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def proposal_stop(request: HttpRequest, pk: int) -> HttpResponse:
    asking.stop(proposal=_proposal(request, pk), by=request.user)
    return _to(pk)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def proposal_again(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _proposal(request, pk)
    with refusals_above(request):
        keeps = request.POST.get("classes") == "garder"
        made = asking.ask_again(proposal=proposal, keeps_classes=keeps, by=request.user)
        return _to(made.pk)
    return _to(pk)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def proposal_accept(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _proposal(request, pk)
    with refusals_above(request):
        asking.accept_all(proposal=proposal, by=request.user)
    return _to(pk)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def proposal_undo(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = _proposal(request, pk)
    with refusals_above(request):
        asking.undo_all(proposal=proposal, by=request.user)
    return _to(pk)


# --- One line ---------------------------------------------------------------------------------------------------------
def _on_line(request: HttpRequest, pk: int, verb: Callable[[ProposalLine], object], done: str = "") -> HttpResponse:
    line = get_object_or_404(ProposalLine.objects.editable_by(request.user), pk=pk)
    with refusals_above(request):
        verb(line)
        return _to(line.proposal_id, f"{done}-{pk}" if done else "")
    return _to(line.proposal_id)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def proposal_line_accept(request: HttpRequest, pk: int) -> HttpResponse:
    return _on_line(request, pk, lambda line: taking.accept(line, request.user), "acceptee")


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def proposal_line_undo(request: HttpRequest, pk: int) -> HttpResponse:
    return _on_line(request, pk, lambda line: taking.undo(line, request.user), "reprise")


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def proposal_line_keep(request: HttpRequest, pk: int) -> HttpResponse:
    is_kept = request.POST.get("garder") == "oui"
    return _on_line(request, pk, lambda line: asking.keep(line=line, is_kept=is_kept, by=request.user))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def proposal_line_rule_out(request: HttpRequest, pk: int) -> HttpResponse:
    return _on_line(request, pk, lambda line: asking.rule_out(line=line, by=request.user))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def proposal_apart_remove(request: HttpRequest, pk: int) -> HttpResponse:
    apart = get_object_or_404(ProposalApart.objects.editable_by(request.user), pk=pk)
    asking.allow(apart=apart, by=request.user)
    return _to(apart.proposal_id)
