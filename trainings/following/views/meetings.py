"""The dates of a session, and who was there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.french import ending
from circo.refusals import refusals_above, refusals_in
from trainings.following import actions, queries
from trainings.following.forms import DateForm, PresencesForm
from trainings.following.views.sessions import session_of, show
from trainings.models import SessionDate


@signed_in
@require_POST
def date_add(request: HttpRequest, pk: int) -> HttpResponse:
    session, form = session_of(request, pk), DateForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.add_date(session=session, **form.asked, by=request.user)
            messages.success(request, "La date est dans l’agenda de celles et ceux qui suivent cette session.")
            return redirect("trainings:session_page", pk)
    return show(request, session, form, status=422)


@signed_in
@require_POST
def date_remove(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(SessionDate.objects.editable_by(request.user), pk=pk)
    with refusals_above(request):
        actions.remove_date(session_date=one, by=request.user)
        return redirect(reverse("trainings:session_page", args=[one.session_id], query={"retiree": pk}))
    return redirect("trainings:session_page", one.session_id)


@signed_in
@require_POST
def date_restore(request: HttpRequest, pk: int) -> HttpResponse:
    one = get_object_or_404(SessionDate.objects.restorable_by(request.user), pk=pk)
    with refusals_above(request):
        actions.restore_date(session_date=one, by=request.user)
    return redirect("trainings:session_page", one.session_id)


# --- Who was there ----------------------------------------------------------------------------------------------------
def _led(request: HttpRequest, pk: int) -> SessionDate:
    return get_object_or_404(SessionDate.objects.led_by(request.user).select_related("session"), pk=pk)


def _presences(request: HttpRequest, one: SessionDate, form: PresencesForm, status: int = 200) -> HttpResponse:
    context = {"date": one, "form": form}
    return htmx.page(request, "trainings/following/presences.html", "form", context, status=status)


@signed_in
@require_safe
def presence_list(request: HttpRequest, pk: int) -> HttpResponse:
    one = _led(request, pk)
    return _presences(request, one, PresencesForm(learners=queries.may_be_noted(one, request.user)))


@signed_in
@require_POST
def presence_save(request: HttpRequest, pk: int) -> HttpResponse:
    one = _led(request, pk)
    form = PresencesForm(request.POST, learners=queries.may_be_noted(one, request.user))
    if form.is_valid():
        with refusals_in(form):
            noted = actions.note_presences(session_date=one, present=form.cleaned_data["present"], by=request.user)
            messages.success(request, f"{noted}\u00a0présence{ending(noted)} notée{ending(noted)}.")
            return redirect("trainings:session_page", one.session_id)
    return _presences(request, one, form, status=422)


@signed_in
@require_POST
def presence_say(request: HttpRequest, pk: int) -> HttpResponse:
    """A learner says to have been there."""
    seen = SessionDate.objects.attended_by(request.user).kept().select_related("session__version")
    one = get_object_or_404(seen, pk=pk)
    with refusals_above(request):
        actions.say_present(session_date=one, by=request.user)
        messages.success(request, "C’est dit. La personne qui accompagne la session n’a plus qu’à le noter.")
    return redirect(reverse("trainings:path_show", args=[one.session.version.path_id]) + "#session")
