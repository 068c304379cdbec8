"""The workshop of paths: those of one's districts, a new one, one of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from trainings.models import PathVersion
from trainings.paths import showing
from trainings.paths.actions import paths as actions
from trainings.paths.forms.paths import NewPathForm, OpeningForm, PathForm
from trainings.paths.queries import paths as queries
from trainings.paths.views.parts import parents, path_of, removed_part


@requires(Permission.WRITE_PATHS)
@require_safe
def path_list(request: HttpRequest) -> HttpResponse:
    page = queries.path_list_page(request.user, request.GET)
    return htmx.page(request, "trainings/paths/list.html", "rows", {"page": page})


def _new(request: HttpRequest, form: NewPathForm, status: int = 200) -> HttpResponse:
    followed(form, request, "path")
    context = {"form": form, "parents": parents()}
    return htmx.page(request, "trainings/paths/describe.html", "form", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def path_new(request: HttpRequest) -> HttpResponse:
    return _new(request, NewPathForm(person=request.user))


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def path_create(request: HttpRequest) -> HttpResponse:
    form = NewPathForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            asked = {"district": form.place, "opening": form.cleaned_data["opening"], "text": form.text}
            version = actions.create(**asked, by=request.user)
            return redirect("trainings:path_page", version.path_id)
    return _new(request, form, status=422)


# --- One of them ------------------------------------------------------------------------------------------------------
@requires(Permission.WRITE_PATHS)
@require_safe
def path_page(request: HttpRequest, pk: int) -> HttpResponse:
    path = path_of(request, pk)
    context = {
        "page": showing.path_page(path),
        "opening_form": OpeningForm(initial={"opening": path.opening}),
        "removed": removed_part(request),
        "just_moved": request.GET.get("fait", ""),
        "parents": parents(),
    }
    return htmx.page(request, "trainings/paths/page.html", "path", context)


@requires(Permission.WRITE_PATHS)
@require_POST
def path_open(request: HttpRequest, pk: int) -> HttpResponse:
    path, form = path_of(request, pk), OpeningForm(request.POST)
    if form.is_valid():
        with refusals_above(request):
            actions.open_to(path=path, opening=form.cleaned_data["opening"], by=request.user)
            messages.success(request, "C’est enregistré.")
    else:
        messages.error(request, "Dites à qui ce parcours est ouvert.")
    return redirect("trainings:path_page", pk)


def _draft(request: HttpRequest, pk: int) -> PathVersion:
    return get_object_or_404(PathVersion.objects.editable_by(request.user).select_related("path"), pk=pk)


def _describe(request: HttpRequest, version: PathVersion, form: PathForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"path-version:{version.pk}", over=version)
    context = {"form": form, "version": version, "parents": parents(version)}
    return htmx.page(request, "trainings/paths/describe.html", "form", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def version_describe(request: HttpRequest, pk: int) -> HttpResponse:
    version = _draft(request, pk)
    return _describe(request, version, PathForm(version=version))


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def version_update(request: HttpRequest, pk: int) -> HttpResponse:
    version, form = _draft(request, pk), PathForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.describe(version=version, text=form.text, by=request.user)
            return redirect("trainings:path_page", version.path_id)
    return _describe(request, version, form, status=422)
