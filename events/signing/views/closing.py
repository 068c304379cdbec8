"""The end of a day, and the certificates of who came."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires, signed_in
from circo.documents import actions as documents
from circo.documents.pacing import paced
from circo.downloads import download
from events.convening.queries import lines_of, own
from events.days.views import opened, prepared, to_day
from events.models import Convocation, SharingDay
from events.signing import actions, certificates, queries


# --- The end of a day -------------------------------------------------------------------------------------------------
@requires(Permission.PREPARE_DAYS)
@require_POST
def day_hold(request: HttpRequest, pk: int) -> HttpResponse:
    actions.hold(day=prepared(request, pk), by=request.user)
    return to_day(pk, "tenue")


@requires(Permission.PREPARE_DAYS)
@require_POST
def day_unhold(request: HttpRequest, pk: int) -> HttpResponse:
    actions.unhold(day=prepared(request, pk), by=request.user)
    return to_day(pk, "rouverte")


@requires(Permission.PREPARE_DAYS)
@require_POST
def day_close(request: HttpRequest, pk: int) -> HttpResponse:
    actions.close(day=prepared(request, pk), by=request.user)
    return to_day(pk, "close")


@requires(Permission.PREPARE_DAYS)
@require_POST
def day_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    actions.reopen(day=prepared(request, pk), by=request.user)
    return to_day(pk, "rouverte")


# --- Certificates -----------------------------------------------------------------------------------------------------
@requires(Permission.CONVENE)
@require_POST
def certificate_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the certificates that are missing, and have all of them made: one file to print, an archive of each."""
    day = prepared(request, pk)
    get_object_or_404(SharingDay.objects.visible_to(request.user).sendable_by(request.user), pk=pk)
    actions.certify(day=day, by=request.user)
    letters = certificates.certificates(day, lines_of(day, queries.called(day)), queries.presences_of(day))
    title = f"Attestations de présence, {day.on:%d/%m/%Y}"
    batch = documents.start_batch(title=title, letters=letters, by=request.user)
    return redirect("documents:batch_page", pk=batch.pk)


@signed_in
@require_safe
@paced
def certificate_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    day = opened(request, pk)
    mine = own(day, request.user)
    lines = lines_of(day, Convocation.objects.visible_to(request.user).called().filter(pk=mine.pk if mine else None))
    letter = next(iter(certificates.certificates(day, lines, queries.presences_of(day))), None)
    if letter is None:
        raise Http404
    return download(letter.pdf(), f"attestation-{day.on}.pdf")
