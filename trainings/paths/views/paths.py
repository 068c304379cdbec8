"""The workshop of paths: those of one's districts, a new one, one of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from trainings.models import LearningPath
from trainings.paths.actions import paths as actions
from trainings.paths.forms.paths import PathForm
from trainings.paths.queries import paths as queries


def parents() -> list[tuple[str, str]]:
    return [("Atelier des parcours", reverse("trainings:path_list"))]


@requires(Permission.WRITE_PATHS)
@require_safe
def path_list(request: HttpRequest) -> HttpResponse:
    page = queries.path_list_page(request.user, request.GET)
    return htmx.page(request, "trainings/paths/list.html", "rows", {"page": page})


def _new(request: HttpRequest, form: PathForm, status: int = 200) -> HttpResponse:
    followed(form, request, "path")
    return htmx.page(
        request, "trainings/paths/describe.html", "form", {"form": form, "parents": parents()}, status=status
    )


@requires(Permission.WRITE_PATHS)
@require_safe
def path_new(request: HttpRequest) -> HttpResponse:
    return _new(request, PathForm(person=request.user))


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def path_create(request: HttpRequest) -> HttpResponse:
    form = PathForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            version = actions.create(district=form.place, text=form.text, by=request.user)
            return redirect("trainings:path_page", version.path_id)
    return _new(request, form, status=422)


@requires(Permission.WRITE_PATHS)
@require_safe
def path_page(request: HttpRequest, pk: int) -> HttpResponse:
    path = get_object_or_404(LearningPath.objects.editable_by(request.user), pk=pk)
    page = queries.path_page(path)
    return htmx.page(request, "trainings/paths/page.html", "path", {"page": page, "parents": parents()})
