"""The thread of a pair: read, write, take back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from networks.mentoring import actions, queries
from networks.mentoring.forms import MessageForm
from networks.mentoring.views.pairs import begun, crumbs, page_response, thread_context
from networks.models import MentoringMessage


@signed_in
@never_cache
@require_safe
def mentoring_thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The thread alone, for a page that is told that something has changed; 204 if it has not."""
    pair = begun(request, pk)
    if not request.htmx:
        return redirect(queries.address(pair, "fil"))
    if request.GET.get("etat") == queries.state_text(pair):
        return HttpResponse(status=204)
    return render(request, "networks/mentoring/thread.html", thread_context(request, pair))


@signed_in
@require_POST
def mentoring_read(request: HttpRequest, pk: int) -> HttpResponse:
    actions.mark_read(pair=begun(request, pk), by=request.user)
    if request.headers.get("Sec-Fetch-Mode") == "navigate":
        return redirect(reverse("networks:mentoring_pair", args=[pk]) + "#fil")
    return HttpResponse(status=204)


@signed_in
@require_POST
@forgets_draft
def mentoring_send(request: HttpRequest, pk: int) -> HttpResponse:
    pair = begun(request, pk)
    form = MessageForm(request.POST, auto_id="message_%s")
    if form.is_valid():
        with refusals_in(form, "text"):
            message = actions.send(pair=pair, text=form.cleaned_data["text"], by=request.user)
            return redirect(queries.address(pair, f"message-{message.pk}"))
    return page_response(request, pair, status=422, message_form=form)


def _message(request: HttpRequest, pk: int, row_id: int) -> MentoringMessage:
    rows = MentoringMessage.objects.editable_by(request.user).select_related("pair")
    return get_object_or_404(rows, pk=row_id, pair=begun(request, pk))


def _form(request: HttpRequest, message: MentoringMessage, form: MessageForm, status: int = 200) -> HttpResponse:
    context = {
        "form": followed(form, request, f"{message.pair.drafts_place}/message/{message.pk}"),
        "title": "Modifier mon message",
        "action": reverse("networks:mentoring_update", args=[message.pair_id, message.pk]),
        "parents": crumbs(message.pair),
    }
    return render(request, "networks/mentoring/words.html", context, status=status)


@signed_in
@never_cache
@require_safe
def mentoring_edit(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    message = _message(request, pk, row_id)
    return _form(request, message, MessageForm(initial={"text": message.text}))


@signed_in
@require_POST
@forgets_draft
def mentoring_update(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    message = _message(request, pk, row_id)
    form = MessageForm(request.POST)
    if form.is_valid():
        with refusals_in(form, "text"):
            actions.edit_message(message=message, text=form.cleaned_data["text"], by=request.user)
            return redirect(queries.address(message.pair, f"message-{row_id}"))
    return _form(request, message, form, status=422)


@signed_in
@require_POST
def mentoring_remove(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    rows = MentoringMessage.objects.removable_by(request.user).select_related("pair")
    message = get_object_or_404(rows, pk=row_id, pair=begun(request, pk))
    actions.remove(row=message, by=request.user)
    return redirect(reverse("networks:mentoring_pair", args=[pk], query={"retire": f"message-{row_id}"}))


@signed_in
@require_POST
def mentoring_restore(request: HttpRequest, pk: int, row_id: int) -> HttpResponse:
    rows = MentoringMessage.objects.restorable_by(request.user).select_related("pair")
    message = get_object_or_404(rows, pk=row_id, pair=begun(request, pk))
    actions.restore(row=message, by=request.user)
    return redirect(queries.address(message.pair, f"message-{row_id}"))
