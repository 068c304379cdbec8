"""The sessions of workshops, put into the programme by the team."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in, refusals_to
from events.days.views import prepared
from events.models import SharingDay, Slot, WorkshopSession
from events.programme import actions, queries
from events.programme.forms import SessionForm
from events.programme.views.slots import slot_of
from events.programme.views.writing import back, drawn


def _session(request: HttpRequest, pk: int, session_pk: int) -> tuple[SharingDay, WorkshopSession]:
    day = prepared(request, pk)
    rows = queries.sessions(day)
    session = get_object_or_404(rows, pk=session_pk)
    session.slot.day = session.workshop.day = day
    return day, session


def _form(
    request: HttpRequest,
    day: SharingDay,
    form: SessionForm,
    slot: Slot,
    session: WorkshopSession | None = None,
    status: int = 200,
) -> HttpResponse:
    followed(form, request, f"session:{session.pk}" if session else f"slot:{slot.pk}/session", over=session)
    if session is None:
        action = reverse("events:session_create", args=[day.pk, slot.pk])
        return drawn(request, day, form, f"{slot.title}\u00a0: ajouter un atelier", action, status)
    action = reverse("events:session_change", args=[day.pk, session.pk])
    return drawn(request, day, form, str(session), action, status)


@requires(Permission.PREPARE_DAYS)
@require_safe
def session_new(request: HttpRequest, pk: int, slot_pk: int) -> HttpResponse:
    day, slot = slot_of(request, pk, slot_pk)
    return _form(request, day, SessionForm(slot=slot), slot)


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def session_create(request: HttpRequest, pk: int, slot_pk: int) -> HttpResponse:
    day, slot = slot_of(request, pk, slot_pk)
    form = SessionForm(request.POST, slot=slot)
    if form.is_valid():
        with refusals_in(form):
            actions.put_session(slot=slot, by=request.user, **form.cleaned_data)
            return back(pk, fait="ecrit")
    return _form(request, day, form, slot, status=422)


@requires(Permission.PREPARE_DAYS)
@require_safe
def session_edit(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    day, session = _session(request, pk, session_pk)
    return _form(request, day, SessionForm(slot=session.slot, session=session), session.slot, session)


@requires(Permission.PREPARE_DAYS)
@require_POST
@forgets_draft
def session_change(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    day, session = _session(request, pk, session_pk)
    form = SessionForm(request.POST, slot=session.slot, session=session)
    if form.is_valid():
        with refusals_to(form.say):
            actions.put_session(slot=session.slot, by=request.user, session=session, **form.cleaned_data)
            return back(pk, fait="ecrit")
    return _form(request, day, form, session.slot, session, status=422)


@requires(Permission.PREPARE_DAYS)
@require_POST
def session_remove(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    _, session = _session(request, pk, session_pk)
    held = {"workshop": session.workshop_id, "room": session.room, "capacity": session.capacity}
    held |= {"opens_from": session.opens_from or ""}
    actions.remove_session(session=session, by=request.user)
    return back(pk, repris="seance", moment=session.slot_id, **held)


@requires(Permission.PREPARE_DAYS)
@require_POST
def session_cancel(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    actions.cancel_session(session=_session(request, pk, session_pk)[1], by=request.user)
    return back(pk, annulee=session_pk)


@requires(Permission.PREPARE_DAYS)
@require_POST
def session_restore(request: HttpRequest, pk: int, session_pk: int) -> HttpResponse:
    day = prepared(request, pk)
    session = get_object_or_404(queries.cancelled_sessions(day), pk=session_pk)
    actions.restore_session(session=session, by=request.user)
    return back(pk, fait="rouverte")
