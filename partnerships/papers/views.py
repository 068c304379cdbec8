"""The papers of placements: a text for each course, PDFs made while one waits or by a worker, sheets signed by hand or
here, the balance of a year."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.calendar import feed
from circo.documents import actions as documents
from circo.documents.pacing import paced
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.imports import exporting
from circo.models import SchoolYear
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from partnerships.agreements import queries as agreements
from partnerships.agreements.views import agreement_of
from partnerships.cohorts import queries as cohorts
from partnerships.cohorts.views import cohort_of
from partnerships.models import (
    Placement,
    PlacementDay,
    PlacementReview,
    PlacementStudent,
    PlacementTerms,
    Programme,
)
from partnerships.papers import actions, printing, queries, rules
from partnerships.papers.forms import TermsForm
from partnerships.placements import rules as placement_rules
from partnerships.placements.queries import openings, pages

TERMS, SIGNING, BALANCE = (
    "partnerships/papers/terms.html",
    "partnerships/papers/signing.html",
    "partnerships/papers/balance.html",
)


# --- The text of a course’s agreements --------------------------------------------------------------------------------
def _terms(request: HttpRequest, pk: int) -> PlacementTerms:
    """The text of a course, or a new one."""
    programme = get_object_or_404(Programme.objects.editable_by(request.user).select_related("institution"), pk=pk)
    return PlacementTerms.objects.visible_to(request.user).filter(programme=programme).first() or PlacementTerms(
        programme=programme
    )


def _terms_page(request: HttpRequest, form: TermsForm, status: int = 200) -> HttpResponse:
    terms = form.instance
    followed(form, request, f"terms:{terms.programme_id}", over=terms if terms.pk else None)
    home = reverse("partnerships:home", query={"institut": terms.programme.institution_id})
    context = {"form": form, "programme": terms.programme, "parents": [("Stages", home)], "back_url": home}
    return htmx.page(request, TERMS, "form", context, status=status)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def terms_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _terms_page(request, TermsForm(instance=_terms(request, pk)))


@requires(Permission.MANAGE_STUDENTS)
@require_POST
@forgets_draft
def terms_update(request: HttpRequest, pk: int) -> HttpResponse:
    form = TermsForm(request.POST, instance=_terms(request, pk))
    if form.is_valid():
        with refusals_in(form):
            actions.write_terms(terms=form.instance, by=request.user)
            home = {"institut": form.instance.programme.institution_id, "fait": "change"}
            return redirect(reverse("partnerships:home", query=home))
    return _terms_page(request, form, status=422)


# --- Agreements and calendars -----------------------------------------------------------------------------------------
@requires(Permission.MANAGE_STUDENTS)
@require_POST
def agreements_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreements of a whole cohort, by a worker."""
    cohort = cohort_of(request, pk)
    with refusals_above(request):
        letters = printing.agreements(list(queries.of_cohort(cohort)))
        batch = documents.start_batch(title=f"Conventions de stage, {cohort}", letters=letters, by=request.user)
        return redirect("documents:batch_page", pk=batch.pk)
    return redirect("partnerships:cohort_page", pk=pk)


@requires(Permission.MANAGE_STUDENTS)
@require_POST
def calendar_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The calendar of a whole cohort, by a worker."""
    cohort = cohort_of(request, pk)
    with refusals_above(request):
        letter = printing.calendar(f"Calendrier des stages, {cohort}", [(str(cohort), list(queries.of_cohort(cohort)))])
        batch = documents.start_batch(title=f"Calendrier des stages, {cohort}", letters=[letter], by=request.user)
        return redirect("documents:batch_page", pk=batch.pk)
    return redirect("partnerships:cohort_page", pk=pk)


@requires(Permission.MANAGE_STUDENTS)
@require_safe
def cohort_ical(request: HttpRequest, pk: int) -> HttpResponse:
    cohort = cohort_of(request, pk)
    events = queries.events(list(queries.of_cohort(cohort)))
    return download(feed.file_of(events, f"Stages, {cohort}"), f"stages-{cohort.pk}.ics")


@signed_in
@require_safe
@paced
def own_calendar(request: HttpRequest) -> HttpResponse:
    """What one goes to, receives or lets into one’s school."""
    letter = printing.calendar("Calendrier de mes stages", queries.own_calendar(request.user))
    return download(letter.pdf(), "calendrier-stages.pdf")


@signed_in
@require_safe
def own_ical(request: HttpRequest) -> HttpResponse:
    found = {one.pk: one for _, some in queries.own_calendar(request.user) for one in some}
    return download(feed.file_of(queries.events(list(found.values())), "Stages"), "stages.ics")


def _placement(request: HttpRequest, pk: int) -> Placement:
    """One that this person sees, once class and school know."""
    rows = openings.placements().visible_to(request.user).filter(state__in=sorted(placement_rules.TOLD))
    return get_object_or_404(rows, pk=pk)


@signed_in
@require_safe
@paced
def agreement_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement of the first student, or of the one that is asked: each has one’s own, and reads no other."""
    placement = _placement(request, pk)
    own = pages.own_rank(placement, request.user)
    with refusals_above(request):
        rank = own or number_in(request.GET.get("rang")) or 1
        letters = printing.agreements([placement], rank=rank) or printing.agreements([placement])
        return download(letters[0].pdf(), f"convention-stage-{pk}-{rank}.pdf")
    return redirect("partnerships:placement_page", pk=pk)


