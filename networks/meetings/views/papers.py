"""Minutes and documents."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx, parcels
from circo.access import signed_in
from circo.attaching import rules as attaching
from circo.drafts.forms import followed, forgets_draft
from circo.errors import Refusal
from circo.refusals import refusals_in
from networks.meetings import actions, keeping
from networks.meetings.forms import DocumentForm, MinutesForm
from networks.meetings.views.common import attended, parents_of, to_meeting
from networks.meetings.views.pages import show
from networks.models import Meeting, MeetingDocument

MINUTES = "networks/meetings/minutes.html"


def _minutes(request: HttpRequest, meeting: Meeting, form: MinutesForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"meeting:{meeting.pk}/minutes", over=meeting)
    context = {"meeting": meeting, "form": form, "parents": parents_of(meeting.group, meeting)}
    return htmx.page(request, MINUTES, "form", context, status=status)


@signed_in
@require_safe
def minutes_edit(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = attended(request, pk)
    return _minutes(request, meeting, MinutesForm(initial=_held(meeting)))


def _held(meeting: Meeting) -> dict:
    return {"text": meeting.minutes or meeting.agenda, "revision": meeting.minutes_revision}


@signed_in
@require_POST
@forgets_draft
def minutes_save(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = attended(request, pk)
    form = MinutesForm(request.POST)
    if form.is_valid():
        try:
            actions.write_minutes(meeting=meeting, by=request.user, **form.cleaned_data)
            return to_meeting(pk, "ecrit", "compte-rendu")
        except Refusal as refusal:
            # What was typed, over what somebody else has written meanwhile: to save again is to have read it.
            typed = request.POST.copy()
            typed["revision"] = str(attended(request, pk).minutes_revision)
            form = MinutesForm(typed)
            form.add_error(None, str(refusal))
    return _minutes(request, meeting, form, status=422)


@signed_in
@require_POST
def document_attach(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = attended(request, pk)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form, "file"):
            actions.attach(meeting=meeting, file=form.cleaned_data["file"], by=request.user)
            return to_meeting(pk, "joint", "documents")
    return show(request, meeting, document=form, status=422)


@signed_in
@require_safe
def document_file(request: HttpRequest, pk: int, document_id: UUID) -> HttpResponseBase:
    document = get_object_or_404(MeetingDocument.objects.visible_to(request.user), meeting_id=pk, pk=document_id)
    kind = attaching.Kind(document.kind)
    parcel = parcels.Parcel(keeping.key_of(document), attaching.CONTENT_TYPES[kind], name=document.name)
    return parcels.give(parcel, request)


def _document(request: HttpRequest, pk: int, document_id: UUID) -> MeetingDocument:
    return get_object_or_404(MeetingDocument.objects.editable_by(request.user), meeting_id=pk, pk=document_id)


@signed_in
@require_POST
def document_remove(request: HttpRequest, pk: int, document_id: UUID) -> HttpResponse:
    actions.remove_document(document=_document(request, pk, document_id), by=request.user)
    address = reverse("networks:meeting_page", args=[pk], query={"retire": str(document_id)})
    return redirect(f"{address}#documents")


@signed_in
@require_POST
def document_restore(request: HttpRequest, pk: int, document_id: UUID) -> HttpResponse:
    actions.restore_document(document=_document(request, pk, document_id), by=request.user)
    return to_meeting(pk, "", "documents")
