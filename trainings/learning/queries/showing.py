"""One step as a page shows it: to its learner, or to its author who reads it as a learner would."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from circo import writing
from circo.models import Person
from trainings.learning.queries.sealing import films_seen
from trainings.models import Enrolment, Question, QuestionAnswer, Step, StepDocument, StepExcerpt
from trainings.queries import steps_whole
from trainings.quizzes.rules import QuestionKind
from trainings.watching import queries as watching
from trainings.watching.rules import Seen


@dataclass(frozen=True)
class QuestionShown:
    """One question with the order in which its answers are offered, and what was answered."""

    question: Question
    order: Sequence[int]  # ranks of the choices
    answered: QuestionAnswer | None

    @property
    def said(self) -> list[str]:
        """What was answered, in words."""
        if self.answered is None:
            return []
        if self.question.kind == QuestionKind.SHORT:
            return list(self.answered.answer)
        return [self.question.rule.choices[int(rank)].text for rank in self.answered.answer]

    @property
    def feedbacks(self) -> list[str]:
        """What the author says of what was answered, then of the question."""
        if self.answered is None:
            return []
        choices = self.question.rule.choices
        chosen = [] if self.question.kind in (QuestionKind.SHORT, QuestionKind.ORDER) else self.answered.answer
        found = [choices[int(rank)].feedback for rank in chosen]
        return [text for text in (*found, self.question.feedback) if text]

    @property
    def right_ones(self) -> list[str]:
        """The right answer, in words."""
        rule = self.question.rule
        if rule.kind in (QuestionKind.SHORT, QuestionKind.ORDER):
            return [choice.text for choice in rule.choices][: 1 if rule.kind is QuestionKind.SHORT else None]
        return [choice.text for choice in rule.choices if choice.is_right]


@dataclass(frozen=True)
class ExcerptShown:
    """One excerpt, what was watched of it, and the questions at its seconds."""

    excerpt: StepExcerpt
    is_sealed: bool
    seen: Seen
    questions: Sequence[QuestionShown]


@dataclass(frozen=True)
class StepShown:
    step: Step
    html: SafeString
    excerpts: Sequence[ExcerptShown]
    questions: Sequence[QuestionShown]  # those of no excerpt
    documents: Sequence[StepDocument]

    @property
    def pictures(self) -> Sequence[StepDocument]:
        return [one for one in self.documents if one.is_picture]

    @property
    def papers(self) -> Sequence[StepDocument]:
        return [one for one in self.documents if not (one.is_picture or one.is_package)]

    @property
    def package(self) -> StepDocument | None:
        """The package of the activity that it plays."""
        return next((one for one in self.documents if one.is_package), None)

    @property
    def is_answered(self) -> bool:
        return any(one.answered for one in self.questions)

    @property
    def stops(self) -> list[QuestionShown]:
        """The questions for which a player stops."""
        return [one for excerpt in self.excerpts if not excerpt.is_sealed for one in excerpt.questions]


def shown(step_id: int, person: Person, enrolment: Enrolment | None = None) -> StepShown:
    """Read a step that the caller has found in a scope. Twelve queries at the most, whatever it holds."""
    step = steps_whole().get(pk=step_id)
    films = films_seen([step], person)
    answers = {}
    if enrolment:
        rows = QuestionAnswer.objects.filter(enrolment=enrolment, question__step=step)
        answers = {row.question_id: row for row in rows}
    seen = watching.seen_of(enrolment, step.excerpts.all())
    seed = enrolment.pk if enrolment else 0
    questions = [QuestionShown(one, order_of(one, seed), answers.get(one.pk)) for one in step.questions.all()]
    return StepShown(
        step=step,
        html=writing.to_html(step.text, top=2),
        excerpts=[
            ExcerptShown(
                excerpt=one,
                is_sealed=one.film_id not in films,
                seen=seen[one.pk],
                questions=sorted(
                    (asked for asked in questions if asked.question.excerpt_id == one.pk),
                    key=lambda asked: asked.question.at_s or 0,
                ),
            )
            for one in step.excerpts.all()
        ],
        questions=[one for one in questions if one.question.excerpt_id is None],
        documents=list(step.documents.all()),
    )


def order_of(question: Question, seed: int) -> list[int]:
    """The order in which the answers are offered: the author's; of things to put in order, another one that lasts."""
    ranks = list(range(len(question.choices)))
    if question.kind == QuestionKind.ORDER:
        random.Random(f"{question.key}:{seed}").shuffle(ranks)  # noqa: S311 (no secret)
        if ranks == sorted(ranks):
            ranks.reverse()
    return ranks
