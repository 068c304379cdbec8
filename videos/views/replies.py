"""Replies under a comment, and drafts."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.errors import Refusal
from videos import actions, queries
from videos.forms.moments import ReplyForm
from videos.models import Moment, Reply
from videos.rules import number_in
from videos.views.films import film_page_response
from videos.views.moments import back, moment_of, watched
from videos.views.opened import FORM, LIST, Opened


def _reply_form(moment: Moment, form: ReplyForm) -> Opened:
    action = reverse("videos:reply_create", args=[moment.film_id, moment.pk])
    return Opened(form, action, title="Répondre", label="Publier la réponse", moment=moment, kept=True)


def _edit_form(reply: Reply, form: ReplyForm) -> Opened:
    action = reverse("videos:reply_update", args=[reply.moment.film_id, reply.moment_id, reply.pk])
    return Opened(form, action, title="Modifier ma réponse", label="Enregistrer", moment=reply.moment, reply=reply)


@signed_in
@require_safe
def reply_new(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment, film = moment_of(request, film_id, moment_id), watched(request, film_id)
    begun = queries.draft(film, request.user, moment)
    initial = {"text": begun.typed.get("text", "") if begun else "", "circle": moment.circle}
    opened = _reply_form(moment, ReplyForm(initial=initial, auto_id="repondre_%s"))
    return film_page_response(request, film, FORM, opened=opened, asked={"commentaire": str(moment.pk)})


@signed_in
@require_POST
def reply_create(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment, film = moment_of(request, film_id, moment_id), watched(request, film_id)
    form = ReplyForm(request.POST, auto_id="repondre_%s")
    if form.is_valid():
        try:
            actions.reply(moment=moment, by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("text", str(refusal))
    if form.errors:
        opened = _reply_form(moment, form)
        return film_page_response(request, film, LIST, opened=opened, asked={"commentaire": str(moment.pk)}, status=422)
    return back(request, film_id, f"moment-{moment_id}", commentaire=moment_id, fait="repondu")


def _own(request: HttpRequest, film_id: UUID, moment_id: int, reply_id: int) -> Reply:
    rows = queries.replies(request.user).editable_by(request.user)
    return get_object_or_404(rows, moment__film_id=film_id, moment_id=moment_id, pk=reply_id)


@signed_in
@require_safe
def reply_edit(request: HttpRequest, film_id: UUID, moment_id: int, reply_id: int) -> HttpResponse:
    reply, film = _own(request, film_id, moment_id, reply_id), watched(request, film_id)
    opened = _edit_form(reply, ReplyForm(initial={"text": reply.text}, auto_id="modifier_%s"))
    return film_page_response(request, film, FORM, opened=opened, asked={"commentaire": str(moment_id)})


@signed_in
@require_POST
def reply_update(request: HttpRequest, film_id: UUID, moment_id: int, reply_id: int) -> HttpResponse:
    reply, film = _own(request, film_id, moment_id, reply_id), watched(request, film_id)
    form = ReplyForm(request.POST, auto_id="modifier_%s")
    if form.is_valid():
        try:
            actions.edit_reply(reply=reply, text=form.cleaned_data["text"], by=request.user)
        except Refusal as refusal:
            form.add_error("text", str(refusal))
    if form.errors:
        opened = _edit_form(reply, form)
        return film_page_response(request, film, LIST, opened=opened, asked={"commentaire": str(moment_id)}, status=422)
    return back(request, film_id, f"moment-{moment_id}", commentaire=moment_id, fait="reponse-modifiee")


@signed_in
@require_POST
def reply_delete(request: HttpRequest, film_id: UUID, moment_id: int, reply_id: int) -> HttpResponse:
    reply = _own(request, film_id, moment_id, reply_id)
    actions.remove_reply(reply=reply, by=request.user)
    return back(request, film_id, commentaire=moment_id, reponse=reply.pk)


@signed_in
@require_POST
def reply_restore(request: HttpRequest, film_id: UUID, moment_id: int, reply_id: int) -> HttpResponse:
    rows = queries.restorable_replies(request.user)
    reply = get_object_or_404(rows, moment__film_id=film_id, moment_id=moment_id, pk=reply_id)
    actions.restore_reply(reply=reply, by=request.user)
    return back(request, film_id, f"moment-{moment_id}", commentaire=moment_id, fait="remis")


@signed_in
@require_POST
def draft_save(request: HttpRequest, film_id: UUID) -> HttpResponse:
    """Keep what is typed: a script asks every other second, a form without script by its second button."""
    film, moment_id = watched(request, film_id), number_in(request.POST.get("en_reponse_a"))
    moment = moment_of(request, film_id, moment_id) if moment_id else None
    try:
        actions.save_draft(film=film, typed=request.POST, moment=moment, by=request.user)
    except Refusal as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    if request.headers.get("Sec-Fetch-Mode") == "navigate" or "garder" in request.POST:
        return back(request, film_id, fait="brouillon")
    return HttpResponse(status=204)


@signed_in
@require_POST
def draft_drop(request: HttpRequest, film_id: UUID) -> HttpResponse:
    actions.drop_draft(film=watched(request, film_id), by=request.user)
    return back(request, film_id, fait="brouillon-efface")
