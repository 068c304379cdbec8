"""Experiments: their list, their page, their texts, their life, their papers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import writing
from circo.access import signed_in
from circo.documents.pacing import paced
from circo.downloads import download
from circo.drafts.forms import followed, forgets_draft
from circo.errors import Refusal
from circo.refusals import refusals_above, refusals_in
from networks.experiments import actions, drawing, printing, queries, rules
from networks.experiments.forms import ExperimentForm, MoveForm
from networks.experiments.kinds import just_removed
from networks.models import Experiment, MutualisationGroup

PER_PAGE = 20
LISTED = ("Expérimentations", "networks:experiment_list")


def crumbs(experiment: Experiment | None = None) -> list[tuple[str, str]]:
    found = [("Groupes", reverse("networks:group_list")), (LISTED[0], reverse(LISTED[1]))]
    return [*found, (experiment.title, queries.address(experiment))] if experiment else found


@signed_in
@require_safe
def experiment_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("etat", "")
    rows = queries.experiment_list(request.user, state)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "groups": list(queries.groups_to_write_in(request.user)),
        "tabs": [("Toutes", reverse(LISTED[1]), state not in rules.State), *_tabs(state)],
        "state": state if state in rules.State else "",
        "parents": crumbs()[:1],
    }
    return render(request, "networks/experiments/experiment_list.html", context)


def _tabs(asked: str) -> list[tuple[str, str, bool]]:
    labels = rules.STATE_LABELS.items()
    return [(label.capitalize(), f"?etat={state.value}", state == asked) for state, label in labels]


def page_response(
    request: HttpRequest, experiment: Experiment, status: int = 200, refused: rules.Move | None = None, **more: Any
) -> HttpResponse:
    """Draw the page of an experiment. `refused` is the move that it has just been asked in vain."""
    page = queries.page_of(experiment)
    lines = drawing.lines([drawing.measured_of(one) for one in page.indicators])
    entries = Paginator(page.entries, queries.ENTRIES).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "experiment": experiment,
        "texts": _texts(experiment),
        "drawn": list(zip(page.indicators, lines, strict=True)),
        "entries": entries,
        "diary": [(entry, writing.to_html(entry.text)) for entry in entries],
        "moves": _moves(page, refused) if experiment.is_led else [],
        "is_written": experiment.is_mine and experiment.is_open,
        "form": MoveForm(),
        "removed": just_removed(request.user, experiment, request.GET.get("retire", "")),
        "parents": crumbs(),
        **more,
    }
    return render(request, "networks/experiments/experiment_page.html", context, status=status)


def _texts(experiment: Experiment) -> list[tuple[str, str]]:
    named = ("finding", "question", "hypothesis", "objectives", "outcome", "keeps")
    titles = ("Constat", "Question", "Hypothèse", "Objectifs", "Ce que cela a donné", "Ce que nous gardons")
    words = {name: getattr(experiment, name) for name in named}
    words["objectives"] = "\n".join(f"- {line}" for line in words["objectives"].splitlines() if line.strip())
    shown = zip(titles, words.values(), strict=True)
    return [(title, writing.to_html(text)) for title, text in shown if text]


def _moves(page: queries.Page, refused: rules.Move | None) -> list[dict[str, Any]]:
    """The buttons of an experiment's life, each with what it still waits for."""
    edit = reverse("networks:experiment_edit", args=[page.experiment.pk])
    return [
        {
            "move": move,
            "url": reverse("networks:experiment_move", args=[page.experiment.pk, move.name]),
            "lacks": [
                (lack.text, edit if lack.place == "texte" else f"#{lack.place}") for lack in page.lacks(move.target)
            ],
            "is_refused": move == refused,
        }
        for move in rules.moves_from(page.experiment.state)
    ]


def seen_by(request: HttpRequest, pk: int) -> Experiment:
    return get_object_or_404(queries.experiments(request.user), pk=pk)


def written_by(request: HttpRequest, pk: int) -> Experiment:
    """The experiment of one's circle; one that does not change any more sends back to its page, as a refusal."""
    experiment = get_object_or_404(queries.experiments(request.user).filter(is_mine=True), pk=pk)
    if not experiment.is_open:
        raise Refusal(actions.CLOSED)
    return experiment