@signed_in
@require_POST
def agreement_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that a student’s agreement came back signed; with « retirer », that it did not."""
    row = get_object_or_404(PlacementStudent.objects.editable_by(request.user), pk=pk)
    is_signed = not request.POST.get("retirer")
    done = {"fait": f"convention_{pk}" if is_signed else "convention-retiree"}
    with refusals_above(request):
        actions.note_agreement(of=row, by=request.user, is_signed=is_signed)
        return redirect(reverse("partnerships:placement_page", args=[row.placement_id], query=done))
    return redirect("partnerships:placement_page", pk=row.placement_id)


@signed_in
@require_safe
@paced
def placement_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    placement = _placement(request, pk)
    letter = printing.calendar("Calendrier de stage", [(placement.names, [placement])])
    return download(letter.pdf(), f"calendrier-stage-{pk}.pdf")


@signed_in
@require_POST
def sheets_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet a week, by a worker."""
    placement = _placement(request, pk)
    with refusals_above(request):
        letters = printing.sheets(placement)
        batch = documents.start_batch(title=f"Feuilles d’émargement, stage {pk}", letters=letters, by=request.user)
        return redirect("documents:batch_page", pk=batch.pk)
    return redirect("partnerships:signing", pk=pk)


@signed_in
@require_safe
@paced
def review_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviews that this person reads; else a form to fill by hand."""
    placement = _placement(request, pk)
    given = PlacementReview.objects.visible_to(request.user).filter(of__placement=placement, given_at__isnull=False)
    letter = printing.review(placement, list(given.select_related("of__student__person", "author")))
    return download(letter.pdf(), f"bilan-stage-{pk}.pdf")


@signed_in
@require_safe
@paced
def yearly_paper(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = agreement_of(request, pk)
    letter = printing.yearly_agreement(agreement, agreements.signatures(agreement))
    return download(letter.pdf(), f"convention-{pk}.pdf")


# --- Signatures -------------------------------------------------------------------------------------------------------
@signed_in
@require_safe
def signing(request: HttpRequest, pk: int) -> HttpResponse:
    placement = _placement(request, pk)
    context = {
        "placement": placement,
        "rows": queries.to_sign(placement, request.user, timezone.localdate()),
        "done": request.GET.get("fait", ""),
        "number": number_in(request.GET.get("numero")),
        "parents": [(placement.title, reverse("partnerships:placement_page", args=[pk]))],
    }
    return htmx.page(request, SIGNING, "signing", context)


@signed_in
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign a half-day; with « retirer », take one’s signature back."""
    row = get_object_or_404(PlacementDay.objects.visible_to(request.user), pk=pk)
    is_signed = not request.POST.get("retirer")
    with refusals_above(request):
        actions.sign(day=row, by=request.user, is_signed=is_signed)
        done = {"fait": "signe" if is_signed else "retire", "numero": row.pk}
        return redirect(reverse("partnerships:signing", args=[row.placement_id], query=done))
    return redirect("partnerships:signing", pk=row.placement_id)


# --- The balance of a year --------------------------------------------------------------------------------------------
def _year(request: HttpRequest) -> SchoolYear:
    """The school year that is asked, or the one in course; whoever reads no placements reads no balance."""
    reach = request.user.reach()
    if not (reach.can(Permission.VIEW_TEAM) or reach.can(Permission.MANAGE_STUDENTS)):
        raise Http404
    asked = number_in(request.GET.get("annee"))
    year = SchoolYear.objects.visible_to(request.user).filter(pk=asked).first() if asked else cohorts.current_year()
    if year is None:
        raise Http404
    return year


@signed_in
@require_safe
def balance(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    context = {
        "year": year,
        "years": list(SchoolYear.objects.visible_to(request.user).order_by("-first_day")),
        "rows": queries.balances(request.user, year),
        "parents": [],
    }
    return htmx.page(request, BALANCE, "balance", context)


@signed_in
@require_safe
def balance_table(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    rows = rules.balance_rows(queries.balances(request.user, year))
    return download(exporting.to_csv(rows), f"bilan-stages-{year}.csv")


@signed_in
@require_safe
@paced
def balance_paper(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    letter = printing.balance(str(year), queries.balances(request.user, year))
    return download(letter.pdf(), f"bilan-stages-{year}.pdf")
