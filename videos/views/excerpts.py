"""Excerpts, and two films side by side."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.refusals import refusals_in
from circo.rules import number_in
from videos import actions, queries
from videos.forms.excerpts import ExcerptForm
from videos.models import Excerpt, Film


def _film(request: HttpRequest, film_id: UUID) -> Film:
    return get_object_or_404(queries.films(request.user).watchable(), pk=film_id)


def _list(request: HttpRequest, film: Film, form: ExcerptForm | None = None, status: int = 200) -> HttpResponse:
    begin = queries.start_of(film, request.GET)
    page = queries.excerpt_list_page(film, request.user, start_s=begin, removed=number_in(request.GET.get("retire")))
    form = form or ExcerptForm(film=film, initial={"in_s": begin})
    return htmx.page(request, "videos/excerpts/excerpt_list.html", "rows", {"page": page, "form": form}, status=status)


@signed_in
@require_safe
def excerpt_list(request: HttpRequest, film_id: UUID) -> HttpResponse:
    return _list(request, _film(request, film_id))


@signed_in
@require_POST
def excerpt_create(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = _film(request, film_id)
    form = ExcerptForm(request.POST, film=film)
    if form.is_valid():
        with refusals_in(form):
            made = actions.make_excerpt(film=film, **form.cleaned_data, by=request.user)
            return redirect("videos:excerpt_page", film.pk, made.pk)
    return _list(request, film, form, status=422)


def _page(request: HttpRequest, excerpt: Excerpt, form: ExcerptForm | None = None, status: int = 200) -> HttpResponse:
    if excerpt.is_mine:
        form = form or ExcerptForm(film=excerpt.film, part=excerpt)
    context = {"excerpt": excerpt, "form": form}
    return htmx.page(request, "videos/excerpts/excerpt_page.html", "about", context, status=status)


@signed_in
@require_safe
def excerpt_page(request: HttpRequest, film_id: UUID, excerpt_id: int) -> HttpResponse:
    return _page(request, get_object_or_404(queries.excerpts(request.user), film_id=film_id, pk=excerpt_id))


@signed_in
@require_POST
def excerpt_update(request: HttpRequest, film_id: UUID, excerpt_id: int) -> HttpResponse:
    rows = queries.excerpts(request.user).filter(is_mine=True)
    excerpt = get_object_or_404(rows, film_id=film_id, pk=excerpt_id)
    form = ExcerptForm(request.POST, film=excerpt.film, part=excerpt)
    if form.is_valid():
        with refusals_in(form):
            actions.change_excerpt(excerpt=excerpt, **form.cleaned_data, by=request.user)
            return redirect("videos:excerpt_page", film_id, excerpt.pk)
    return _page(request, excerpt, form, status=422)


@signed_in
@require_POST
def excerpt_remove(request: HttpRequest, film_id: UUID, excerpt_id: int) -> HttpResponse:
    excerpt = get_object_or_404(Excerpt.objects.editable_by(request.user), film_id=film_id, pk=excerpt_id)
    actions.remove_excerpt(excerpt=excerpt, by=request.user)
    return redirect(reverse("videos:excerpt_list", args=[film_id], query={"retire": excerpt.pk}))


@signed_in
@require_POST
def excerpt_restore(request: HttpRequest, film_id: UUID, excerpt_id: int) -> HttpResponse:
    excerpt = get_object_or_404(Excerpt.objects.restorable_by(request.user), film_id=film_id, pk=excerpt_id)
    actions.restore_excerpt(excerpt=excerpt, by=request.user)
    return redirect("videos:excerpt_page", film_id, excerpt.pk)


@signed_in
@require_safe
def side_by_side(request: HttpRequest) -> HttpResponse:
    asked = {"first": request.GET.get("a", ""), "second": request.GET.get("b", "")}
    page = queries.side_by_side_page(request.user, **asked)
    return htmx.page(request, "videos/excerpts/side_by_side.html", "sides", {"page": page})
