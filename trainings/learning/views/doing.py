"""A step, and what its learner does of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.errors import Refusal
from circo.refusals import refusals_in
from circo.rules import number_in
from trainings.learning import actions
from trainings.learning.forms import AnswerForm, DepositForm, LogForm
from trainings.learning.queries import lists
from trainings.learning.queries.showing import StepShown, shown
from trainings.learning.views.paths import enrolment
from trainings.models import Enrolment, Step
from trainings.paths.rules import StepKind


def _step(request: HttpRequest, row: Enrolment, step_id: int) -> Step:
    return get_object_or_404(Step.objects.visible_to(request.user), pk=step_id, module__version=row.version)


def _form(request: HttpRequest, row: Enrolment, one: StepShown, data: object = None) -> object:
    """The form of what one types there, if that step has one."""
    kind, place = one.step.kind, f"enrolment:{row.pk}/step:{one.step.key}"
    progress = lists.progress_of(row, one.step)
    if kind == StepKind.LOG:
        return followed(LogForm(data, initial={"text": progress.text if progress else ""}), request, place)
    if kind == StepKind.DEPOSIT:
        return DepositForm(data, person=request.user, initial={"film": progress.film_id if progress else None})
    if one.asked:
        return followed(AnswerForm(data, questions=one.asked), request, place)
    return None


def _page(
    request: HttpRequest, row: Enrolment, step: Step, *, form: object = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    one = shown(step.pk, request.user, row)
    context = lists.step_context(row, request.user, one) | {
        "form": form or _form(request, row, one),
        "refusal": refusal,
    }
    return htmx.page(request, "trainings/learning/step_page.html", "step", context, status=status)


@signed_in
@require_safe
def step_page(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    row = enrolment(request, pk)
    return _page(request, row, _step(request, row, step_id))


def _acted(request: HttpRequest, pk: int, step: Step) -> HttpResponse:
    """Stay on the step: what it says of what was done is there, and the way on."""
    response = redirect("trainings:step_page", pk, step.pk)
    response["Location"] += "#suite"
    return response


@signed_in
@require_POST
def step_done(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    row = enrolment(request, pk)
    step = _step(request, row, step_id)
    try:
        if step.kind == StepKind.READING:
            actions.read(enrolment=row, step=step, by=request.user)
        else:
            actions.confirm(enrolment=row, step=step, by=request.user)
    except Refusal as refusal:
        return _page(request, row, step, refusal=str(refusal), status=422)
    return _acted(request, pk, step)


@signed_in
@require_POST
@forgets_draft
def answer(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    """All the questions of a step; or the one that the player stopped at, where the form names it."""
    row = enrolment(request, pk)
    step = _step(request, row, step_id)
    asked = shown(step.pk, request.user, row).asked
    if only := number_in(request.POST.get("question")):
        asked = [one for one in asked if one.question.pk == only]
    form = AnswerForm(request.POST, questions=asked)
    if asked and form.is_valid():
        with refusals_in(form):
            actions.answer(enrolment=row, step=step, answers=form.answers, by=request.user)
            return _acted(request, pk, step)
    return _page(request, row, step, form=form, status=422)


@signed_in
@require_POST
@forgets_draft
def write(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    row = enrolment(request, pk)
    step = _step(request, row, step_id)
    form = LogForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            actions.write(enrolment=row, step=step, text=form.cleaned_data["text"], by=request.user)
            return _acted(request, pk, step)
    return _page(request, row, step, form=form, status=422)


@signed_in
@require_POST
def deposit(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    row = enrolment(request, pk)
    step = _step(request, row, step_id)
    form = DepositForm(request.POST, person=request.user)
    if form.is_valid():
        with refusals_in(form):
            actions.deposit(enrolment=row, step=step, film=form.cleaned_data["film"], by=request.user)
            return _acted(request, pk, step)
    return _page(request, row, step, form=form, status=422)
