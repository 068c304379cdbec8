"""The modules of a draft."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_above, refusals_in
from trainings.models import Module, PathVersion
from trainings.paths.actions import modules as actions
from trainings.paths.forms.modules import ModuleForm
from trainings.paths.views.parts import parents, place_asked


def _draft(request: HttpRequest, pk: int) -> PathVersion:
    return get_object_or_404(PathVersion.objects.editable_by(request.user).select_related("path"), pk=pk)


def _module(request: HttpRequest, pk: int) -> Module:
    return get_object_or_404(Module.objects.editable_by(request.user).select_related("version__path"), pk=pk)


def to_module(module: Module) -> HttpResponse:
    return redirect(f"{reverse('trainings:path_page', args=[module.version.path_id])}#module-{module.pk}")


def _form(
    request: HttpRequest, form: ModuleForm, version: PathVersion, module: Module | None = None, status: int = 200
) -> HttpResponse:
    followed(form, request, f"module:{module.pk}" if module else f"module-of:{version.pk}", over=module)
    context = {"form": form, "version": version, "module": module, "parents": parents(version)}
    return htmx.page(request, "trainings/paths/module.html", "form", context, status=status)


def _written(request: HttpRequest, version: PathVersion, module: Module | None = None) -> HttpResponse:
    form = ModuleForm(request.POST, version=version, module=module)
    if form.is_valid():
        with refusals_in(form):
            return to_module(actions.write(version=version, module=module, text=form.text, by=request.user))
    return _form(request, form, version, module, status=422)


@requires(Permission.WRITE_PATHS)
@require_safe
def module_new(request: HttpRequest, pk: int) -> HttpResponse:
    version = _draft(request, pk)
    return _form(request, ModuleForm(version=version), version)


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def module_create(request: HttpRequest, pk: int) -> HttpResponse:
    return _written(request, _draft(request, pk))


@requires(Permission.WRITE_PATHS)
@require_safe
def module_edit(request: HttpRequest, pk: int) -> HttpResponse:
    module = _module(request, pk)
    return _form(request, ModuleForm(version=module.version, module=module), module.version, module)


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def module_update(request: HttpRequest, pk: int) -> HttpResponse:
    module = _module(request, pk)
    return _written(request, module.version, module)


@requires(Permission.WRITE_PATHS)
@require_POST
def module_move(request: HttpRequest, pk: int) -> HttpResponse:
    module = _module(request, pk)
    place = place_asked(request, list(module.version.modules.all()), module)
    with refusals_above(request):
        actions.move(module=module, place=place, by=request.user)
    return to_module(module)


@requires(Permission.WRITE_PATHS)
@require_POST
def module_remove(request: HttpRequest, pk: int) -> HttpResponse:
    module = _module(request, pk)
    query = {}
    with refusals_above(request):
        query["retire"] = actions.remove(module=module, by=request.user).pk
    return redirect(reverse("trainings:path_page", args=[module.version.path_id], query=query))
