"""The pages of documents: one's batches, and the public page that checks a code."""

from __future__ import annotations

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from circo import htmx
from circo.access import public, signed_in
from circo.documents import actions, queries, rules
from circo.documents.forms import CodeForm
from circo.downloads import download
from circo.models import BatchState, IssuedDocument, JobState, LetterBatch
from circo.refusals import refusals_above

BATCHES_PER_PAGE = 25
RATE = {"verify_document": "30/m/ip"}


# --- Batches: whoever asked for one sees it, and nobody else ---------------------------------------------------------
@signed_in
@require_GET
def batch_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(queries.batches_page(request.user), BATCHES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "documents/batch_list.html", {"page": page})


@signed_in
@require_GET
def batch_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = get_object_or_404(queries.batches_page(request.user), pk=pk)
    context = {"batch": batch, **_progress(batch)}
    return htmx.page(request, "documents/batch_page.html", "batch", context)


def _progress(batch: LetterBatch) -> dict[str, object]:
    """How far the work on a batch is, in numbers and in words."""
    if batch.state != BatchState.MAKING:
        return {"percent": 0, "doing": ""}
    job = queries.job_of(batch)
    if job is None or job.state == JobState.QUEUED:
        return {"percent": 0, "doing": "En attente d’un moment de libre…"}
    return {"percent": job.percent, "doing": f"Mise en page : {job.percent} %"}


@signed_in
@require_GET
def batch_download(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    batch = get_object_or_404(queries.batches_page(request.user), pk=pk, state=BatchState.READY)
    key = {"pdf": batch.pdf, "zip": batch.archive}.get(form)
    if key is None or not default_storage.exists(key):
        raise Http404
    name = f"courriers-{timezone.localtime(batch.asked_at):%Y-%m-%d-%Hh%M}.{form}"
    with default_storage.open(key) as file:  # some megabytes at most: under ASGI, Django would read it whole as well
        return download(file.read(), name)


@signed_in
@require_POST
def batch_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = get_object_or_404(LetterBatch.objects.editable_by(request.user), pk=pk)
    with refusals_above(request):
        actions.retry_batch(batch=batch, by=request.user)
    return redirect("documents:batch_page", pk=pk)


@signed_in
@require_POST
def batch_forget(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = get_object_or_404(LetterBatch.objects.editable_by(request.user), pk=pk)
    actions.forget_batch(batch=batch, by=request.user)
    messages.success(request, "Ces courriers sont effacés.")
    return redirect("documents:batch_list")


# --- Verification: public ---------------------------------------------------------------------------------------------
def _too_many(request: HttpRequest) -> HttpResponse | None:
    """A visitor who tries many codes waits; somebody who is signed in is known anyway."""
    if request.user.is_authenticated:
        return None
    return ratelimit.consume_or_429(request, action="verify_document", config=RATE, limit_get=True)


@public
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if refused := _too_many(request):
            return refused
        if form.is_valid():
            return redirect("documents:verify_document", code=rules.grouped(form.cleaned_data["code"]))
    return render(request, "documents/verify.html", {"form": form}, status=422 if form.is_bound else 200)


@public
@require_GET
def verify_document(request: HttpRequest, code: str) -> HttpResponse:
    if refused := _too_many(request):
        return refused
    document = queries.issued(code)
    context = {
        "document": document,
        "form": CodeForm(initial={"code": code[:80]}),
        "code": rules.grouped(document.code) if document else "",
        "is_valid": bool(document and document.is_valid_on(timezone.localdate())),
        "may_withdraw": bool(document and queries.may_withdraw(document, request.user)),
        "kept_years": rules.ISSUED_KEPT_YEARS,
    }
    response = render(request, "documents/verify_document.html", context, status=200 if document else 404)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@signed_in
@require_POST
def document_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(IssuedDocument.objects.editable_by(request.user), pk=pk)
    actions.withdraw(document=document, by=request.user)
    return redirect("documents:verify_document", code=rules.grouped(document.code))


@signed_in
@require_POST
def document_restore(request: HttpRequest, pk: int) -> HttpResponse:
    document = get_object_or_404(IssuedDocument.objects.editable_by(request.user), pk=pk)
    actions.restore(document=document, by=request.user)
    return redirect("documents:verify_document", code=rules.grouped(document.code))
