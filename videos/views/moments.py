"""The discussion of a film: its list, and what one does with a comment."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from videos import actions, queries
from videos.forms.moments import MomentForm
from videos.models import Film, Moment, MomentCircle, MomentKind
from videos.queries.discussions import choice_of
from videos.views.films import DISCUSSION, film_page_response
from videos.views.opened import FORM, LIST, Opened


def watched(request: HttpRequest, film_id: UUID) -> Film:
    """The film, if this person watches it.

    Raises: Http404 else.
    """
    return get_object_or_404(queries.films(request.user).watchable(), pk=film_id)


def moment_of(request: HttpRequest, film_id: UUID, moment_id: int) -> Moment:
    return get_object_or_404(queries.moments(request.user), film_id=film_id, pk=moment_id)


def back(request: HttpRequest, film_id: UUID, place: str = "discussion", **asked: object) -> HttpResponse:
    """Return to the discussion as it was narrowed; htmx gets its list alone."""
    name = "videos:film_discussion" if request.htmx else "videos:film_page"
    query = choice_of(request.GET).parameters | {key: str(value) for key, value in asked.items()}
    return redirect(f"{reverse(name, args=[film_id], query=query)}#{place}")


@signed_in
@require_safe
def film_discussion(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = watched(request, film_id)
    if "etat" in request.GET and request.GET["etat"] == queries.state_of_discussion(film.pk, request.user):
        return HttpResponse(status=204)  # nothing that this person reads has changed
    return film_page_response(request, film, LIST)


@signed_in
@require_POST
@forgets_draft
def moment_create(request: HttpRequest, film_id: UUID) -> HttpResponse:
    film = watched(request, film_id)
    form = MomentForm(request.POST, film=film, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            moment = actions.comment(film=film, by=request.user, **_values(form))
    if form.errors:
        return film_page_response(request, film, DISCUSSION, form, status=422)
    here = reverse("videos:film_page", args=[film_id], query={"nouveau": moment.pk})
    return redirect(f"{here}#moment-{moment.pk}")


def _values(form: MomentForm) -> dict:
    data = form.cleaned_data
    return data | {"kind": MomentKind(data["kind"]), "circle": MomentCircle(data["circle"])}


def _edit_form(request: HttpRequest, moment: Moment, form: MomentForm) -> Opened:
    followed(form, request, f"moment:{moment.pk}/text")
    action = reverse("videos:moment_update", args=[moment.film_id, moment.pk])
    return Opened(form, action, title="Modifier mon commentaire", label="Enregistrer", moment=moment)


@signed_in
@require_safe
def moment_edit(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment = get_object_or_404(queries.moments(request.user).editable_by(request.user), film_id=film_id, pk=moment_id)
    film = watched(request, film_id)
    values = {name: getattr(moment, name) for name in ("text", "kind", "at_s", "ends_at_s", "circle")}
    form = MomentForm(film=film, person=request.user, held=moment.circle, initial=values, auto_id="modifier_%s")
    asked = {"commentaire": str(moment.pk)}
    return film_page_response(request, film, FORM, opened=_edit_form(request, moment, form), asked=asked)


@signed_in
@require_POST
@forgets_draft
def moment_update(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment = get_object_or_404(queries.moments(request.user).editable_by(request.user), film_id=film_id, pk=moment_id)
    film = watched(request, film_id)
    form = MomentForm(request.POST, film=film, person=request.user, held=moment.circle, auto_id="modifier_%s")
    if form.is_valid():
        with refusals_in(form):
            actions.edit_moment(moment=moment, by=request.user, **_values(form))
    if form.errors:
        asked = {"commentaire": str(moment.pk)}
        return film_page_response(
            request, film, LIST, opened=_edit_form(request, moment, form), asked=asked, status=422
        )
    return back(request, film_id, f"moment-{moment_id}", commentaire=moment_id, fait="modifie")


@signed_in
@require_POST
def moment_settle(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    return _settle(request, film_id, moment_id, settled=True)


@signed_in
@require_POST
def moment_reopen(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    return _settle(request, film_id, moment_id, settled=False)


def _settle(request: HttpRequest, film_id: UUID, moment_id: int, *, settled: bool) -> HttpResponse:
    moment = get_object_or_404(queries.moments(request.user).settled_by(request.user), film_id=film_id, pk=moment_id)
    actions.settle_moment(moment=moment, settled=settled, by=request.user)
    done = "regle" if settled else "rouvert"
    return back(request, film_id, f"moment-{moment_id}", commentaire=moment_id, fait=done)


@signed_in
@require_POST
def moment_delete(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment = get_object_or_404(queries.moments(request.user).editable_by(request.user), film_id=film_id, pk=moment_id)
    actions.remove_moment(moment=moment, by=request.user)
    return back(request, film_id, retire=moment.pk)


@signed_in
@require_POST
def moment_restore(request: HttpRequest, film_id: UUID, moment_id: int) -> HttpResponse:
    moment = get_object_or_404(queries.restorable_moments(request.user), film_id=film_id, pk=moment_id)
    actions.restore_moment(moment=moment, by=request.user)
    return back(request, film_id, f"moment-{moment_id}", commentaire=moment_id, fait="remis")
