"""The life of a path: read it as a learner, check it, publish it, prepare a newer version, archive, remove."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.refusals import refusals_above
from trainings.activities.framing import may_frame
from trainings.learning.queries.showing import shown
from trainings.models import LearningPath, PathVersion, Step
from trainings.paths import checks, reading
from trainings.paths.actions import publishing as actions
from trainings.paths.forms.publishing import UntilForm
from trainings.paths.rules import Verb, VersionState
from trainings.paths.views.parts import parents, path_of


def _version(request: HttpRequest, pk: int) -> PathVersion:
    """One version, whatever its state, of a path that one writes."""
    written = LearningPath.objects.editable_by(request.user).order_by().values("pk")
    rows = PathVersion.objects.visible_to(request.user).filter(path__in=written)
    return get_object_or_404(rows.select_related("path__district"), pk=pk)


@requires(Permission.WRITE_PATHS)
@require_safe
def version_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Any version, as whoever takes it reads it."""
    version = _version(request, pk)
    context = {"version": version, "modules": reading.read(version, request.user), "parents": parents(version)}
    return htmx.page(request, "trainings/paths/preview.html", "reading", context)


@requires(Permission.WRITE_PATHS)
@require_safe
def step_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """One step of any version, with its films, as whoever takes it has it."""
    written = LearningPath.objects.editable_by(request.user).order_by().values("pk")
    rows = Step.objects.visible_to(request.user).filter(module__version__path__in=written)
    step = get_object_or_404(rows.select_related("module__version__path"), pk=pk)
    version, back = step.module.version, reverse("trainings:version_preview", args=[step.module.version_id])
    one = shown(step.pk, request.user)
    context = {
        "shown": one,
        "questions": list(step.questions.all()),
        "module": step.module,
        "parents": [*parents(version), ("Comme un apprenant", back)],
    }
    response = htmx.page(request, "trainings/paths/step_preview.html", "step", context)
    return may_frame(response, request) if one.package else response


@requires(Permission.WRITE_PATHS)
@require_safe
def version_check(request: HttpRequest, pk: int) -> HttpResponse:
    version, form = _version(request, pk), UntilForm(request.GET or None)
    until = form.cleaned_data.get("jusqu") if form.is_valid() else None
    found = checks.check(version, until)
    if not form.is_bound:
        form = UntilForm(initial={"jusqu": found.until})
    context = {
        "version": version,
        "found": found,
        "form": form,
        "has_draft": version.path.versions.filter(state=VersionState.DRAFT).exists(),
        "parents": parents(version),
    }
    return htmx.page(request, "trainings/paths/check.html", "found", context)


@requires(Permission.WRITE_PATHS)
@require_POST
def version_publish(request: HttpRequest, pk: int) -> HttpResponse:
    version = _version(request, pk)
    with refusals_above(request):
        actions.publish(version=version, by=request.user)
        messages.success(request, "Ce parcours est publié. Merci pour celles et ceux qui vont le suivre\u00a0!")
        return redirect("trainings:path_page", version.path_id)
    return redirect("trainings:version_check" if version.is_draft else "trainings:path_page", *_of(version))


def _of(version: PathVersion) -> tuple[int]:
    return (version.pk if version.is_draft else version.path_id,)


@requires(Permission.WRITE_PATHS)
@require_POST
def version_prepare(request: HttpRequest, pk: int) -> HttpResponse:
    with refusals_above(request):
        actions.prepare(path=path_of(request, pk), by=request.user)
        messages.success(request, "Voici une copie à corriger. Personne ne la voit avant que vous ne la publiiez.")
    return redirect("trainings:path_page", pk)


@requires(Permission.WRITE_PATHS)
@require_POST
def path_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Archive, or take up again."""
    path = path_of(request, pk)
    verb = next((one for one in (Verb.ARCHIVE, Verb.REOPEN) if one.value == request.POST.get("verbe")), None)
    if verb is None:
        raise Http404
    with refusals_above(request):
        actions.move(path=path, verb=verb, by=request.user)
        return redirect(reverse("trainings:path_page", args=[pk], query={"fait": verb.value}))
    return redirect("trainings:path_page", pk)


@requires(Permission.WRITE_PATHS)
@require_POST
def version_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a draft; with it the path, if nothing of it was published."""
    version = _version(request, pk)
    with refusals_above(request):
        part = actions.remove_draft(version=version, by=request.user)
        if part is None:
            return redirect(reverse("trainings:path_list", query={"retire": version.path_id}))
        return redirect(reverse("trainings:path_page", args=[version.path_id], query={"retire": part.pk}))
    return redirect("trainings:path_page", version.path_id)


@requires(Permission.WRITE_PATHS)
@require_POST
def path_restore(request: HttpRequest, pk: int) -> HttpResponse:
    path = get_object_or_404(LearningPath.objects.restorable_by(request.user), pk=pk)
    with refusals_above(request):
        actions.restore(path=path, by=request.user)
        return redirect("trainings:path_page", pk)
    return redirect("trainings:path_list")
