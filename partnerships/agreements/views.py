"""The pages of yearly agreements: both sides write them, the teams of the département read them."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.models import Institution
from circo.moves import moves_from
from circo.refusals import refusals_above, refusals_in
from partnerships.agreements import actions, queries
from partnerships.agreements.forms import AgreementForm, EndForm, SignatoryForm, SignedForm
from partnerships.agreements.rules import MOVES, AgreementState, Verb
from partnerships.cohorts import queries as cohorts
from partnerships.models import AgreementSignature, PartnerAgreement

PAGE, EDIT = "partnerships/agreements/page.html", "partnerships/agreements/edit.html"
PER_PAGE = 40


def _parents(agreement: PartnerAgreement | None = None) -> list[tuple[str, str]]:
    found = [("Conventions de partenariat", reverse("partnerships:agreement_list"))]
    if agreement is not None and agreement.pk:
        found.append((str(agreement), reverse("partnerships:agreement_page", args=[agreement.pk])))
    return found


@signed_in
@require_safe
def agreement_list(request: HttpRequest) -> HttpResponse:
    if not (request.user.reach().can(Permission.VIEW_TEAM) or request.user.reach().can(Permission.MANAGE_STUDENTS)):
        raise Http404
    page = Paginator(queries.agreements(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "institutions": list(cohorts.institutions(request.user))}
    return htmx.page(request, "partnerships/agreements/list.html", "rows", context)


def _edit(request: HttpRequest, form: AgreementForm, status: int = 200) -> HttpResponse:
    row = form.instance
    place = f"agreement:{row.pk or f'new-{row.institution_id}'}"
    followed(form, request, place, over=row if row.pk else None)
    created = reverse("partnerships:agreement_create", args=[row.institution_id])
    context = {
        "form": form,
        "agreement": row,
        "action": reverse("partnerships:agreement_update", args=[row.pk]) if row.pk else created,
        "parents": _parents(row),
    }
    return htmx.page(request, EDIT, "form", context, status=status)


def _new(request: HttpRequest, pk: int) -> PartnerAgreement:
    """An agreement of one of one's institutions, for the year in course, not written yet."""
    institution: Institution = get_object_or_404(cohorts.institutions(request.user), pk=pk)
    year = cohorts.current_year()
    bounds = {"school_year": year, "starts_on": year.first_day, "ends_on": year.last_day} if year else {}
    return PartnerAgreement(institution=institution, **bounds)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def agreement_new(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, AgreementForm(instance=_new(request, pk)))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def agreement_create(request: HttpRequest, pk: int) -> HttpResponse:
    form = AgreementForm(request.POST, instance=_new(request, pk))
    if form.is_valid():
        with refusals_in(form):
            actions.write(agreement=form.instance, by=request.user)
            return redirect("partnerships:agreement_page", pk=form.instance.pk)
    return _edit(request, form, status=422)


def agreement_of(request: HttpRequest, pk: int) -> PartnerAgreement:
    """An agreement that one reads.

    Raises: Http404 else.
    """
    rows = PartnerAgreement.objects.visible_to(request.user).select_related("institution", "departement", "school_year")
    return get_object_or_404(rows, pk=pk)


def _edited(request: HttpRequest, pk: int) -> PartnerAgreement:
    agreement = agreement_of(request, pk)
    if not queries.may_edit(agreement, request.user):
        raise Http404
    return agreement


def _show(
    request: HttpRequest,
    agreement: PartnerAgreement,
    *,
    signatory: SignatoryForm | None = None,
    signed: tuple[int, SignedForm] | None = None,
    end: EndForm | None = None,
    status: int = 200,
) -> HttpResponse:
    may_edit = queries.may_edit(agreement, request.user)
    wrong = dict([signed]) if signed else {}
    rows = [(row, wrong.get(row.pk) or SignedForm(auto_id=f"id_{row.pk}_%s")) for row in queries.signatures(agreement)]
    signatory = signatory or SignatoryForm()
    if may_edit and agreement.is_draft:
        followed(signatory, request, f"agreement:{agreement.pk}/signatory")
    verbs = [verb for verb in moves_from(MOVES, agreement.state) if verb is not Verb.END]
    context = {
        "agreement": agreement,
        "may_edit": may_edit,
        "signatures": rows,
        "signatory_form": signatory,
        "end_form": end or EndForm(),
        "may_end": Verb.END in moves_from(MOVES, agreement.state),
        "takes_signatures": agreement.state in (AgreementState.SENT, AgreementState.SIGNED),
        "moves": [(verb.value, MOVES[verb].label) for verb in verbs],
        "done": request.GET.get("fait", ""),
        "parents": _parents(),
    }
    return htmx.page(request, PAGE, "agreement", context, status=status)


@signed_in
@require_safe
def agreement_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _show(request, agreement_of(request, pk))


@signed_in
@require_safe
def agreement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _edit(request, AgreementForm(instance=_edited(request, pk)))


@signed_in
@require_POST
@forgets_draft
def agreement_update(request: HttpRequest, pk: int) -> HttpResponse:
    form = AgreementForm(request.POST, instance=_edited(request, pk))
    if form.is_valid():
        with refusals_in(form):
            actions.write(agreement=form.instance, by=request.user)
            return _to(pk, "change")
    return _edit(request, form, status=422)


def _to(pk: int, done: str = "") -> HttpResponse:
    return redirect(reverse("partnerships:agreement_page", args=[pk], query={"fait": done} if done else {}))


@signed_in
@require_POST
def agreement_move(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = _edited(request, pk)
    verb = next((one for one in Verb if one.value == request.POST.get("verbe")), None)
    if verb is None:
        raise Http404
    end = EndForm(request.POST) if verb is Verb.END else None
    if end is not None and not end.is_valid():
        return _show(request, agreement, end=end, status=422)
    with refusals_above(request):
        reason = end.cleaned_data["reason"] if end else ""
        actions.move(agreement=agreement, verb=verb, by=request.user, reason=reason)
        return _to(pk, "change")
    return _to(pk)


@signed_in
@require_POST
@forgets_draft
def signatory_add(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = _edited(request, pk)
    form = SignatoryForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.add_signatory(agreement=agreement, by=request.user, **form.cleaned_data)
            return _to(pk)
    return _show(request, agreement, signatory=form, status=422)


def _signature(request: HttpRequest, pk: int) -> AgreementSignature:
    rows = AgreementSignature.objects.editable_by(request.user)
    return get_object_or_404(rows.select_related("agreement"), pk=pk)


@signed_in
@require_POST
def signatory_remove(request: HttpRequest, pk: int) -> HttpResponse:
    signature = _signature(request, pk)
    with refusals_above(request):
        actions.remove_signatory(signature=signature, by=request.user)
    return _to(signature.agreement_id)


@signed_in
@require_POST
def signature_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Note a signature; with « retirer », take it back."""
    signature = _signature(request, pk)
    if request.POST.get("retirer"):
        with refusals_above(request):
            actions.sign(signature=signature, signed_on=None, by=request.user)
        return _to(signature.agreement_id)
    form = SignedForm(request.POST, auto_id=f"id_{pk}_%s")
    if form.is_valid():
        with refusals_in(form, "signed_on"):
            actions.sign(signature=signature, signed_on=form.cleaned_data["signed_on"], by=request.user)
            return _to(signature.agreement_id, "signe")
    agreement = agreement_of(request, signature.agreement_id)
    return _show(request, agreement, signed=(pk, form), status=422)
