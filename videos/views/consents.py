"""The answers of one person filmed, the signed paper, and the link by which a family changes its mind."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from circo import parcels
from circo.access import public, signed_in
from circo.documents.letters import LegalBasis
from circo.errors import Refusal
from circo.refusals import refusals_above, refusals_in
from videos import actions, paths, queries
from videos.consents import letters
from videos.consents.rules import Basis
from videos.forms.consents import AgreementForm
from videos.models import Agreement, Recorded

PAPER_TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg"}


def _recorded(request: HttpRequest, project_id: UUID, recorded_id: int) -> Recorded:
    return get_object_or_404(queries.recorded_page(request.user), project_id=project_id, pk=recorded_id)


def _link(request: HttpRequest, recorded: Recorded) -> str:
    return request.build_absolute_uri(letters.withdrawal_path(recorded))


def _page(request: HttpRequest, recorded: Recorded, form: AgreementForm, status: int = 200) -> HttpResponse:
    is_signed = recorded.project.basis(timezone.localdate()) != Basis.PUBLIC_TASK
    context = {"recorded": recorded, "form": form, "link": _link(request, recorded), "is_signed": is_signed}
    return render(request, "videos/recorded_page.html", context, status=status)


@signed_in
@require_safe
def recorded_page(request: HttpRequest, project_id: UUID, recorded_id: int) -> HttpResponse:
    recorded = _recorded(request, project_id, recorded_id)
    return _page(request, recorded, AgreementForm(recorded=recorded))


def _paper_kept(request: HttpRequest, recorded: Recorded, form: AgreementForm) -> bool:
    """Keep the paper sent with a form that had an error: a browser does not send it twice."""
    file = form.cleaned_data.get("file")
    with suppress(Refusal):
        return bool(file and actions.keep_paper(recorded=recorded, file=file, by=request.user))
    return False


@signed_in
@require_POST
def recorded_agree(request: HttpRequest, project_id: UUID, recorded_id: int) -> HttpResponse:
    recorded = _recorded(request, project_id, recorded_id)
    form = AgreementForm(request.POST, request.FILES, recorded=recorded)
    if form.is_valid():
        data = dict(form.cleaned_data)
        with refusals_in(form):
            actions.agree(recorded=recorded, numbers=data.pop("signers"), by=request.user, **data)
    if form.errors:
        if _paper_kept(request, recorded, form):
            recorded = _recorded(request, project_id, recorded_id)
            form.fields["file"].required = False
            messages.info(request, "Le formulaire signé est gardé\u00a0: inutile de le joindre de nouveau.")
        return _page(request, recorded, form, status=422)
    messages.success(request, f"{recorded.label}\u00a0: l’accord est noté.")
    return redirect("videos:project_page", project_id)


@signed_in
@require_POST
def recorded_decline(request: HttpRequest, project_id: UUID, recorded_id: int, agreement_id: int) -> HttpResponse:
    mine = Agreement.objects.editable_by(request.user).select_related("recorded__project")
    agreement = get_object_or_404(mine, recorded__project_id=project_id, recorded_id=recorded_id, pk=agreement_id)
    actions.decline(agreement=agreement, by=request.user)
    messages.success(request, f"C’est noté. {agreement.recorded.label} n’apparaît plus dans un film montré à d’autres.")
    return redirect("videos:recorded_page", project_id, recorded_id)


@signed_in
@require_POST
def recorded_remove(request: HttpRequest, project_id: UUID, recorded_id: int) -> HttpResponse:
    recorded = _recorded(request, project_id, recorded_id)
    with refusals_above(request):
        actions.remove_recorded(recorded=recorded, by=request.user)
        return redirect("videos:project_page", project_id)
    return redirect("videos:recorded_page", project_id, recorded_id)


@signed_in
@require_safe
@never_cache
def recorded_form(request: HttpRequest, project_id: UUID, recorded_id: int) -> HttpResponse:
    """The form to sign, or the information to read, as a PDF: made anew each time, kept nowhere."""
    recorded = _recorded(request, project_id, recorded_id)
    letter = letters.consent_form(recorded, link=_link(request, recorded))
    name = "autorisation" if letter.legal_basis == LegalBasis.CONSENT else "information"
    pdf = letter.pdf()
    told = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=told)


@signed_in
@require_safe
@never_cache
def scan(request: HttpRequest, scan_id: UUID) -> HttpResponseBase:
    paper = get_object_or_404(queries.scans(request.user), pk=scan_id)
    key = paths.scan_key(paper.recorded.project_id, paper.pk, paper.kind)
    name = f"autorisation-{paper.created_at:%Y-%m-%d}.{paper.kind}"  # no initials: the file leaves the platform
    return parcels.give(parcels.Parcel(key, PAPER_TYPES[paper.kind], name=name), request)


# --- Without an account: whoever holds the secret link of a form ------------------------------------------------------
@public
@require_safe
@never_cache
def withdrawal(request: HttpRequest, key: str) -> HttpResponse:
    page = queries.withdrawal_page(key)
    if page is None:
        return _unknown_link(request)
    return render(request, "videos/withdrawal.html", {"page": page, "key": key})


@public
@require_POST
@never_cache
def withdrawal_confirm(request: HttpRequest, key: str) -> HttpResponse:
    if actions.decline_by_link(key=key) is None:
        return _unknown_link(request)
    return redirect("videos:withdrawal", key)


def _unknown_link(request: HttpRequest) -> HttpResponse:
    """A link copied wrong, in the words of parents: they have no account, and nobody here to ask."""
    return render(request, "videos/withdrawal_unknown.html", status=404)
