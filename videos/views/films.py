"""The page of one film."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.drafts.forms import followed
from circo.refusals import refusals_above
from videos import actions, queries, serving
from videos.forms.moments import MomentForm
from videos.models import Film

DISCUSSION = "videos/film/discussion.html"  # the part of the page that htmx asks for


def film_page_response(
    request: HttpRequest,
    film: Film,
    part: str,
    form: MomentForm | None = None,
    opened: Any = None,
    asked: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a film; `opened` is the form that stands open under one of its comments."""
    asked = request.GET if asked is None else asked
    page = queries.film_page(film, request.user, asked=asked)
    discussion = queries.discussion_page(film, request.user, asked=asked) if film.is_watchable else None
    form = form or MomentForm(film=film, person=request.user, initial={"at_s": page.start_s})
    if discussion:
        followed(form, request, film.drafts_place)
    downloads = queries.downloads(film, request.user, has_copy=partial(serving.has_copy, film))
    context = {"film": film, "page": page, "discussion": discussion, "form": form, "opened": opened}
    context |= {"downloads": downloads, "protection": queries.protection(film, request.user)}
    context["replacement"] = queries.replacement(film, request.user)
    context["watching"] = queries.watching(film, request.user, asked)
    return htmx.page(request, "videos/film_page.html", part, context, status=status)


@signed_in
@require_safe
def film_page(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user), pk=film_id)
    return film_page_response(request, film, DISCUSSION if film.is_watchable else "state")


@signed_in
@require_safe
def film_state(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(queries.films(request.user), pk=film_id)
    # Below a player that plays, only the line that says how far the rest is changes.
    below_the_player = request.htmx and request.htmx.target == "div#preparation"  # htmx 4 names the tag, too
    return film_page_response(request, film, "preparing" if below_the_player else "state")


@signed_in
@require_POST
def film_retry(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = get_object_or_404(Film.objects.editable_by(request.user), pk=film_id)
    with refusals_above(request):
        actions.retry_film(film=film, by=request.user)
    return redirect("videos:film_page", film.pk)
