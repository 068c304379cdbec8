"""The moments of a programme, written by the team."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in, refusals_to
from events.days.views import prepared
from events.models import SharingDay, Slot
from events.programme import actions
from events.programme.forms import SlotForm
from events.programme.views.writing import back, drawn


def slot_of(request: HttpRequest, pk: int, slot_pk: int) -> tuple[SharingDay, Slot]:
    """A moment of a day, if this person prepares it.

    Raises: Http404 else.
    """
    day = prepared(request, pk)
    slot = get_object_or_404(day.programme.order_by("starts"), pk=slot_pk)
    slot.day = day
    return day, slot


def _form(
    request: HttpRequest, day: SharingDay, form: SlotForm, slot: Slot | None = None, status: int = 200
) -> HttpResponse:
    followed(form, request, f"slot:{slot.pk}" if slot else f"sharing-day:{day.pk}/slot", over=slot)
    if slot is None:
        return drawn(request, day, form, "Ajouter un moment", reverse("events:slot_create", args=[day.pk]), status)
    action = reverse("events:slot_change", args=[day.pk, slot.pk])
    return drawn(request, day, form, "Modifier le moment", action, status)


@requires(Permission.PREPARE_DAYS)
@require_safe
def slot_new(request: HttpRequest, pk: int) -> HttpResponse:
    day = prepared(request, pk)
    last = day.programme.order_by("-ends").first()
    return _form(request, day, SlotForm(initial={"starts": last.ends if last else day.morning_starts}))


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def slot_create(request: HttpRequest, pk: int) -> HttpResponse:
    day, form = prepared(request, pk), SlotForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.put_slot(day=day, wanted=form.wanted(), by=request.user)
            return back(pk, fait="ecrit")
    return _form(request, day, form, status=422)


@requires(Permission.PREPARE_DAYS)
@require_safe
def slot_edit(request: HttpRequest, pk: int, slot_pk: int) -> HttpResponse:
    day, slot = slot_of(request, pk, slot_pk)
    return _form(request, day, SlotForm(slot=slot), slot)


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def slot_change(request: HttpRequest, pk: int, slot_pk: int) -> HttpResponse:
    day, slot = slot_of(request, pk, slot_pk)
    form = SlotForm(request.POST, slot=slot)
    if form.is_valid():
        with refusals_to(form.say):
            seen = form.cleaned_data["seen"]
            actions.put_slot(day=day, wanted=form.wanted(), by=request.user, slot=slot, seen=seen)
            return back(pk, fait="ecrit")
    return _form(request, day, form, slot, status=422)


@requires(Permission.PREPARE_DAYS)
@require_POST
def slot_remove(request: HttpRequest, pk: int, slot_pk: int) -> HttpResponse:
    _, slot = slot_of(request, pk, slot_pk)
    held = {name: getattr(slot, name) for name in SlotForm.base_fields if name != "seen"}
    actions.remove_slot(slot=slot, by=request.user)
    return back(pk, repris="moment", **held)
