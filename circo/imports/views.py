"""The pages of imports: the list, a form per kind, the report that becomes a button, the templates to download."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from circo import htmx
from circo.access import Permission, requires
from circo.downloads import download
from circo.imports import actions, exporting, queries, running
from circo.imports.forms import LimitedUpload, UploadForm
from circo.models import ImportRun, ImportState, JobState, Outcome
from circo.models import import_kinds as kinds
from circo.models.import_kinds import Kind
from circo.refusals import refusals_above

JOBS = {ImportState.CHECKING.value: running.CHECK, ImportState.APPLYING.value: running.APPLY}
FORMS = ("csv", "xlsx")
PLURALS = {
    Outcome.REFUSED: "Refusées",
    Outcome.CREATED: "Créées",
    Outcome.CHANGED: "Modifiées",
    Outcome.SAME: "Inchangées",
    Outcome.IGNORED: "Laissées de côté",
}
LINES_PER_PAGE = 100
RUNS_PER_PAGE = 25


def _kind(request: HttpRequest, slug: str) -> Kind:
    """The sort of import of this address, if one may bring it somewhere."""
    kind = next((kind for kind in kinds.brought_by(request.user) if kind.slug == slug), None)
    if kind is None:
        raise Http404
    return kind


@requires(Permission.USE_IMPORTS)
@require_GET
def run_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.runs_page(request.user), RUNS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "imports/run_list.html", {"page": page, "kinds": kinds.brought_by(request.user)})


def _form_page(request: HttpRequest, kind: Kind, form: UploadForm, status: int = 200) -> HttpResponse:
    columns = [column for column in kind.importer.columns if column.in_template]
    context = {"form": form, "kind": kind, "columns": columns}
    return render(request, "imports/run_new.html", context, status=status)


@requires(Permission.USE_IMPORTS)
@require_GET
def run_new(request: HttpRequest, slug: str) -> HttpResponse:
    kind = _kind(request, slug)
    return _form_page(request, kind, UploadForm(person=request.user, kind=kind))


@requires(Permission.USE_IMPORTS)
@csrf_exempt  # only so that the limit is set before the body is read; `_upload` checks the token
@require_POST
def run_upload(request: HttpRequest, slug: str) -> HttpResponse:
    return _upload(request, slug, LimitedUpload.on(request, settings.IMPORT_MAX_BYTES))


@csrf_protect
def _upload(request: HttpRequest, slug: str, limit: LimitedUpload) -> HttpResponse:
    kind = _kind(request, slug)
    typed, files = request.POST, request.FILES  # read now: the limit knows the size only after
    too_big = limit.size if limit.is_too_big else 0
    form = UploadForm(typed, files, person=request.user, kind=kind, too_big=too_big)
    if not form.is_valid():
        return _form_page(request, kind, form, status=422)
    run = actions.start(kind=kind.code, by=request.user, **form.cleaned_data)
    return redirect("imports:run_detail", pk=run.pk)


@requires(Permission.USE_IMPORTS)
@require_GET
def run_detail(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(queries.runs_page(request.user), pk=pk)
    outcome = request.GET.get("sort", "") if request.GET.get("sort") in Outcome else ""
    lines = queries.lines_of(run, request.user, outcome)
    context = {
        "run": run,
        "slug": kinds.kind_of(run.kind).slug,
        "page": Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page")),
        "query": f"sort={outcome}" if outcome else "",
        "tabs": _tabs(run, outcome),
        "total": sum(run.counts.values()),
        "to_write": queries.lines_to_write(run),
        **_progress(run),
    }
    return htmx.page(request, "imports/run_detail.html", "run", context)


def _tabs(run: ImportRun, outcome: str) -> list[tuple[str, str, bool]]:
    """All lines, then those of each outcome that happened."""
    tabs = [(f"Toutes ({sum(run.counts.values())})", f"{reverse('imports:run_detail', args=[run.pk])}", not outcome)]
    for choice in Outcome:
        if count := run.counts.get(choice.value, 0):
            words = f"{PLURALS[choice]} ({count})"
            tabs.append((words, f"{tabs[0][1]}?sort={choice.value}", outcome == choice.value))
    return tabs


def _progress(run: ImportRun) -> dict[str, object]:
    """How far the work on an import is, in numbers and in words."""
    if run.state not in JOBS:
        return {"working": False, "percent": 0, "doing": ""}
    job = queries.job_of(run, JOBS)
    verb = "Essai" if run.state == ImportState.CHECKING else "Écriture"
    if job is None or job.state == JobState.QUEUED:
        return {"working": True, "percent": 0, "doing": f"{verb} en attente…"}
    return {"working": True, "percent": job.percent, "doing": f"{verb} : {job.percent} %"}


@requires(Permission.USE_IMPORTS)
@require_POST
def run_apply(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.apply)


@requires(Permission.USE_IMPORTS)
@require_POST
def run_drop(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, actions.drop)


def _do(request: HttpRequest, pk: int, verb) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.editable_by(request.user), pk=pk)
    with refusals_above(request):
        verb(run=run, by=request.user)
    return redirect("imports:run_detail", pk=run.pk)


@requires(Permission.USE_IMPORTS)
@require_GET
def run_report(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(ImportRun.objects.visible_to(request.user), pk=pk)
    lines = queries.lines_of(run, request.user)
    rows = [[line.number, line.get_outcome_display(), line.label, " ; ".join(line.notes)] for line in lines]
    table = exporting.to_csv([["ligne", "sort", "qui ou quoi", "détail"], *rows])
    return download(table, f"compte-rendu-{run.pk}.csv")


@requires(Permission.USE_IMPORTS)
@require_GET
def template(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    importer = _kind(request, slug).importer
    if form not in FORMS:
        raise Http404
    return download(exporting.template(importer.columns, form), f"modele-{slug}.{form}")