@signed_in
@require_safe
def experiment_page(request: HttpRequest, pk: int) -> HttpResponse:
    return page_response(request, seen_by(request, pk))


def _form_page(
    request: HttpRequest,
    form: ExperimentForm,
    group: MutualisationGroup,
    experiment: Experiment | None = None,
    status: int = 200,
) -> HttpResponse:
    place = f"experiment:{experiment.pk}/texts" if experiment else f"group:{group.pk}/experiment"
    followed(form, request, place, over=experiment)
    context = {"form": form, "group": group, "experiment": experiment, "parents": crumbs(experiment)}
    return render(request, "networks/experiments/experiment_form.html", context, status=status)


def _group(request: HttpRequest, group_id: int) -> MutualisationGroup:
    return get_object_or_404(queries.groups_to_write_in(request.user), pk=group_id)


@signed_in
@require_safe
def experiment_new(request: HttpRequest, group_id: int) -> HttpResponse:
    group = _group(request, group_id)
    return _form_page(request, ExperimentForm(group=group), group)


@signed_in
@require_POST
@forgets_draft
def experiment_create(request: HttpRequest, group_id: int) -> HttpResponse:
    group = _group(request, group_id)
    form = ExperimentForm(request.POST, group=group)
    if form.is_valid():
        with refusals_in(form):
            made = actions.propose(group=group, texts=form.texts, by=request.user)
            return redirect("networks:experiment_page", made.pk)
    return _form_page(request, form, group, status=422)


@signed_in
@require_safe
def experiment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    experiment = written_by(request, pk)
    return _form_page(
        request, ExperimentForm(instance=experiment, group=experiment.group), experiment.group, experiment
    )


@signed_in
@require_POST
@forgets_draft
def experiment_update(request: HttpRequest, pk: int) -> HttpResponse:
    experiment = written_by(request, pk)
    form = ExperimentForm(request.POST, instance=experiment, group=experiment.group)
    if form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            actions.write(experiment=experiment, texts=form.texts, by=request.user, seen=seen)
            return redirect("networks:experiment_page", pk)
        except Refusal as refusal:
            form = _seen_again(request, form)
            form.add_error(None, str(refusal))
    return _form_page(request, form, experiment.group, experiment, status=422)


def _seen_again(request: HttpRequest, form: ExperimentForm) -> ExperimentForm:
    """What was typed, over the texts as they are by now: whoever has read the warning may save."""
    fresh = get_object_or_404(queries.experiments(request.user), pk=form.instance.pk)
    typed = request.POST.copy()
    typed["seen"] = fresh.updated_at.isoformat(timespec="microseconds")
    again = ExperimentForm(typed, instance=fresh, group=fresh.group)
    again.full_clean()
    return again


@signed_in
@require_POST
def experiment_move(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    experiment = get_object_or_404(queries.experiments(request.user).filter(is_led=True), pk=pk)
    move = rules.MOVE_NAMED.get(name)
    if move is None:
        raise Http404
    form = MoveForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else request.POST.get("why", "")[: rules.WHY_MAX]
    try:
        actions.move(experiment=experiment, name=name, by=request.user, why=why)
    except Refusal as refusal:
        more = {"refusal": str(refusal), "form": MoveForm(request.POST), "refused": move}
        return page_response(request, seen_by(request, pk), status=422, **more)
    messages.success(request, f"{move.done}.")
    return redirect("networks:experiment_page", pk)


def _paper(request: HttpRequest, experiment: Experiment, *, is_review: bool) -> HttpResponse:
    with refusals_above(request):
        sheet = printing.sheet(queries.page_of(experiment), is_review=is_review)
        return download(sheet.pdf(), f"{'bilan' if is_review else 'fiche'}-{experiment.pk}.pdf")
    return redirect("networks:experiment_page", experiment.pk)


@signed_in
@require_safe
@paced
def experiment_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    return _paper(request, seen_by(request, pk), is_review=False)


@signed_in
@require_safe
@paced
def experiment_review(request: HttpRequest, pk: int) -> HttpResponse:
    reviewed = queries.experiments(request.user).filter(state=rules.State.REVIEWED)
    return _paper(request, get_object_or_404(reviewed, pk=pk), is_review=True)
