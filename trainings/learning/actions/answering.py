"""Answer questions: of a quiz, or at the seconds of an excerpt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from trainings.learning.actions import doing
from trainings.learning.actions.settling import begun, done, held, settle
from trainings.learning.queries.way import Way
from trainings.models import Enrolment, Question, QuestionAnswer, Step
from trainings.paths.rules import StepKind
from trainings.quizzes import rules
from trainings.quizzes.rules import QuestionKind


@transaction.atomic
def answer(*, enrolment: Enrolment, step: Step, answers: Mapping[int, Sequence[str]], by: Person) -> Way:
    """Keep the answers to some questions of a step: see `quizzes.rules.is_right` for their form.

    A quiz is done once its part of right answers is reached; until then, and after, one may answer again: the best
    counts.
    Raises: Refusal for an answer that is none of those offered, or a step that may not be done.
    """
    found = held(enrolment, by)
    progress = begun(found, step, by)
    for question in step.questions.filter(pk__in=answers):
        _keep(found, question, answers[question.pk])
    is_over = step.kind == StepKind.WATCH and not doing.fault_of_watching(found, step, by)
    if step.kind == StepKind.QUIZ:
        progress.percent = max(progress.percent or 0, rules.percent(*_score(found, step)))
        is_over = progress.percent >= step.pass_percent
    if is_over:
        done(progress)
    else:
        progress.save()
    return settle(found, by, step)


def _keep(enrolment: Enrolment, question: Question, said: Sequence[str]) -> None:
    rule = question.rule
    if rule.kind is QuestionKind.SHORT:
        said = [one[: rules.ANSWER_MAX] for one in said[:1]]
    elif not set(said) <= {str(rank) for rank in range(len(rule.choices))}:
        raise Refusal("Choisissez parmi les réponses proposées.")
    row, is_new = QuestionAnswer.objects.get_or_create(
        enrolment=enrolment,
        question=question,
        defaults={"answer": list(said), "is_right": rules.is_right(rule, said)},
    )
    if not is_new:
        row.answer, row.is_right = list(said), rules.is_right(rule, said)
        row.tries, row.answered_at = row.tries + 1, timezone.now()
        row.save()


def _score(enrolment: Enrolment, step: Step) -> tuple[int, int]:
    """How many questions of a step were answered rightly, and how many there are."""
    rows = QuestionAnswer.objects.filter(enrolment=enrolment, question__step=step, is_right=True)
    return rows.count(), step.questions.count()
