"""Between a learner and who accompanies: agree to be followed, or no longer; a word."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from trainings.following import actions
from trainings.following.forms import WordForm
from trainings.learning.views.paths import enrolment
from trainings.models import Enrolment


def _followed(request: HttpRequest, pk: int, enrolment_id: int) -> Enrolment:
    rows = Enrolment.objects.followed_by(request.user).select_related("person", "session")
    return get_object_or_404(rows, session=pk, pk=enrolment_id)


def _word(request: HttpRequest, row: Enrolment, form: WordForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"enrolment:{row.pk}/word")
    context = {"learner": row, "form": form}
    return htmx.page(request, "trainings/following/word.html", "form", context, status=status)


@signed_in
@require_safe
def word_new(request: HttpRequest, pk: int, enrolment_id: int) -> HttpResponse:
    return _word(request, _followed(request, pk, enrolment_id), WordForm())


@signed_in
@require_POST
@forgets_draft
def word_send(request: HttpRequest, pk: int, enrolment_id: int) -> HttpResponse:
    row, form = _followed(request, pk, enrolment_id), WordForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.write(enrolment=row, text=form.cleaned_data["text"], by=request.user)
            messages.success(request, f"Votre mot est parti à {row.person}.")
            return redirect("trainings:session_page", pk)
    return _word(request, row, form, status=422)


@signed_in
@require_POST
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree that who accompanies sees how far one is, or stop it."""
    row = enrolment(request, pk)
    with refusals_above(request):
        actions.agree(enrolment=row, tutor_id=number_in(request.POST.get("suivi")), by=request.user)
    return redirect(reverse("trainings:path_show", args=[pk]) + "#session")
