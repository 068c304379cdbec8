"""The blurring of one's own film: search, choose, draw, have it made, look at it, approve it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.datastructures import MultiValueDictKeyError
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.errors import Refusal
from videos import actions, queries, rules
from videos.forms.blurring import ApprovalForm, AreaForm, ChoiceSheet, VoiceForm
from videos.models import BlurringState, Film, HiddenArea

PARTS = {"div#avancement": "progress", "div#bilan": "tally"}  # what htmx fills; else the areas
NOT_KEPT = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def _own(request: HttpRequest, film_id: UUID) -> Film:
    return get_object_or_404(queries.films(request.user).editable_by(request.user).watchable(), pk=film_id)


def _page(request: HttpRequest, film: Film, *, fault: str = "", **forms: Any) -> HttpResponse:
    start_s = queries.start_of(film, request.GET)
    page = queries.blurring_page(film, request.user, asked=request.GET, start_s=start_s)
    voice = page.blurring.voice if page.blurring else None
    context = {"film": film, "page": page, "fault": fault, "voice_form": VoiceForm(initial={"voice": voice})}
    context["area_form"] = AreaForm(film=film, area=page.edited)
    context["approval_form"] = None
    if page.state == BlurringState.CHECKING and "approval_form" not in forms:
        context["approval_form"] = ApprovalForm(output=film.output, people=queries.hidable(film))
    part = PARTS.get(request.htmx.target or "", "zones")
    status = 422 if forms or fault else 200
    return htmx.page(request, "videos/blurring/blurring.html", part, context | forms, status=status)


def _back(request: HttpRequest, film: Film, **more: Any) -> HttpResponse:
    """Lead to the page again, to the areas that one was looking at."""
    kept = {name: request.GET[name] for name in ("voir", "page") if request.GET.get(name)}
    return redirect(reverse("videos:blurring", args=[film.pk], query=kept | more))


@signed_in
@require_safe
def blurring(request: HttpRequest, film_id: UUID) -> HttpResponse:
    return _page(request, _own(request, film_id))


@signed_in
@require_safe
def area_list(request: HttpRequest, film_id: UUID) -> HttpResponse:
    """The areas between two seconds, for the script that draws them over the picture."""
    film = get_object_or_404(Film.objects.editable_by(request.user), pk=film_id)
    try:
        start_s, end_s = (rules.seconds_of(request.GET[name]) for name in ("de", "a"))
        found = queries.areas_between(film, request.user, start_s, end_s)
    except (ValueError, MultiValueDictKeyError):
        return HttpResponse(status=400, headers=NOT_KEPT)
    return JsonResponse({"areas": found}, headers=NOT_KEPT)


@signed_in
@require_safe
def area_thumbnail(request: HttpRequest, film_id: UUID, area_id: int) -> HttpResponse:
    area = get_object_or_404(queries.areas(request.user).only("thumbnail"), blurring=film_id, pk=area_id)
    if not area.thumbnail:
        raise Http404
    return HttpResponse(bytes(area.thumbnail), content_type="image/jpeg", headers=NOT_KEPT)


def _done(request: HttpRequest, film: Film, verb: Callable[..., Any]) -> HttpResponse:
    """Do one of the verbs that have only a button."""
    try:
        verb(film=film, by=request.user)
    except Refusal as refusal:
        return _page(request, film, fault=str(refusal))
    return redirect("videos:blurring", film.pk)


@signed_in
@require_POST
def blurring_search(request: HttpRequest, film_id: UUID) -> HttpResponse:
    return _done(request, _own(request, film_id), actions.search_faces)


@signed_in
@require_POST
def blurring_apply(request: HttpRequest, film_id: UUID) -> HttpResponse:
    return _done(request, _own(request, film_id), actions.apply_blur)


@signed_in
@require_POST
def blurring_again(request: HttpRequest, film_id: UUID) -> HttpResponse:
    return _done(request, _own(request, film_id), actions.choose_again)


@signed_in
@require_POST
def blurring_give_up(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _own(request, film_id)
    try:
        actions.give_up_blurring(film=film, by=request.user)
    except Refusal as refusal:
        return _page(request, film, fault=str(refusal))
    messages.success(request, "Le floutage est abandonné\u00a0: le film est comme avant.")
    return redirect("videos:film_page", film.pk)


@signed_in
@require_POST
def blurring_choose(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film, sheet = _own(request, film_id), ChoiceSheet(request.POST)
    try:
        if sheet.all is None:
            actions.choose_areas(film=film, among=sheet.among, chosen=sheet.chosen, by=request.user)
        else:
            actions.choose_all(film=film, chosen=sheet.all, by=request.user)
    except Refusal as refusal:
        return _page(request, film, fault=str(refusal))
    return _back(request, film)


@signed_in
@require_POST
def blurring_voices(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film, form = _own(request, film_id), VoiceForm(request.POST)
    if not form.is_valid():
        return _page(request, film, voice_form=form)
    try:
        actions.change_voices(film=film, voice=form.cleaned_data["voice"], by=request.user)
    except Refusal as refusal:
        return _page(request, film, fault=str(refusal))
    return _back(request, film)


@signed_in
@require_POST
def area_draw(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _own(request, film_id)
    return _drawn(request, film, AreaForm(request.POST, film=film), partial(actions.draw_area, film=film))


@signed_in
@require_POST
def area_redraw(request: HttpRequest, film_id: UUID, area_id: int) -> HttpResponse:
    film = _own(request, film_id)
    found = HiddenArea.objects.editable_by(request.user).select_related("blurring__film").defer("thumbnail")
    area = get_object_or_404(found, blurring=film.pk, pk=area_id)
    return _drawn(request, film, AreaForm(request.POST, film=film, area=area), partial(actions.redraw_area, area=area))


def _drawn(request: HttpRequest, film: Film, form: AreaForm, verb: Callable[..., HiddenArea]) -> HttpResponse:
    if form.is_valid():
        try:
            area = verb(**form.drawn(), by=request.user)
            return _back(request, film, faite=area.pk, t=queries.exact(area.start_s))
        except Refusal as refusal:
            return _page(request, film, area_form=form, fault=str(refusal))
    return _page(request, film, area_form=form)


@signed_in
@require_POST
def blurring_approve(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _own(request, film_id)
    form = ApprovalForm(request.POST, output=film.output, people=queries.hidable(film))
    if form.is_valid():
        try:
            actions.approve_blur(
                film=film, output=form.cleaned_data["output"], hidden=form.not_recognised(), by=request.user
            )
        except Refusal as refusal:
            return _page(request, film, fault=str(refusal))
        messages.success(request, "C’est noté. Les images non floutées sont supprimées.")
        return redirect("videos:film_page", film.pk)
    return _page(request, film, approval_form=form)
