"""Replies under a comment."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from videos import actions, queries
from videos.forms.moments import ReplyForm
from videos.models import Moment, Reply
from videos.views.films import film_page_response
from videos.views.moments import back, moment_of, watched
from videos.views.opened import FORM, LIST, Opened


def _reply_form(request: HttpRequest, moment: Moment, form: ReplyForm) -> Opened:
    followed(form, request, f"moment:{moment.pk}/reply")
    action = reverse("videos:reply_create", args=[moment.film_id, moment.pk])
    return Opened(form, action, title="Répondre", label="Publier la réponse", moment=moment)


def _edit_form(request: HttpRequest, reply: Reply, form: ReplyForm) -> Opened:
    followed(form, request, f"reply:{reply.pk}/text")
    action = reverse("videos:reply_update", args=[reply.moment.film_id, reply.moment_id, reply.pk])
    return Opened(form, action, title="Modifier ma réponse", label="Enregistrer", moment=reply.moment, reply=reply)


@signed_in
@require_safe
def reply_new(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment, film = moment_of(request, film_id, moment_id), watched(request, film_id)
    form = ReplyForm(initial={"circle": moment.circle}, auto_id="repondre_%s")
    opened = _reply_form(request, moment, form)
    return film_page_response(request, film, FORM, opened=opened, asked={"commentaire": str(moment.pk)})


@signed_in
@require_POST
@forgets_draft
def reply_create(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment, film = moment_of(request, film_id, moment_id), watched(request, film_id)
    form = ReplyForm(request.POST, auto_id="repondre_%s")
    if form.is_valid():
        with refusals_in(form, "text"):
            actions.reply(moment=moment, by=request.user, **form.cleaned_data)
    if form.errors:
        opened = _reply_form(request, moment, form)
        return film_page_response(request, film, LIST, opened=opened, asked={"commentaire": str(moment.pk)}, status=422)
    return back(request, film_id, f"moment-{moment_id}", commentaire=moment_id, fait="repondu")


def _own(request: HttpRequest, film_id: UUID, moment_id: int, reply_id: int) -> Reply:
    rows = queries.replies(request.user).editable_by(request.user)
    return get_object_or_404(rows, moment__film_id=film_id, moment_id=moment_id, pk=reply_id)


@signed_in
@require_safe
def reply_edit(request: HttpRequest, film_id: UUID, moment_id: int, reply_id: int) -> HttpResponse:
    reply, film = _own(request, film_id, moment_id, reply_id), watched(request, film_id)
    opened = _edit_form(request, reply, ReplyForm(initial={"text": reply.text}, auto_id="modifier_%s"))
    return film_page_response(request, film, FORM, opened=opened, asked={"commentaire": str(moment_id)})


@signed_in
@require_POST
@forgets_draft
def reply_update(request: HttpRequest, film_id: UUID, moment_id: int, reply_id: int) -> HttpResponse:
    reply, film = _own(request, film_id, moment_id, reply_id), watched(request, film_id)
    form = ReplyForm(request.POST, auto_id="modifier_%s")
    if form.is_valid():
        with refusals_in(form, "text"):
            actions.edit_reply(reply=reply, text=form.cleaned_data["text"], by=request.user)
    if form.errors:
        opened = _edit_form(request, reply, form)
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
