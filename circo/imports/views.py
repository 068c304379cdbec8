"""The pages of imports: the list, a form per kind, the report that becomes a button, the templates to download."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from circo import htmx
from circo.access import Permission, requires
from circo.errors import Refusal
from circo.imports import actions, exporting, queries, running
from circo.imports.forms import LimitedUpload, UploadForm
from circo.models import ImportRun, ImportState, Outcome

KINDS = {"ecoles": ImportRun.Kind.SCHOOLS, "personnes": ImportRun.Kind.PEOPLE}
JOBS = {ImportState.CHECKING.value: running.CHECK, ImportState.APPLYING.value: running.APPLY}
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LINES_PER_PAGE = 100
RUNS_PER_PAGE = 25


def _kind(slug: str) -> ImportRun.Kind:
    try:
        return KINDS[slug]
    except KeyError:
        raise Http404 from None


def _download(content: bytes, name: str, form: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[form],
        headers={"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "no-store"},
    )


@requires(Permission.IMPORT)
@require_GET
def run_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.runs_page(request.user), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/list.html", {"page": page})


def _form_page(request: HttpRequest, slug: str, form: UploadForm, status: int = 200) -> HttpResponse:
    kind = _kind(slug)
    columns = [column for column in running.IMPORTERS[kind].columns if column.in_template]
    context = {"form": form, "slug": slug, "kind": kind, "columns": columns}
    return render(request, "imports/new.html", context, status=status)


@requires(Permission.IMPORT)
@require_GET
def run_new(request: HttpRequest, slug: str) -> HttpResponse:
    return _form_page(request, slug, UploadForm(person=request.user, kind=_kind(slug)))


@requires(Permission.IMPORT)
@csrf_exempt  # only so that the limit is set before the body is read; `_upload` checks the token
@require_POST
def run_upload(request: HttpRequest, slug: str) -> HttpResponse:
    return _upload(request, slug, LimitedUpload.on(request))


@csrf_protect
def _upload(request: HttpRequest, slug: str, limit: LimitedUpload) -> HttpResponse:
    kind = _kind(slug)
    too_big = limit.size if limit.is_too_big else 0
    form = UploadForm(request.POST, request.FILES, person=request.user, kind=kind, too_big=too_big)
    if not form.is_valid():
        return _form_page(request, slug, form, status=422)
    run = actions.start(kind=kind, by=request.user, **form.cleaned_data)
    return redirect("imports:run_detail", pk=run.pk)


@requires(Permission.IMPORT)
@require_GET
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(queries.runs_page(request.user), pk=pk)
    outcome = request.GET.get("sort", "") if request.GET.get("sort") in Outcome else ""
    lines = queries.lines_of(run, request.user, outcome)
    context = {
        "run": run,
        "slug": next(slug for slug, kind in KINDS.items() if kind == run.kind),
        "working": queries.is_working(run),
        "job": queries.job_of(run, JOBS),
        "counts": [(choice, run.counts.get(choice.value, 0)) for choice in Outcome],
        "outcome": outcome,
        "page": Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return htmx.page(request, "imports/detail.html", "run", context)


@requires(Permission.IMPORT)
@require_POST
def run_apply(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.apply)


@requires(Permission.IMPORT)
@require_POST
def run_drop(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.drop)


def _do(request: HttpRequest, pk: int, verb) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.editable_by(request.user), pk=pk)
    try:
        verb(run=run, by=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("imports:run_detail", pk=run.pk)


@requires(Permission.IMPORT)
@require_GET
def run_report(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk)
    lines = queries.lines_of(run, request.user)
    rows = [[line.number, line.get_outcome_display(), line.label, " ; ".join(line.notes)] for line in lines]
    table = exporting.to_csv([["ligne", "sort", "qui ou quoi", "détail"], *rows])
    return _download(table, f"compte-rendu-{run.pk}", "csv")


@requires(Permission.IMPORT)
@require_GET
def template(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    importer = running.IMPORTERS[_kind(slug)]
    if form not in CONTENT_TYPES:
        raise Http404
    return _download(exporting.template(importer.columns, form), f"modele-{slugify(slug)}", form)
