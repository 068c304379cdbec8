"""The questions of a quiz, and those asked at a second of an excerpt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from circo import htmx
from circo.access import Permission, requires
from circo.drafts.forms import followed, forgets_draft, names_kept
from circo.refusals import refusals_above, refusals_in
from circo.rules import number_in
from trainings.models import Question, Step, StepExcerpt
from trainings.paths.actions import contents as actions
from trainings.paths.forms.contents import QuestionForm
from trainings.paths.views.parts import parents, place_asked
from trainings.paths.views.steps import step_of


def _question(request: HttpRequest, pk: int) -> Question:
    rows = Question.objects.editable_by(request.user)
    return get_object_or_404(rows.select_related("step__module__version__path", "excerpt__film"), pk=pk)


def _excerpt(request: HttpRequest, step: Step, text: str | None) -> StepExcerpt | None:
    """The excerpt in which it is asked, if the address names one."""
    if not (number := number_in(text)):
        return None
    rows = StepExcerpt.objects.editable_by(request.user).select_related("film")
    return get_object_or_404(rows, pk=number, step=step)


def to_question(question: Question) -> HttpResponse:
    return redirect(f"{reverse('trainings:step_edit', args=[question.step_id])}#question-{question.pk}")


def _place(step: Step, excerpt: StepExcerpt | None, question: Question | None = None) -> str:
    """Where what one types is kept."""
    return f"question:{question.pk}" if question else f"question-of:{step.pk}/{excerpt.pk if excerpt else 0}"


def _form(
    request: HttpRequest,
    form: QuestionForm,
    step: Step,
    excerpt: StepExcerpt | None,
    question: Question | None = None,
    status: int = 200,
) -> HttpResponse:
    followed(form, request, _place(step, excerpt, question), over=question)
    back = reverse("trainings:step_edit", args=[step.pk])
    context = {
        "form": form,
        "step": step,
        "excerpt": excerpt,
        "film": excerpt.film if excerpt else None,
        "question": question,
        "back_url": back,
        "parents": [*parents(step.module.version), (step.title, back)],
    }
    return htmx.page(request, "trainings/paths/question.html", "form", context, status=status)


@requires(Permission.WRITE_PATHS)
@require_safe
def question_new(request: HttpRequest, pk: int) -> HttpResponse:
    step = step_of(request, pk)
    excerpt = _excerpt(request, step, request.GET.get("extrait"))
    initial = {"at_s": excerpt.in_s} if excerpt else {}
    names = names_kept(request, _place(step, excerpt))
    return _form(request, QuestionForm(excerpt=excerpt, initial=initial, names=names), step, excerpt)


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def question_create(request: HttpRequest, pk: int) -> HttpResponse:
    step = step_of(request, pk)
    excerpt = _excerpt(request, step, request.POST.get("extrait"))
    form = QuestionForm(request.POST, excerpt=excerpt)
    if "plus" in request.POST:
        return _form(request, form, step, excerpt, status=422)
    if form.is_valid():
        with refusals_in(form):
            return to_question(actions.ask(step=step, excerpt=excerpt, text=form.said, by=request.user))
    return _form(request, form, step, excerpt, status=422)


@requires(Permission.WRITE_PATHS)
@require_safe
def question_edit(request: HttpRequest, pk: int) -> HttpResponse:
    question = _question(request, pk)
    names = names_kept(request, _place(question.step, question.excerpt, question))
    form = QuestionForm(question=question, excerpt=question.excerpt, names=names)
    return _form(request, form, question.step, question.excerpt, question)


@requires(Permission.WRITE_PATHS)
@require_POST
@forgets_draft
def question_update(request: HttpRequest, pk: int) -> HttpResponse:
    question = _question(request, pk)
    form = QuestionForm(request.POST, question=question, excerpt=question.excerpt)
    if "plus" in request.POST:
        return _form(request, form, question.step, question.excerpt, question, status=422)
    if form.is_valid():
        with refusals_in(form):
            return to_question(actions.ask_otherwise(question=question, text=form.said, by=request.user))
    return _form(request, form, question.step, question.excerpt, question, status=422)


@requires(Permission.WRITE_PATHS)
@require_POST
def question_move(request: HttpRequest, pk: int) -> HttpResponse:
    question = _question(request, pk)
    rows = list(question.step.questions.filter(excerpt=None))
    with refusals_above(request):
        place = place_asked(request, rows, question) if question in rows else 0
        actions.move(part=question, place=place, by=request.user)
    return to_question(question)


@requires(Permission.WRITE_PATHS)
@require_POST
def question_remove(request: HttpRequest, pk: int) -> HttpResponse:
    question = _question(request, pk)
    query = {}
    with refusals_above(request):
        query["retire"] = actions.remove(part=question, by=request.user).pk
    return redirect(reverse("trainings:step_edit", args=[question.step_id], query=query))
