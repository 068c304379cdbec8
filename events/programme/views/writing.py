"""The page on which the team writes a programme, and what its forms share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.models import Person
from circo.rules import number_in
from events.days.views import parents_of, prepared
from events.models import SharingDay, Workshop, WorkshopSession
from events.programme import queries
from events.programme.forms import Seen, SessionForm, ShowForm, SlotForm

EDITOR, FORM = "events/programme/editor.html", "events/programme/form.html"


def back(day_id: int, **query: object) -> HttpResponse:
    """Go back to the programme that the team writes."""
    return redirect(reverse("events:programme_edit", args=[day_id], query=query))


# --- The page ---------------------------------------------------------------------------------------------------------
@requires(Permission.PREPARE_DAYS)
@require_safe
def programme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return editor(request, prepared(request, pk))


def editor(request: HttpRequest, day: SharingDay, form: ShowForm | None = None, status: int = 200) -> HttpResponse:
    """Draw the page on which the team writes a programme and has seats given; with the form that has an error."""
    slots = queries.programme(day)
    seated = queries.seated(day)
    cancelled = list(queries.cancelled_sessions(day))
    job = queries.giving(day)
    context = {
        "day": day,
        "slots": [(slot, [_row(day, one, seated) for one in slot.sessions.all()]) for slot in slots],
        "cancelled": cancelled,
        "off": next((one for one in cancelled if one.pk == number_in(request.GET.get("annulee"))), None),
        "rooms": queries.rooms(day, slots),
        "workshops": list(queries.workshops(day)),
        "removed": _removed(request, day),
        "undo": _undo(request, day),
        "job": job,
        "here": request.get_full_path() if request.method == "GET" else reverse("events:programme_edit", args=[day.pk]),
        "form": form or ShowForm(initial={"wishes_until": day.wishes_until}),
        "done": request.GET.get("fait", ""),
        "parents": parents_of(day),
    }
    return htmx.page(request, EDITOR, "programme", context, status=status)


def _row(
    day: SharingDay, session: WorkshopSession, seated: Mapping[int, list[Person]]
) -> tuple[WorkshopSession, list[Person], bool]:
    """A session as the team reads it: who sits there, whether too few people open it."""
    return session, seated.get(session.pk, []), queries.lacks_people(day, session)


def _removed(request: HttpRequest, day: SharingDay) -> Workshop | None:
    """The workshop that one has just taken away, if it can still come back."""
    asked = number_in(request.GET.get("retire"))
    return queries.removed_workshops(day).filter(pk=asked).first() if asked else None


def _undo(request: HttpRequest, day: SharingDay) -> dict[str, Any] | None:
    """What was just taken out of the programme: the form that writes it again."""
    fields = [(name, value) for name, value in request.GET.items() if name in SlotForm.base_fields]
    if request.GET.get("repris") == "moment":
        return {"url": reverse("events:slot_create", args=[day.pk]), "fields": fields}
    slot = number_in(request.GET.get("moment"))
    if request.GET.get("repris") == "seance" and slot:
        fields = [(name, value) for name, value in request.GET.items() if name in SessionForm.base_fields]
        return {"url": reverse("events:session_create", args=[day.pk, slot]), "fields": fields}
    return None


def drawn(
    request: HttpRequest, day: SharingDay, form: Seen, title: str, action: str, status: int = 200
) -> HttpResponse:
    """Draw a form on a page of its own; what somebody else has changed meanwhile is a conflict."""
    status = 409 if form.is_overtaken else status
    parents = [*parents_of(day), ("Programme", reverse("events:programme_edit", args=[day.pk]))]
    context = {"day": day, "form": form, "title": title, "action": action, "parents": parents}
    return htmx.page(request, FORM, "form", context, status=status)
