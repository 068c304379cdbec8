"""What is added to an experiment: classes, steps, indicators, values, pages of the diary."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.refusals import refusals_in
from networks.experiments import actions, forms, queries
from networks.experiments.kinds import KINDS, Kind
from networks.experiments.views.pages import crumbs, written_by
from networks.models import Experiment

FORMS: dict[str, type[forms.PartForm]] = {
    "classes": forms.ClassForm,
    "etapes": forms.StepForm,
    "indicateurs": forms.IndicatorForm,
    "releves": forms.PointForm,
    "journal": forms.EntryForm,
}


def _kind(word: str) -> Kind:
    if word not in KINDS:
        raise Http404
    return KINDS[word]


def _page(
    request: HttpRequest, experiment: Experiment, kind: Kind, form: forms.PartForm, status: int = 200
) -> HttpResponse:
    place = f"experiment:{experiment.pk}/{kind.word}/{form.instance.pk or 'new'}"
    part = form.instance if form.instance.pk else None
    chosen = ("indicator",) if "indicateur" in request.GET else ()
    context = {
        "experiment": experiment,
        "kind": kind,
        "part": part,
        "form": followed(form, request, place, but=chosen, over=part),
        "parents": crumbs(experiment),
    }
    return render(request, "networks/experiments/part_form.html", context, status=status)


def _back(experiment: Experiment, kind: Kind, query: str = "") -> HttpResponse:
    return redirect(queries.address(experiment) + query + f"#{kind.anchor}")


@signed_in
@require_safe
def part_new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    experiment = written_by(request, pk)
    initial = {"indicator": request.GET.get("indicateur")}
    return _page(request, experiment, _kind(kind), FORMS[_kind(kind).word](experiment=experiment, initial=initial))


@signed_in
@require_POST
@forgets_draft
def part_add(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    experiment, what = written_by(request, pk), _kind(kind)
    form = FORMS[what.word](request.POST, experiment=experiment)
    if form.is_valid():
        with refusals_in(form):
            actions.add(experiment=experiment, part=form.save(commit=False), by=request.user)
            return _back(experiment, what)
    return _page(request, experiment, what, form, status=422)


def _part(request: HttpRequest, experiment: Experiment, kind: Kind, part_id: int, *, removed: bool = False) -> Any:
    objects: Any = kind.model._default_manager
    rows = objects.restorable_by(request.user) if removed else objects.editable_by(request.user)
    if kind.word == "releves":
        rows = rows.select_related("indicator")
    return get_object_or_404(rows, **{kind.path: experiment.pk}, pk=part_id)


@signed_in
@require_safe
def part_edit(request: HttpRequest, pk: int, kind: str, part_id: int) -> HttpResponse:
    experiment, what = written_by(request, pk), _kind(kind)
    part = _part(request, experiment, what, part_id)
    return _page(request, experiment, what, FORMS[what.word](experiment=experiment, instance=part))


@signed_in
@require_POST
@forgets_draft
def part_update(request: HttpRequest, pk: int, kind: str, part_id: int) -> HttpResponse:
    experiment, what = written_by(request, pk), _kind(kind)
    part = _part(request, experiment, what, part_id)
    form = FORMS[what.word](request.POST, experiment=experiment, instance=part)
    if form.is_valid():
        with refusals_in(form):
            actions.change(part=part, values=form.cleaned_data, by=request.user)
            return _back(experiment, what)
    return _page(request, experiment, what, form, status=422)


@signed_in
@require_POST
def part_remove(request: HttpRequest, pk: int, kind: str, part_id: int) -> HttpResponse:
    experiment, what = written_by(request, pk), _kind(kind)
    actions.remove(part=_part(request, experiment, what, part_id), by=request.user)
    return _back(experiment, what, f"?retire={what.word}-{part_id}")


@signed_in
@require_POST
def part_restore(request: HttpRequest, pk: int, kind: str, part_id: int) -> HttpResponse:
    experiment, what = written_by(request, pk), _kind(kind)
    actions.restore(part=_part(request, experiment, what, part_id, removed=True), by=request.user)
    return _back(experiment, what)
