"""What is written around a placement: visits of the tutor, reviews, one's own log."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from circo.rules import number_in
from partnerships.models import LogEntry, PlacementReview, PlacementStudent, TutorVisit
from partnerships.placements.actions import notes
from partnerships.placements.forms import LogForm, ReviewForm, VisitForm
from partnerships.placements.queries import pages
from partnerships.placements.views.one import coordinated, parents, show, to_page

LOG = "partnerships/placements/log.html"
PAGE_OF_LOG = "partnerships/placements/log_edit.html"
REVIEW = "partnerships/placements/review.html"


# --- Visits of the tutor ----------------------------------------------------------------------------------------------
@signed_in
@require_POST
def visit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    placement = coordinated(request, pk)
    page = pages.placement_page(placement, request.user)
    form = VisitForm(request.POST, lines=[one for one in page.coming if one.standing])
    if form.is_valid():
        with refusals_in(form):
            notes.plan_visit(placement=placement, half_day=form.chosen(), by=request.user)
            return to_page(pk, "visite")
    return show(request, placement, visit_form=form, status=422)


@signed_in
@require_POST
def visit_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    visit = get_object_or_404(TutorVisit.objects.editable_by(request.user).select_related("placement", "tutor"), pk=pk)
    notes.call_visit_off(visit=visit, by=request.user)
    return to_page(visit.placement_id, "visite-annulee")


# --- Reviews ----------------------------------------------------------------------------------------------------------
def _of(request: HttpRequest, pk: int) -> PlacementStudent:
    rows = PlacementStudent.objects.visible_to(request.user).select_related(
        "placement__offer__person", "placement__offer__school", "student__person"
    )
    return get_object_or_404(rows, pk=pk)


def _reviewed(request: HttpRequest, pk: int) -> tuple[PlacementStudent, PlacementReview]:
    of = _of(request, pk)
    if request.user.pk not in notes.reviewers(of.placement):
        raise Http404
    mine = PlacementReview.objects.visible_to(request.user).filter(of=of, author=request.user).first()
    return of, mine or PlacementReview(of=of, author=request.user)


def _review(request: HttpRequest, of: PlacementStudent, form: ReviewForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"placement:{of.pk}/review", over=form.instance)
    way = parents(of.placement, request.user, page=True)
    context = {"of": of, "review": form.instance, "form": form, "parents": way}
    return htmx.page(request, REVIEW, "form", context, status=status)


@signed_in
@require_safe
def review_edit(request: HttpRequest, pk: int) -> HttpResponse:
    of, review = _reviewed(request, pk)
    return _review(request, of, ReviewForm(instance=review))


@signed_in
@require_POST
@forgets_draft
def review_write(request: HttpRequest, pk: int) -> HttpResponse:
    of, review = _reviewed(request, pk)
    form = ReviewForm(request.POST, instance=review)
    if form.is_valid():
        with refusals_in(form):
            written = notes.write_review(of=of, by=request.user, **form.cleaned_data)
            if "donner" in request.POST:
                notes.give_review(review=written, by=request.user)
            return to_page(of.placement_id, "bilan")
    return _review(request, of, form, 422)


# --- The log ----------------------------------------------------------------------------------------------------------
def _own(request: HttpRequest, pk: int) -> PlacementStudent:
    of = _of(request, pk)
    if of.student.person_id != request.user.pk:
        raise Http404
    return of


def _to_log(of_pk: int, done: str) -> HttpResponse:
    return redirect(reverse("partnerships:log_page", args=[of_pk], query={"fait": done}))


def _log(request: HttpRequest, of: PlacementStudent, form: LogForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"placement:{of.pk}/log")
    done, _, number = request.GET.get("fait", "").partition("-")
    context = {
        "of": of,
        "entries": list(LogEntry.objects.editable_by(request.user).standing().filter(of=of)),
        "form": form,
        "done": done,
        "number": number_in(number),
        "parents": parents(of.placement, request.user, page=True),
    }
    return htmx.page(request, LOG, "log", context, status=status)


@signed_in
@require_safe
def log_page(request: HttpRequest, pk: int) -> HttpResponse:
    of = _own(request, pk)
    return _log(request, of, LogForm(instance=LogEntry(of=of, day=timezone.localdate())))


@signed_in
@require_POST
@forgets_draft
def log_write(request: HttpRequest, pk: int) -> HttpResponse:
    of = _own(request, pk)
    form = LogForm(request.POST, instance=LogEntry(of=of))
    if form.is_valid():
        with refusals_in(form):
            notes.write_log(of=of, by=request.user, **form.cleaned_data)
            return _to_log(pk, "ecrit")
    return _log(request, of, form, 422)


def _entry(request: HttpRequest, pk: int) -> LogEntry:
    rows = LogEntry.objects.editable_by(request.user)
    return get_object_or_404(rows.select_related("of__placement", "of__student__person"), pk=pk)


def _edit(request: HttpRequest, entry: LogEntry, form: LogForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"log:{entry.pk}", over=entry)
    way = [
        *parents(entry.of.placement, request.user, page=True),
        ("Mon carnet", reverse("partnerships:log_page", args=[entry.of_id])),
    ]
    return htmx.page(request, PAGE_OF_LOG, "form", {"entry": entry, "form": form, "parents": way}, status=status)


@signed_in
@require_safe
def log_edit(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    return _edit(request, entry, LogForm(instance=entry))


@signed_in
@require_POST
@forgets_draft
def log_update(request: HttpRequest, pk: int) -> HttpResponse:
    entry = _entry(request, pk)
    form = LogForm(request.POST, instance=_entry(request, pk))
    if form.is_valid():
        with refusals_in(form):
            notes.write_log(of=entry.of, entry=entry, by=request.user, **form.cleaned_data)
            return _to_log(entry.of_id, "ecrit")
    return _edit(request, entry, form, 422)


@signed_in
@require_POST
def log_remove(request: HttpRequest, pk: int) -> HttpResponse:
    entry = notes.remove_log(entry=_entry(request, pk), by=request.user)
    return _to_log(entry.of_id, f"retire-{pk}")


@signed_in
@require_POST
def log_restore(request: HttpRequest, pk: int) -> HttpResponse:
    entry = notes.restore_log(entry=_entry(request, pk), by=request.user)
    return _to_log(entry.of_id, "remis")
