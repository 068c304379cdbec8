"""The workshops of a day, written by the team; at which moments they are held is said in `sessions`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in, refusals_to
from events.days.views import prepared
from events.models import SharingDay, Workshop
from events.programme import actions, queries
from events.programme.forms import WorkshopForm
from events.programme.views.writing import back, drawn


def _workshop(request: HttpRequest, pk: int, workshop_pk: int) -> tuple[SharingDay, Workshop]:
    day = prepared(request, pk)
    workshop = get_object_or_404(queries.workshops(day), pk=workshop_pk)
    workshop.day = day
    return day, workshop


def _form(
    request: HttpRequest, day: SharingDay, form: WorkshopForm, workshop: Workshop | None = None, status: int = 200
) -> HttpResponse:
    followed(form, request, f"workshop:{workshop.pk}" if workshop else f"sharing-day:{day.pk}/workshop", over=workshop)
    if workshop is None:
        return drawn(request, day, form, "Ajouter un atelier", reverse("events:workshop_create", args=[day.pk]), status)
    action = reverse("events:workshop_change", args=[day.pk, workshop.pk])
    return drawn(request, day, form, "Modifier l’atelier", action, status)


@requires(Permission.PREPARE_DAYS)
@require_safe
def workshop_new(request: HttpRequest, pk: int) -> HttpResponse:
    day = prepared(request, pk)
    return _form(request, day, WorkshopForm(day=day))


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def workshop_create(request: HttpRequest, pk: int) -> HttpResponse:
    day = prepared(request, pk)
    form = WorkshopForm(request.POST, day=day)
    if form.is_valid():
        with refusals_in(form):
            actions.put_workshop(day=day, wanted=form.wanted(), by=request.user)
            return back(pk, fait="ecrit")
    return _form(request, day, form, status=422)


@requires(Permission.PREPARE_DAYS)
@require_safe
def workshop_edit(request: HttpRequest, pk: int, workshop_pk: int) -> HttpResponse:
    day, workshop = _workshop(request, pk, workshop_pk)
    return _form(request, day, WorkshopForm(day=day, workshop=workshop), workshop)


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def workshop_change(request: HttpRequest, pk: int, workshop_pk: int) -> HttpResponse:
    day, workshop = _workshop(request, pk, workshop_pk)
    form = WorkshopForm(request.POST, day=day, workshop=workshop)
    if form.is_valid():
        with refusals_to(form.say):
            seen = form.cleaned_data["seen"]
            actions.put_workshop(day=day, wanted=form.wanted(), by=request.user, workshop=workshop, seen=seen)
            return back(pk, fait="ecrit")
    return _form(request, day, form, workshop, status=422)


@requires(Permission.PREPARE_DAYS)
@require_POST
def workshop_remove(request: HttpRequest, pk: int, workshop_pk: int) -> HttpResponse:
    actions.remove_workshop(workshop=_workshop(request, pk, workshop_pk)[1], by=request.user)
    return back(pk, retire=workshop_pk)


@requires(Permission.PREPARE_DAYS)
@require_POST
def workshop_restore(request: HttpRequest, pk: int, workshop_pk: int) -> HttpResponse:
    day = prepared(request, pk)
    workshop = get_object_or_404(queries.removed_workshops(day), pk=workshop_pk)
    actions.restore_workshop(workshop=workshop, by=request.user)
    return back(pk, fait="ecrit")
