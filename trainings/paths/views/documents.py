"""The pictures and documents of steps: attached by authors, read by whoever reads the step."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import parcels
from circo.access import Permission, requires, signed_in
from circo.attaching import rules as attaching
from circo.refusals import refusals_above, refusals_in
from trainings import documents
from trainings.models import StepDocument
from trainings.paths.actions import contents as actions
from trainings.paths.forms.contents import DocumentForm
from trainings.paths.rules import H5P
from trainings.paths.views.steps import show, step_of


@signed_in
@require_safe
def step_document(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """A picture is shown in the page; the others are taken away."""
    document = get_object_or_404(StepDocument.objects.visible_to(request.user).exclude(kind=H5P), pk=pk)
    kind = attaching.Kind(document.kind)
    key, name = documents.key_of(document.sha256, kind), "" if document.is_picture else document.name
    cache = parcels.KEPT_BY_THE_BROWSER if document.is_picture else parcels.KEPT_BY_NOBODY
    return parcels.give(parcels.Parcel(key, attaching.CONTENT_TYPES[kind], cache, name), request)


@requires(Permission.WRITE_PATHS)
@require_POST
def document_attach(request: HttpRequest, pk: int) -> HttpResponse:
    step, form = step_of(request, pk), DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form, "file"):
            actions.attach(step=step, **form.cleaned_data, by=request.user)
            return redirect(f"{reverse('trainings:step_edit', args=[pk])}#documents")
    return show(request, step, status=422, document_form=form)


@requires(Permission.WRITE_PATHS)
@require_POST
def document_describe(request: HttpRequest, pk: UUID) -> HttpResponse:
    document = _mine(request, pk)
    with refusals_above(request):
        actions.describe_picture(document=document, alt=request.POST.get("alt", "")[:300], by=request.user)
    return redirect(f"{reverse('trainings:step_edit', args=[document.step_id])}#documents")


@requires(Permission.WRITE_PATHS)
@require_POST
def document_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    document = _mine(request, pk)
    query = {}
    with refusals_above(request):
        query["retire"] = actions.remove(part=document, by=request.user).pk
    return redirect(reverse("trainings:step_edit", args=[document.step_id], query=query))


def _mine(request: HttpRequest, pk: UUID) -> StepDocument:
    rows = StepDocument.objects.editable_by(request.user).select_related("step__module__version")
    return get_object_or_404(rows, pk=pk)
