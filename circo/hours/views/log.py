"""One's private log of the 108 hours: no page of it opens for anybody else."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.hours import actions, queries
from circo.hours.forms import LogForm
from circo.imports import exporting
from circo.models import ServiceLogEntry

LINES_PER_PAGE = 30


@signed_in
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    return _log(request, LogForm(initial={"on": timezone.localdate()}))


def _log(request: HttpRequest, form: LogForm, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "form": followed(form, request, "hours/log"),
        "totals": queries.log_totals(request.user, queries.year_holding(today), today),
        "page": Paginator(queries.log_of(request.user), LINES_PER_PAGE).get_page(request.GET.get("page")),
        "removed": queries.removed_from_log(request.user, request.GET.get("retiree", "")),
    }
    return render(request, "hours/log.html", context, status=status)


@signed_in
@require_POST
@forgets_draft
def log_add(request: HttpRequest) -> HttpResponse:
    form = LogForm(request.POST)
    if not form.is_valid():
        return _log(request, form, status=422)
    actions.note(by=request.user, **form.cleaned_data)
    messages.success(request, "C’est noté.")
    return redirect("hours:log")


@signed_in
@require_safe
def log_edit(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(queries.log_of(request.user), pk=pk)
    typed = {"on": line.on, "minutes": line.minutes, "category": line.category, "text": line.note}
    return _edit(request, line, LogForm(initial=typed))


def _edit(request: HttpRequest, line: ServiceLogEntry, form: LogForm, status: int = 200) -> HttpResponse:
    context = {"line": line, "form": followed(form, request, f"hours/log/{line.pk}")}
    return render(request, "hours/log_edit.html", context, status=status)


@signed_in
@require_POST
@forgets_draft
def log_update(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(ServiceLogEntry.objects.editable_by(request.user).kept(), pk=pk)
    form = LogForm(request.POST)
    if not form.is_valid():
        return _edit(request, line, form, status=422)
    actions.amend(line=line, by=request.user, **form.cleaned_data)
    messages.success(request, "La ligne est corrigée.")
    return redirect("hours:log")


@signed_in
@require_POST
def log_remove(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(ServiceLogEntry.objects.editable_by(request.user), pk=pk)
    actions.remove(line=line, by=request.user)
    return redirect(reverse("hours:log", query={"retiree": line.pk}))


@signed_in
@require_POST
def log_restore(request: HttpRequest, pk: int) -> HttpResponse:
    line = get_object_or_404(ServiceLogEntry.objects.editable_by(request.user), pk=pk)
    actions.bring_back(line=line, by=request.user)
    messages.success(request, "La ligne est revenue.")
    return redirect("hours:log")


@signed_in
@require_safe
def log_export(request: HttpRequest) -> HttpResponse:
    rows = queries.log_of(request.user)
    table = [[line.on.isoformat(), line.minutes, line.get_category_display(), line.note] for line in rows]
    titles = ["date", "minutes", "au titre de", "note"]
    return download(exporting.to_csv([titles, *table]), "carnet-108-heures.csv")
