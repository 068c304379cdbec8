"""Write a message, read its thread, change it, take it away, react, pin, send its documents."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import parcels
from circo.access import signed_in
from circo.attaching.rules import CONTENT_TYPES, Kind
from circo.drafts.forms import follow, forgets_draft
from circo.errors import Refusal
from circo.refusals import refusals_in
from networks.models import Post, PostFile, Salon
from networks.salons import actions, drawing, keeping, queries
from networks.salons.forms import PostForm, PostTextForm, WordForm
from networks.salons.views.pages import crumbs, page_response, post_of, salon_of, writing_context

PACE = {"reaction": "40/m/user"}


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def at(post: Post) -> str:
    """Where a message stands in its salon."""
    here = reverse("networks:salon_page", args=[post.salon_id], query={"autour": post.seq})
    return f"{here}#m-{post.seq}"


@signed_in
@require_POST
@forgets_draft
def post_create(request: HttpRequest, pk: int) -> HttpResponse:
    salon, form = salon_of(request, pk), PostForm(request.POST, request.FILES)
    if form.is_valid():
        with refusals_in(form, "text"):
            post = _write(request, salon, form)
            return _written(request, post)
    if _is_script(request):
        said = " ".join(message for messages in form.errors.values() for message in messages)
        return JsonResponse({"error": said}, status=422)
    return page_response(request, salon, form=form, asked={}, status=422)


def _write(request: HttpRequest, salon: Salon, form: PostForm) -> Post:
    parent_seq, quote = form.cleaned_data["parent"], form.cleaned_data["quote"].strip()
    parent = post_of(request, salon, parent_seq) if parent_seq else None
    return actions.write_post(
        salon=salon,
        text=form.cleaned_data["text"],
        files=form.cleaned_data["documents"],
        quotes=[quote] if quote else [],
        parent=parent,
        client_key=form.cleaned_data["client_key"],
        by=request.user,
    )


def _written(request: HttpRequest, post: Post) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"seq": post.seq}, status=201)
    return redirect(f"{reverse('networks:salon_page', args=[post.salon_id])}#m-{post.seq}")


@signed_in
@require_safe
def post_page(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    salon = salon_of(request, pk)
    return _page(request, salon, post_of(request, salon, seq))


def _page(request: HttpRequest, salon: Salon, post: Post, status: int = 200, **opened: Any) -> HttpResponse:
    person = request.user
    drawn = drawing.drawn_for(person, [post, *queries.thread(post)])
    moderates = Post.objects.moderated_by(person).filter(pk=post.pk).exists()
    context = {
        "salon": salon,
        "parents": crumbs(salon),
        "first": drawn[0],
        "answers": drawn[1:],
        "is_mine": post.author_id == person.pk,
        "moderates": moderates,
        "can_write": salon.archived_at is None,
        "can_pin": Salon.objects.editable_by(person).filter(pk=salon.pk).exists(),
        "edit": PostTextForm(initial={"text": post.text}, auto_id="changer_%s"),
        "word": WordForm(auto_id="mot_%s"),
        **writing_context(request, salon, None, parent=post),
        **opened,
    }
    follow(request, {f"salon:{salon.pk}/{post.seq}/{name}": context[name] for name in ("edit", "word")})
    return render(request, "networks/salons/post_page.html", context, status=status)


@signed_in
@require_POST
@forgets_draft
def post_update(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    salon = salon_of(request, pk)
    post = get_object_or_404(queries.posts(Post.objects.editable_by(request.user)), salon=salon, seq=seq)
    form = PostTextForm(request.POST, auto_id="changer_%s")
    if form.is_valid():
        with refusals_in(form, "text"):
            return redirect(at(actions.edit_post(post=post, text=form.cleaned_data["text"], by=request.user)))
    return _page(request, salon, post, 422, edit=form)


@signed_in
@require_POST
def post_remove(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.editable_by(request.user), salon_id=pk, seq=seq)
    actions.remove_post(post=post, by=request.user)
    return redirect(reverse("networks:salon_page", args=[pk], query={"autour": seq, "retire": seq}))


@signed_in
@require_POST
def post_restore(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.restorable_by(request.user), salon_id=pk, seq=seq)
    return redirect(at(actions.restore_post(post=post, by=request.user)))


def _check_pace(request: HttpRequest) -> None:
    """Each reaction is told to all who are there: nobody gives and takes them back without end."""
    if ratelimit.consume_or_429(request, action="reaction", config=PACE):
        raise Refusal("Vous avez beaucoup réagi en peu de temps. Recommencez dans une minute.")


@signed_in
@require_POST
def post_react(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    post = get_object_or_404(Post.objects.visible_to(request.user), salon_id=pk, seq=seq)
    try:
        _check_pace(request)
        actions.react(post=post, code=request.POST.get("code", ""), by=request.user)
    except Refusal as refusal:
        if _is_script(request):
            return JsonResponse({"error": str(refusal)}, status=422)
        salon = salon_of(request, pk)
        return _page(request, salon, post_of(request, salon, seq), 422, refusal=str(refusal))
    return HttpResponse(status=204) if _is_script(request) else redirect(at(post))


@signed_in
@require_POST
def post_pin(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    salon = get_object_or_404(Salon.objects.editable_by(request.user), pk=pk)
    post = get_object_or_404(Post.objects.visible_to(request.user), salon=salon, seq=seq)
    actions.pin_post(post=post, pinned=request.POST.get("pinned") != "0", by=request.user)
    return redirect(at(post))


@signed_in
@require_safe
def post_file(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """A document of a message that one reads; a picture opens in the page, the others are taken away."""
    file = get_object_or_404(PostFile.objects.visible_to(request.user), pk=file_id)
    name = "" if file.is_picture and "emporter" not in request.GET else file.name
    kept_by = parcels.KEPT_BY_THE_BROWSER if file.is_picture else parcels.KEPT_BY_NOBODY
    parcel = parcels.Parcel(keeping.key_of(file), CONTENT_TYPES[Kind(file.kind)], cache=kept_by, name=name)
    return parcels.give(parcel, request)
