"""One step of a draft as its author reads it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from circo import writing
from trainings.models import Question, Step, StepDocument, StepExcerpt
from trainings.paths.rules import StepKind


@dataclass(frozen=True)
class StepPage:
    """One step with what it holds. `questions`: those of no excerpt."""

    step: Step
    documents: list[StepDocument]
    questions: list[Question]
    excerpts: list[StepExcerpt]

    @property
    def html(self) -> SafeString:
        return writing.to_html(self.step.text)

    @property
    def is_quiz(self) -> bool:
        return self.step.kind == StepKind.QUIZ

    @property
    def plays(self) -> bool:
        return self.step.kind == StepKind.PACKAGE

    @property
    def package(self) -> StepDocument | None:
        """The package that it plays."""
        return next((one for one in self.documents if one.is_package), None)

    @property
    def has_films(self) -> bool:
        return self.step.kind in (StepKind.WATCH, StepKind.GRID)

    @property
    def may_stop(self) -> bool:
        """Its films may stop to ask something."""
        return self.step.kind == StepKind.WATCH


def step_page(step: Step) -> StepPage:
    """Read the page of a step."""
    excerpts = step.excerpts.select_related("film").prefetch_related("questions")
    return StepPage(step, list(step.documents.all()), list(step.questions.filter(excerpt=None)), list(excerpts))
