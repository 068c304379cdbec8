"""One's own data: what is kept, and the archive of it."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, registries
from circo.access import signed_in
from circo.downloads import download
from circo.models import DataExport, ExportState
from circo.personal import actions, queries


@signed_in
@require_safe
def data_page(request: HttpRequest) -> HttpResponse:
    context = {"page": queries.data_page(request.user), "holdings": registries.holdings()}
    return htmx.page(request, "personal/data_page.html", "export", context)


@signed_in
@require_POST
def data_export(request: HttpRequest) -> HttpResponse:
    actions.start_export(by=request.user)
    return redirect("personal:data_page")


@signed_in
@require_safe
def data_download(request: HttpRequest) -> HttpResponse:
    export = get_object_or_404(DataExport.objects.visible_to(request.user), state=ExportState.READY)
    if not default_storage.exists(export.archive):
        raise Http404
    name = f"mes-donnees-{timezone.localtime(export.asked_at):%Y-%m-%d}.zip"
    with default_storage.open(export.archive) as file:
        return download(file.read(), name)  # text alone, compressed: some megabytes at most


@signed_in
@require_POST
def data_forget(request: HttpRequest) -> HttpResponse:
    export = get_object_or_404(DataExport.objects.editable_by(request.user))
    actions.forget_export(export=export, by=request.user)
    messages.success(request, "Cette archive est effacée.")
    return redirect("personal:data_page")
