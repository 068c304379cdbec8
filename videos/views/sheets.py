"""Practice sheets."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, parcels, writing
from circo.access import Permission, requires, signed_in
from circo.attaching import rules as attaching
from circo.documents.pacing import paced
from circo.downloads import download
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from videos import actions, queries
from videos.forms.sheets import DocumentForm, SheetForm
from videos.models import PracticeSheet, SheetDocument
from videos.sheets import keeping, printing


@signed_in
@require_safe
def sheet_list(request: HttpRequest) -> HttpResponse:
    asked = {"number": request.GET.get("page", ""), "removed": number_in(request.GET.get("retire"))}
    return htmx.page(
        request, "videos/sheets/sheet_list.html", "rows", {"page": queries.sheet_list_page(request.user, **asked)}
    )


def _form(request: HttpRequest, form: SheetForm, sheet: PracticeSheet | None = None, status: int = 200) -> HttpResponse:
    return htmx.page(request, "videos/sheets/sheet_form.html", "form", {"form": form, "sheet": sheet}, status=status)


def _written(request: HttpRequest, form: SheetForm, sheet: PracticeSheet | None = None) -> HttpResponse:
    if form.is_valid():
        with refusals_in(form):
            text = actions.SheetText(**form.cleaned_data)
            written = actions.write_sheet(sheet=sheet, text=text, by=request.user)
            return redirect("videos:sheet_page", written.pk)
    return _form(request, form, sheet, status=422)


@requires(Permission.WATCH_FILMS)
@require_safe
def sheet_new(request: HttpRequest) -> HttpResponse:
    return _form(request, SheetForm(person=request.user))


@requires(Permission.WATCH_FILMS)
@require_POST
def sheet_create(request: HttpRequest) -> HttpResponse:
    return _written(request, SheetForm(request.POST, person=request.user))


def _page(
    request: HttpRequest, row: PracticeSheet, form: DocumentForm | None = None, status: int = 200
) -> HttpResponse:
    page = queries.sheet_page(row, request.user, removed=request.GET.get("retire", ""))
    context = {
        "page": page,
        "parts": [(title, writing.to_html(text)) for title, text in page.parts],
        "form": (form or DocumentForm()) if row.is_mine else None,
    }
    return htmx.page(request, "videos/sheets/sheet_page.html", "sheet", context, status=status)


@signed_in
@require_safe
def sheet_page(request: HttpRequest, sheet_id: int) -> HttpResponse:
    return _page(request, get_object_or_404(queries.sheets(request.user), pk=sheet_id))


def _mine(request: HttpRequest, sheet_id: int) -> PracticeSheet:
    return get_object_or_404(queries.sheets(request.user).filter(is_mine=True), pk=sheet_id)


@signed_in
@require_safe
def sheet_edit(request: HttpRequest, sheet_id: int) -> HttpResponse:
    sheet = _mine(request, sheet_id)
    return _form(request, SheetForm(person=request.user, sheet=sheet), sheet)


@signed_in
@require_POST
def sheet_update(request: HttpRequest, sheet_id: int) -> HttpResponse:
    sheet = _mine(request, sheet_id)
    return _written(request, SheetForm(request.POST, person=request.user, sheet=sheet), sheet)


@signed_in
@require_POST
def sheet_remove(request: HttpRequest, sheet_id: int) -> HttpResponse:
    actions.remove_sheet(sheet=_mine(request, sheet_id), by=request.user)
    return redirect(reverse("videos:sheet_list", query={"retire": sheet_id}))


@signed_in
@require_POST
def sheet_restore(request: HttpRequest, sheet_id: int) -> HttpResponse:
    sheet = get_object_or_404(PracticeSheet.objects.restorable_by(request.user), pk=sheet_id)
    actions.restore_sheet(sheet=sheet, by=request.user)
    return redirect("videos:sheet_page", sheet.pk)


@signed_in
@require_safe
@paced
def sheet_pdf(request: HttpRequest, sheet_id: int) -> HttpResponse:
    row = get_object_or_404(queries.sheets(request.user), pk=sheet_id)
    with refusals_above(request):
        return download(printing.report(queries.sheet_page(row, request.user)).pdf(), f"fiche-{row.pk}.pdf")
    return redirect("videos:sheet_page", row.pk)


@signed_in
@require_POST
def sheet_attach(request: HttpRequest, sheet_id: int) -> HttpResponse:
    sheet = _mine(request, sheet_id)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form, "file"):
            actions.attach(sheet=sheet, file=form.cleaned_data["file"], by=request.user)
            return redirect(reverse("videos:sheet_page", args=[sheet.pk]) + "#documents")
    return _page(request, sheet, form, status=422)


@signed_in
@require_safe
def sheet_document(request: HttpRequest, sheet_id: int, document_id: UUID) -> HttpResponseBase:
    document = get_object_or_404(SheetDocument.objects.visible_to(request.user), sheet_id=sheet_id, pk=document_id)
    kind = attaching.Kind(document.kind)
    return parcels.give(
        parcels.Parcel(keeping.key_of(document), attaching.CONTENT_TYPES[kind], name=document.name), request
    )


def _document(request: HttpRequest, sheet_id: int, document_id: UUID) -> SheetDocument:
    return get_object_or_404(SheetDocument.objects.editable_by(request.user), sheet_id=sheet_id, pk=document_id)


@signed_in
@require_POST
def document_remove(request: HttpRequest, sheet_id: int, document_id: UUID) -> HttpResponse:
    actions.remove_document(document=_document(request, sheet_id, document_id), by=request.user)
    return redirect(reverse("videos:sheet_page", args=[sheet_id], query={"retire": str(document_id)}))


@signed_in
@require_POST
def document_restore(request: HttpRequest, sheet_id: int, document_id: UUID) -> HttpResponse:
    actions.restore_document(document=_document(request, sheet_id, document_id), by=request.user)
    return redirect("videos:sheet_page", sheet_id)
