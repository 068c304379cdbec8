"""A step, and what its learner does of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import signed_in
from circo.drafts.forms import followed, forgets_draft
from circo.errors import Refusal
from circo.refusals import refusals_in
from circo.rules import number_in
from trainings.activities import actions as activities
from trainings.activities import framing
from trainings.activities.forms import ResultForm
from trainings.learning import actions
from trainings.learning.forms import AnswerForm, DepositForm, GridForm, LogForm
from trainings.learning.queries import lists, looking
from trainings.learning.queries.showing import ExcerptShown, QuestionShown, StepShown, shown
from trainings.learning.views.paths import enrolment
from trainings.models import Enrolment, Step, StepProgress
from trainings.paths.rules import StepKind
from trainings.watching.tokens import token_for
from videos.rules import timecode


def _step(request: HttpRequest, row: Enrolment, step_id: int) -> Step:
    return get_object_or_404(Step.objects.visible_to(request.user), pk=step_id, module__version=row.version)


def _form(request: HttpRequest, row: Enrolment, one: StepShown, progress: StepProgress | None) -> object:
    """The form of what one types there, if that step has one."""
    kind, place = one.step.kind, f"enrolment:{row.pk}/step:{one.step.key}"
    if kind == StepKind.LOG:
        return followed(LogForm(initial={"text": progress.text if progress else ""}), request, place)
    if kind == StepKind.DEPOSIT:
        return DepositForm(person=request.user, initial={"film": progress.film_id if progress else None})
    if kind == StepKind.GRID:
        criteria, said = looking.criteria(one.step), looking.answers(row, one.step)
        return followed(GridForm(criteria=criteria, said=said), request, place)
    if one.questions:
        return followed(AnswerForm(questions=one.questions), request, place)
    return None


@dataclass(frozen=True)
class Stop:
    """A question for which the player stops, as `trainings/watching/player.html` shows it."""

    shown: QuestionShown
    form: AnswerForm
    action: str

    @property
    def pk(self) -> int:
        return self.shown.question.pk

    @property
    def at_s(self) -> float:
        return self.shown.question.at_s or 0

    @property
    def timecode(self) -> str:
        return timecode(self.at_s)

    @property
    def is_answered(self) -> bool:
        return self.shown.answered is not None


def _stop(row: Enrolment, step: Step, one: QuestionShown, form: AnswerForm | None = None) -> Stop:
    action = reverse("trainings:answer", args=[row.path_id, step.pk])
    return Stop(one, form or AnswerForm(questions=[one]), action)


@dataclass(frozen=True)
class Played:
    """An excerpt as its player shows it. Without a token, nothing is counted."""

    shown: ExcerptShown
    token: str
    stops: Sequence[Stop]


def _played(row: Enrolment, one: StepShown, stop_form: AnswerForm | None) -> list[Played]:
    """The excerpts of a step, each with its questions; `stop_form`: that of one of these, which comes back."""
    now = timezone.now()
    return [
        Played(
            shown=excerpt,
            token="" if excerpt.is_sealed or row.left_at else token_for(row, excerpt.excerpt, now=now),
            stops=[_stop(row, one.step, asked, _of(asked, stop_form)) for asked in excerpt.questions],
        )
        for excerpt in one.excerpts
    ]


def _of(asked: QuestionShown, form: AnswerForm | None) -> AnswerForm | None:
    return form if form and f"q{asked.question.pk}" in form.questions else None


def _page(
    request: HttpRequest,
    row: Enrolment,
    step: Step,
    *,
    form: object = None,
    stop_form: AnswerForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    one = shown(step.pk, request.user, row)
    context = lists.step_context(row, request.user, one)
    context |= {
        "form": form or _form(request, row, one, context["here"].progress),
        "played": _played(row, one, stop_form),
        "refusal": refusal,
        "looks": looking.looks(row, step) if step.kind == StepKind.GRID else [],
    }
    response = htmx.page(request, "trainings/learning/step_page.html", "step", context, status=status)
    return framing.may_frame(response, request) if one.package else response


@signed_in
@require_safe
def step_page(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    row = enrolment(request, pk)
    return _page(request, row, _step(request, row, step_id))


def _acted(pk: int, step: Step) -> HttpResponse:
    """Stay on the step: what it says of what was done is there, and the way on."""
    return redirect(reverse("trainings:step_page", args=[pk, step.pk]) + "#suite")


@signed_in
@require_POST
def step_done(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    """Go on to the next step, or back to the path once it is finished."""
    row = enrolment(request, pk)
    step = _step(request, row, step_id)
    verb = actions.read if step.kind in (StepKind.READING, StepKind.PACKAGE) else actions.confirm
    try:
        found = verb(enrolment=row, step=step, by=request.user)
    except Refusal as refusal:
        return _page(request, row, step, refusal=str(refusal), status=422)
    after = None if found.is_complete else found.step_after(step)
    return redirect("trainings:step_page", pk, after.step.pk) if after else redirect("trainings:path_show", pk)


@signed_in
@require_POST
@forgets_draft
def answer(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    """The questions of a step; or the one for which the player stopped, where the form names it."""
    row = enrolment(request, pk)
    step = _step(request, row, step_id)
    one = shown(step.pk, request.user, row)
    stop = number_in(request.POST.get("question"))
    asked = [ask for ask in one.stops if ask.question.pk == stop] if stop else one.questions
    if not asked:
        return _page(request, row, step, status=422)
    form = AnswerForm(request.POST, questions=asked)
    if form.is_valid():
        with refusals_in(form):
            actions.answer(enrolment=row, step=step, answers=form.answers, by=request.user)
            if stop and request.htmx:
                return _stop_alone(request, row, step, stop)
            return _acted(pk, step)
    if not stop:
        return _page(request, row, step, form=form, status=422)
    if not request.htmx:
        return _page(request, row, step, stop_form=form, status=422)
    context = {"stop": _stop(row, step, asked[0], form)}
    return render(request, "trainings/learning/stop.html", context, status=422)


def _stop_alone(request: HttpRequest, row: Enrolment, step: Step, stop: int) -> HttpResponse:
    fresh = next(ask for ask in shown(step.pk, request.user, row).stops if ask.question.pk == stop)
    return render(request, "trainings/learning/stop.html", {"stop": _stop(row, step, fresh)})


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
            return _acted(pk, step)
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
            return _acted(pk, step)
    return _page(request, row, step, form=form, status=422)


@signed_in
@require_POST
@forgets_draft
def observe(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    row = enrolment(request, pk)
    step = _step(request, row, step_id)
    form = GridForm(request.POST, criteria=looking.criteria(step), said={})
    if form.is_valid():
        with refusals_in(form):
            actions.observe(enrolment=row, step=step, answers=form.answers, by=request.user)
            return _acted(pk, step)
    return _page(request, row, step, form=form, status=422)


@signed_in
@require_POST
def play(request: HttpRequest, pk: int, step_id: int) -> HttpResponse:
    """What an activity came to, as the page that frames it was told."""
    row = enrolment(request, pk)
    step = _step(request, row, step_id)
    form = ResultForm(request.POST)
    if not form.is_valid():
        return _page(request, row, step, refusal=form.errors["percent"][0], status=422)
    try:
        activities.play(enrolment=row, step=step, percent=form.cleaned_data["percent"], by=request.user)
    except Refusal as refusal:
        return _page(request, row, step, refusal=str(refusal), status=422)
    return _acted(pk, step)
