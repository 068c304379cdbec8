"""The report of a visit: written, given, answered, opened and closed; those opened to one's circles."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.documents.pacing import paced
from circo.downloads import download
from circo.drafts.forms import follow, followed, forgets_draft, names_kept
from circo.refusals import refusals_above, refusals_to
from networks.models import Visit, VisitReport
from networks.visits import actions, printing, queries
from networks.visits.forms.reports import OpenForm, ReportForm
from networks.visits.forms.visits import TextForm

REPORTS_A_PAGE = 20
ANSWER = "Ce que j’ajoute, en tant qu’hôte"


def _report(request: HttpRequest, pk: int) -> VisitReport:
    return get_object_or_404(queries.reports(request.user), visit_id=pk)


def _parents(visit: Visit) -> list[tuple[str, str]]:
    return [
        ("Visites de classes", reverse("networks:site_list")),
        (visit.when.capitalize(), reverse("networks:visit_page", args=[visit.pk])),
    ]


@signed_in
@require_safe
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _report(request, pk))


def _page(
    request: HttpRequest, report: VisitReport, *, status: int = 200, answer: TextForm | None = None, opening=None
) -> HttpResponse:
    person, visit = request.user, report.visit
    is_host, is_writer = visit.site.host_id == person.pk, visit.visitor_id == person.pk
    in_pair = is_host or is_writer
    context = {
        "report": report,
        "visit": visit,
        "is_host": is_host,
        "is_writer": is_writer,
        "answer_form": answer or TextForm(label=ANSWER, prefix="hote", initial={"text": report.answer}),
        "open_form": (opening or OpenForm(person=person)) if is_host else None,
        "parents": _parents(visit) if in_pair else [("Comptes rendus ouverts", reverse("networks:visit_report_list"))],
    }
    follow(request, {f"visit:{visit.pk}/answer": context["answer_form"] if is_host else None})
    return htmx.page(request, "networks/visits/report_page.html", "report", context, status=status)


@signed_in
@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.opened_reports(request.user), REPORTS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "parents": [("Visites de classes", reverse("networks:site_list"))]}
    return htmx.page(request, "networks/visits/report_list.html", "reports", context)


# --- The visitor writes ----------------------------------------------------------------------------------------------
def _visit_to_tell(request: HttpRequest, pk: int) -> Visit:
    """A visit of one's own that is over.

    Raises: Http404 else.
    """
    visit = get_object_or_404(queries.visits(request.user).filter(visitor_id=request.user.pk), pk=pk)
    if not queries.visit_page(request.user, visit, timezone.now()).may_write:
        raise Http404
    return visit


def _report_of(visit: Visit) -> VisitReport | None:
    return getattr(visit, "report", None)


def _place(visit: Visit) -> str:
    return f"visit:{visit.pk}/report"


def _form(request: HttpRequest, visit: Visit, form: ReportForm, status: int = 200) -> HttpResponse:
    followed(form, request, _place(visit), over=_report_of(visit))
    context = {"visit": visit, "report": _report_of(visit), "form": form, "parents": _parents(visit)}
    return htmx.page(request, "networks/visits/report_form.html", "form", context, status=status)


@signed_in
@require_safe
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit_to_tell(request, pk)
    asked = request.GET.get("lignes", "")
    rows = int(asked) if asked.isdecimal() and len(asked) < 4 else 0
    kept = names_kept(request, _place(visit))
    return _form(request, visit, ReportForm(report=_report_of(visit), rows=rows, kept=kept))


@signed_in
@require_POST
@forgets_draft
def report_save(request: HttpRequest, pk: int) -> HttpResponse:
    visit = _visit_to_tell(request, pk)
    form = ReportForm(request.POST, report=_report_of(visit))
    if form.is_valid():
        with refusals_to(form.say):
            version = form.cleaned_data["version"]
            report = actions.write_report(visit=visit, text=form.text, version=version, by=request.user)
            if "give" in request.POST:
                actions.give_report(report=report, by=request.user)
            return _saved(request, visit, form)
    return _form(request, visit, form, status=422)


def _saved(request: HttpRequest, visit: Visit, form: ReportForm) -> HttpResponse:
    if "more" in request.POST:
        address = reverse("networks:visit_report_edit", args=[visit.pk], query={"lignes": form.more_rows})
        return redirect(f"{address}#faits")
    said = "Votre collègue peut le lire." if "give" in request.POST else "Votre compte rendu est enregistré."
    messages.success(request, said)
    return redirect("networks:visit_report_page", visit.pk)


@signed_in
@require_POST
def report_give(request: HttpRequest, pk: int) -> HttpResponse:
    report = get_object_or_404(queries.reports(request.user).editable_by(request.user), visit_id=pk)
    with refusals_above(request):
        actions.give_report(report=report, by=request.user)
        messages.success(request, "Votre collègue peut le lire.")
    return redirect("networks:visit_report_page", pk)


# --- The host reads, adds, opens -------------------------------------------------------------------------------------
def _received(request: HttpRequest, pk: int) -> VisitReport:
    return get_object_or_404(queries.reports(request.user).received_by(request.user), visit_id=pk)


@signed_in
@require_POST
@forgets_draft
def report_answer(request: HttpRequest, pk: int) -> HttpResponse:
    report = _received(request, pk)
    form = TextForm(request.POST, label=ANSWER, prefix="hote")
    if not form.is_valid():
        return _page(request, report, status=422, answer=form)
    actions.answer_report(report=report, answer=form.cleaned_data["text"], by=request.user)
    messages.success(request, "Vos mots sont ajoutés au compte rendu.")
    return redirect("networks:visit_report_page", pk)


@signed_in
@require_POST
def report_open(request: HttpRequest, pk: int) -> HttpResponse:
    report = _received(request, pk)
    form = OpenForm(request.POST, person=request.user)
    if not form.is_valid():
        return _page(request, report, status=422, opening=form)
    actions.open_report(report=report, circle=form.chosen, by=request.user)
    messages.success(request, "Le compte rendu est ouvert. Vous pouvez le refermer à tout moment.")
    return redirect("networks:visit_report_page", pk)


@signed_in
@require_POST
def report_close(request: HttpRequest, pk: int) -> HttpResponse:
    actions.open_report(report=_received(request, pk), circle=None, by=request.user)
    messages.success(request, "Le compte rendu est refermé\u00a0: vous n’êtes plus que deux à le lire.")
    return redirect("networks:visit_report_page", pk)


@signed_in
@require_safe
@paced
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """For the pair alone: a file would outlive the closing of what was opened."""
    report = _report(request, pk)
    if request.user.pk not in (report.visit.visitor_id, report.visit.site.host_id):
        raise Http404
    with refusals_above(request):
        return download(printing.letter(report).pdf(), f"visite-{report.visit.day:%Y-%m-%d}.pdf")
    return redirect("networks:visit_report_page", pk)
