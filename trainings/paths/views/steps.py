"""The steps of a draft: choose a kind, write it, put it in its place."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft
from circo.french import ending
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from trainings.activities.forms import PackageForm
from trainings.models import Module, Step
from trainings.paths import rules
from trainings.paths.actions import steps as actions
from trainings.paths.forms.contents import DocumentForm
from trainings.paths.forms.steps import ASKED, StepForm
from trainings.paths.queries import steps as queries
from trainings.paths.rules import StepKind
from trainings.paths.views.parts import parents, place_asked, removed_part


def _module(request: HttpRequest, pk: int) -> Module:
    return get_object_or_404(Module.objects.editable_by(request.user).select_related("version__path"), pk=pk)


def step_of(request: HttpRequest, pk: int) -> Step:
    """One step of a draft that one writes."""
    rows = Step.objects.editable_by(request.user).select_related("module__version__path")
    return get_object_or_404(rows, pk=pk)


def _kind(text: str | None) -> StepKind | None:
    return next((kind for kind in ASKED if kind.value == text), None)


# --- A new one --------------------------------------------------------------------------------------------------------
def _new(request: HttpRequest, module: Module, kind: StepKind, form: StepForm, status: int = 200) -> HttpResponse:
    followed(form, request, f"step-of:{module.pk}/{kind.value}")
    context = {
        "form": form,
        "module": module,
        "kind": kind,
        "kind_label": rules.KIND_LABELS[kind],
        "parents": parents(module.version),
    }
    return htmx.page(request, "trainings/paths/step_new.html", "form", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def step_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what one will do in it; then its form."""
    module = _module(request, pk)
    if kind := _kind(request.GET.get("genre")):
        return _new(request, module, kind, StepForm(kind=kind, person=request.user))
    kinds = [(kind.value, rules.KIND_LABELS[kind], rules.KIND_HELP[kind]) for kind in ASKED]
    context = {"module": module, "kinds": kinds, "parents": parents(module.version)}
    return htmx.page(request, "trainings/paths/step_kinds.html", "kinds", context)


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def step_create(request: HttpRequest, pk: int) -> HttpResponse:
    module, kind = _module(request, pk), _kind(request.POST.get("genre"))
    if kind is None:
        raise Http404
    form = StepForm(request.POST, kind=kind, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            step = actions.add(module=module, kind=kind, text=form.said, by=request.user)
            return redirect("trainings:step_edit", step.pk) if kind in rules.WITH_PARTS else to_step(step)
    return _new(request, module, kind, form, status=422)


# --- One of them ------------------------------------------------------------------------------------------------------
def to_step(step: Step) -> HttpResponse:
    """Back to the path, where the step is."""
    return redirect(f"{reverse('trainings:path_page', args=[step.module.version.path_id])}#etape-{step.pk}")


def _added(request: HttpRequest, step: Step) -> dict[str, str]:
    """The questions of a file that the page says to have just been added, and what takes them out again."""
    text = request.GET.get("ajoutees", "")
    count = len(text.split("-"))
    if not text:
        return {}
    undo = reverse("trainings:questions_undo", args=[step.pk], query={"ajoutees": text})
    return {"added": f"{count} question{ending(count)} ajoutée{ending(count)}.", "undo_added": undo}


def show(request: HttpRequest, step: Step, status: int = 200, **forms: object) -> HttpResponse:
    """Answer with the page of a step; `forms` may hold those that were sent and are wrong."""
    kind = StepKind(step.kind)
    form = forms.pop("form", None) or StepForm(kind=kind, person=request.user, step=step)
    followed(form, request, f"step:{step.pk}", over=step)
    context = {
        "form": form,
        "page": queries.step_page(step),
        "kind_label": rules.KIND_LABELS[kind],
        "document_form": DocumentForm() if kind is StepKind.READING else None,
        "package_form": PackageForm() if kind is StepKind.PACKAGE else None,
        "removed": removed_part(request),
        "parents": parents(step.module.version),
        **_added(request, step),
        **forms,
    }
    return htmx.page(request, "trainings/paths/step.html", "step", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def step_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, step_of(request, pk))


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def step_update(request: HttpRequest, pk: int) -> HttpResponse:
    step = step_of(request, pk)
    form = StepForm(request.POST, kind=StepKind(step.kind), person=request.user, step=step)
    if form.is_valid():
        with refusals_in(form):
            return to_step(actions.write(step=step, text=form.said, by=request.user))
    return show(request, step, status=422, form=form)


@requires(Permission.WRITE_PATHS)
@require_POST
def step_move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down, from one module to the next at its ends; or where it was dropped."""
    step = step_of(request, pk)
    module, place = _asked(request, step)
    with refusals_above(request):
        step = actions.move(step=step, module=module, place=place, by=request.user)
    return to_step(step)


def _asked(request: HttpRequest, step: Step) -> tuple[Module, int]:
    modules = list(step.module.version.modules.all())
    if number := number_in(request.POST.get("module")):
        module = next((one for one in modules if one.pk == number), None)
        if module is None:
            raise Http404
        return module, number_in(request.POST.get("place")) or 0
    steps = list(step.module.steps.all())
    place, at = place_asked(request, steps, step), modules.index(step.module)
    if place < 0 and at > 0:
        return modules[at - 1], rules.STEPS_MAX
    if place >= len(steps) and at + 1 < len(modules):
        return modules[at + 1], 0
    return step.module, place


@requires(Permission.WRITE_PATHS)
@require_POST
def step_remove(request: HttpRequest, pk: int) -> HttpResponse:
    step = step_of(request, pk)
    query = {}
    with refusals_above(request):
        query["retire"] = actions.remove(step=step, by=request.user).pk
    return redirect(reverse("trainings:path_page", args=[step.module.version.path_id], query=query))
