"""The programme of a day, shown, and the seats of its workshops, given by the team."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from circo.access import Permission, requires
from circo.refusals import refusals_in
from events.days.views import prepared
from events.programme import actions
from events.programme.forms import ShowForm
from events.programme.views.writing import back, editor


@requires(Permission.PREPARE_DAYS)
@require_POST
def programme_show(request: HttpRequest, pk: int) -> HttpResponse:
    day, form = prepared(request, pk), ShowForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.show(day=day, by=request.user, **form.cleaned_data)
            return back(pk, fait="montre")
    return editor(request, day, form, status=422)


@requires(Permission.PREPARE_DAYS)
@require_POST
def programme_hide(request: HttpRequest, pk: int) -> HttpResponse:
    actions.hide(day=prepared(request, pk), by=request.user)
    return back(pk, fait="cache")


@requires(Permission.PREPARE_DAYS)
@require_POST
def seats_give(request: HttpRequest, pk: int) -> HttpResponse:
    actions.ask_to_give(day=prepared(request, pk), by=request.user)
    return back(pk)


@requires(Permission.PREPARE_DAYS)
@require_POST
def seats_stop(request: HttpRequest, pk: int) -> HttpResponse:
    actions.stop(day=prepared(request, pk), by=request.user)
    return back(pk)


@requires(Permission.PREPARE_DAYS)
@require_POST
def seats_ungive(request: HttpRequest, pk: int) -> HttpResponse:
    actions.ungive(day=prepared(request, pk), by=request.user)
    return back(pk, fait="rouvert")
