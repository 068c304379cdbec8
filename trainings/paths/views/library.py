"""The library that districts share: read what others have opened, and adapt it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.refusals import refusals_in
from trainings.models import PathVersion
from trainings.paths import reading
from trainings.paths.actions import publishing as actions
from trainings.paths.forms.publishing import AdaptForm
from trainings.paths.queries import library
from trainings.paths.queries.paths import adapted
from trainings.paths.views.parts import parents


@requires(Permission.WRITE_PATHS)
@require_safe
def library_list(request: HttpRequest) -> HttpResponse:
    context = {"page": library.library_page(request.user, request.GET), "parents": parents()}
    return htmx.page(request, "trainings/paths/library.html", "rows", context)


def _show(request: HttpRequest, version: PathVersion, form: AdaptForm, status: int = 200) -> HttpResponse:
    context = {
        "version": version,
        "modules": reading.read(version, request.user),
        "adapted": adapted(version.path),
        "form": form,
        "parents": [*parents(), ("Bibliothèque partagée", reverse("trainings:library_list"))],
    }
    return htmx.page(request, "trainings/paths/library_page.html", "reading", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def library_page(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(library.shared(request.user), pk=pk)
    return _show(request, version, AdaptForm(person=request.user))


@requires(Permission.WRITE_PATHS)
@require_POST
def path_adapt(request: HttpRequest, pk: int) -> HttpResponse:
    version = get_object_or_404(library.shared(request.user), pk=pk)
    form = AdaptForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            draft = actions.adapt(version=version, district=form.place, by=request.user)
            messages.success(request, "Voici votre copie. Vérifiez-la\u00a0: ce que vous ne voyez pas y est vide.")
            return redirect("trainings:path_page", draft.path_id)
    return _show(request, version, form, status=422)
