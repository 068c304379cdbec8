"""The sessions of one's team, and those that one leads."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires, signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from trainings.following import actions, queries
from trainings.following.forms import DateForm, SessionForm
from trainings.models import LearningPath, PathSession, PathVersion, SessionDate
from trainings.paths.queries.paths import districts


def session_of(request: HttpRequest, pk: int) -> PathSession:
    """One of the sessions that one leads, or of one's team."""
    return get_object_or_404(queries.sessions(request.user), pk=pk)


@signed_in
@require_safe
def session_list(request: HttpRequest) -> HttpResponse:
    context = {"page": queries.session_list_page(request.user, request.GET)}
    return htmx.page(request, "trainings/following/list.html", "rows", context)


def show(request: HttpRequest, session: PathSession, form: DateForm, status: int = 200) -> HttpResponse:
    """The page of a session, and the form of a new date."""
    number = number_in(request.GET.get("retiree"))
    removed = SessionDate.objects.restorable_by(request.user).filter(session=session, pk=number).first()
    context = {
        "page": queries.session_page(session, request.user, request.GET),
        "form": form,
        "removed": removed if number else None,
        "just_ended": "fait" in request.GET and session.ended_at,
    }
    return htmx.page(request, "trainings/following/page.html", "session", context, status=status)


@signed_in
@require_safe
def session_page(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, session_of(request, pk), DateForm())


# --- Open and change --------------------------------------------------------------------------------------------------
def _version(request: HttpRequest, pk: int) -> PathVersion:
    path = get_object_or_404(LearningPath.objects.visible_to(request.user), pk=pk)
    version = queries.published_version(request.user, path)
    if version is None:
        raise Http404
    return version


def _edit(
    request: HttpRequest, version: PathVersion, form: SessionForm, session: PathSession | None = None, status: int = 200
) -> HttpResponse:
    place = f"path-session:{session.pk}" if session else f"path:{version.path_id}/session"
    followed(form, request, place, over=session)
    context = {"form": form, "version": version, "session": session}
    return htmx.page(request, "trainings/following/edit.html", "form", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def session_new(request: HttpRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    return _edit(request, version, SessionForm(person=request.user, path=version.path))


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def session_create(request: HttpRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    form = SessionForm(request.POST, person=request.user, path=version.path)
    if form.is_valid():
        with refusals_in(form):
            made = actions.open_session(version=version, district=form.place, text=form.text, by=request.user)
            messages.success(request, "La session est ouverte.")
            return redirect("trainings:session_page", made.pk)
    return _edit(request, version, form, status=422)


def _written(request: HttpRequest, pk: int) -> PathSession:
    """One of the sessions of one's team."""
    return get_object_or_404(queries.sessions(request.user).filter(district__in=districts(request.user)), pk=pk)


@requires(Permission.WRITE_PATHS)
@require_safe
def session_edit(request: HttpRequest, pk: int) -> HttpResponse:
    session = _written(request, pk)
    return _edit(request, session.version, SessionForm(person=request.user, session=session), session)


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def session_update(request: HttpRequest, pk: int) -> HttpResponse:
    session = _written(request, pk)
    form = SessionForm(request.POST, person=request.user, session=session)
    if form.is_valid():
        with refusals_in(form):
            actions.edit(session=session, text=form.text, by=request.user)
            messages.success(request, "C’est enregistré.")
            return redirect("trainings:session_page", pk)
    return _edit(request, session.version, form, session, status=422)


@signed_in
@require_POST
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_of(request, pk)
    with refusals_above(request):
        actions.end(session=session, by=request.user)
        return redirect(reverse("trainings:session_page", args=[pk], query={"fait": "1"}))
    return redirect("trainings:session_page", pk)


@signed_in
@require_POST
def session_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    session = session_of(request, pk)
    with refusals_above(request):
        actions.reopen(session=session, by=request.user)
    return redirect("trainings:session_page", pk)
