"""What a page says of a form whose words must outlive a reload, and of the view that receives it.

A page: `followed(form, request, f"meeting:{pk}/minutes")`, once it has checked the right to that form; the form draws
the rest (`components/draft.html`). The view that receives it: `@forgets_draft`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.crypto import salted_hmac

from circo.access import View
from circo.drafts import actions, tickets
from circo.drafts.tickets import Ticket
from circo.errors import Refusal
from circo.models import FormDraft

TICKET = "brouillon"  # the name of the hidden field
CHOSEN = (forms.CheckboxInput, forms.HiddenInput)  # the inputs in which one does not write


@dataclass(frozen=True)
class Followed:
    """What a form tells of its draft: `found`, what was kept of it; `is_behind`, what is saved has changed since;
    `has_page`, there is a page to come back to."""

    token: str
    has_page: bool
    found: FormDraft | None = None
    is_behind: bool = False


def followed[F: forms.BaseForm](
    form: F, request: HttpRequest, place: str, *, but: Collection[str] = (), over: object = None
) -> F:
    """Keep what is typed in this form from now on, and begin with what was kept of it.

    `but`: names that are not kept; `over`: what the form changes, if several people may: one is told if it is another
    by now.
    """
    follow(request, {place: form}, but=but, over=over)
    return form


def follow(
    request: HttpRequest,
    places: Mapping[str, forms.BaseForm | None],
    *,
    but: Collection[str] = (),
    over: object = None,
) -> None:
    """The same for the forms of one page, by place, in one query."""
    rows = FormDraft.objects.visible_to(request.user).filter(place__in=places)
    found = {draft.place: draft for draft in rows if draft.values}
    for place, form in places.items():
        if form is not None:
            base = _base(form, but) if over is not None else ""
            _follow(form, request, Ticket(request.user.pk, place, _names(form, but), base, ""), found.get(place))


def _follow(form: Any, request: HttpRequest, ticket: Ticket, found: FormDraft | None) -> None:
    """A form that comes back with its errors is kept at once: a browser without script loses nothing either."""
    if request.method == "GET":
        ticket = replace(ticket, path=request.get_full_path())
    if form.is_bound and (sent := tickets.read(request.POST.get(TICKET, ""), request.user)):
        ticket = replace(ticket, base=sent.base)
    form.draft = Followed(tickets.issue(ticket), bool(ticket.path))
    if form.is_bound:
        with suppress(Refusal):
            actions.keep(ticket=ticket, typed=form.data, by=request.user)
    elif found is not None:
        form.draft = replace(form.draft, found=found, is_behind=found.base != ticket.base)
        if found.aside_at is None:
            form.initial = {**form.initial, **_typed(form, found, ticket)}


def names_kept(request: HttpRequest, place: str) -> frozenset[str]:
    """The names of what was kept of a form that grows with what is typed."""
    found = FormDraft.objects.visible_to(request.user).filter(place=place).first()
    return frozenset(name for name, values in found.values.items() if any(values)) if found else frozenset()


def _kept_fields(form: forms.BaseForm, but: Collection[str]) -> dict[str, forms.Field]:
    """Neither files nor secrets, nor what the browser would not send."""
    return {
        name: field
        for name, field in form.fields.items()
        if name not in but
        and not field.disabled
        and not isinstance(field.widget, forms.FileInput | forms.PasswordInput)
    }


def _names(form: forms.BaseForm, but: Collection[str]) -> dict[str, bool]:
    return {form.add_prefix(name): _is_worded(field.widget) for name, field in _kept_fields(form, but).items()}


def _is_worded(widget: Any) -> bool:
    return isinstance(widget, forms.widgets.Input | forms.Textarea) and not isinstance(widget, CHOSEN)


def _base(form: forms.BaseForm, but: Collection[str]) -> str:
    """A print of what the page shows before anything is typed."""
    initial = ((name, form.get_initial_for_field(field, name)) for name, field in _kept_fields(form, but).items())
    shown = [f"{name}={value}" for name, value in initial if value not in (None, "")]
    return salted_hmac(tickets.SALT, "\0".join(shown), algorithm="sha256").hexdigest()[:16]


def _typed(form: forms.BaseForm, found: FormDraft, ticket: Ticket) -> dict[str, Any]:
    """What was typed, as each widget reads it; a name that was not kept says nothing of its field."""
    data = QueryDict(mutable=True)
    for name in found.values.keys() & ticket.names.keys():
        data.setlist(name, found.values[name])
    fields = ((name, field, form.add_prefix(name)) for name, field in form.fields.items())
    return {name: field.widget.value_from_datadict(data, {}, sent) for name, field, sent in fields if sent in data}


def forgets_draft(view: View) -> View:
    """Forget what was kept of the form that this view receives, unless it answers that something is wrong."""

    @wraps(view)
    def received(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code < 400 and (ticket := tickets.read(request.POST.get(TICKET, ""), request.user)):
            actions.forget(place=ticket.place, by=request.user)
        return response

    return received
