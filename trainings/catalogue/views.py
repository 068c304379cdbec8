"""The catalogue, the words that one leaves on a path, and those that the team hides."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from trainings.catalogue import actions, queries
from trainings.catalogue.forms import HideForm, ReviewForm
from trainings.learning.views.paths import enrolment
from trainings.models import Enrolment, PathReview


@signed_in
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    context = {"page": queries.catalogue_page(request.user, request.GET)}
    return htmx.page(request, "trainings/catalogue/list.html", "rows", context)


# --- One's own word ---------------------------------------------------------------------------------------------------
def _own(request: HttpRequest, pk: int) -> PathReview:
    return get_object_or_404(PathReview.objects.editable_by(request.user), enrolment__path=pk)


def _edit(request: HttpRequest, row: Enrolment, form: ReviewForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"enrolment:{row.pk}/review")
    own = PathReview.objects.editable_by(request.user).filter(enrolment=row).first()
    context = {"form": form, "enrolment": row, "own": own}
    return htmx.page(request, "trainings/catalogue/review_edit.html", "form", context, status=status)


@signed_in
@require_safe
def review_edit(request: HttpRequest, pk: int) -> HttpResponse:
    row = enrolment(request, pk)
    own = PathReview.objects.editable_by(request.user).filter(enrolment=row).values(*ReviewForm.base_fields).first()
    return _edit(request, row, ReviewForm(initial=own))


def _said(pk: int, query: str = "") -> HttpResponse:
    return redirect(f"{reverse('trainings:path_show', args=[pk])}{query}#mots")


@signed_in
@require_POST
@forgets_draft
def review_save(request: HttpRequest, pk: int) -> HttpResponse:
    row = enrolment(request, pk)
    form = ReviewForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.say(enrolment=row, **form.cleaned_data, by=request.user)
            messages.success(request, "Merci\u00a0! Votre mot aidera d’autres à choisir.")
            return _said(pk)
    return _edit(request, row, form, status=422)


@signed_in
@require_POST
def review_remove(request: HttpRequest, pk: int) -> HttpResponse:
    review = _own(request, pk)
    with refusals_above(request):
        actions.remove(review=review, by=request.user)
        return _said(pk, "?retire=1")
    return _said(pk)


@signed_in
@require_POST
def review_restore(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(PathReview.objects.restorable_by(request.user), enrolment__path=pk)
    with refusals_above(request):
        actions.restore(review=review, by=request.user)
    return _said(pk)


# --- Those of others, for the team ------------------------------------------------------------------------------------
def _moderated(request: HttpRequest, pk: int) -> PathReview:
    rows = PathReview.objects.moderated_by(request.user)
    return get_object_or_404(rows.select_related("enrolment__person", "enrolment__version"), pk=pk)


def _page(request: HttpRequest, review: PathReview, form: HideForm, status: int = 200) -> HttpResponse:
    context = {"review": review, "form": form}
    return htmx.page(request, "trainings/catalogue/review_page.html", "form", context, status=status)


@requires(Permission.MANAGE_GROUPS)
@require_safe
def review_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _moderated(request, pk), HideForm())


@requires(Permission.MANAGE_GROUPS)
@require_POST
def review_hide(request: HttpRequest, pk: int) -> HttpResponse:
    review, form = _moderated(request, pk), HideForm(request.POST)
    if form.is_valid():
        with refusals_in(form, "reason"):
            actions.hide(review=review, reason=form.cleaned_data["reason"], by=request.user)
            return _said(review.enrolment.path_id, f"?masque={pk}")
    return _page(request, review, form, status=422)


@requires(Permission.MANAGE_GROUPS)
@require_POST
def review_show(request: HttpRequest, pk: int) -> HttpResponse:
    review = _moderated(request, pk)
    with refusals_above(request):
        actions.show(review=review, by=request.user)
    return _said(review.enrolment.path_id)
