"""A version as whoever reads it before beginning it does: each step, and of its films those that one sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from circo import writing
from circo.models import Person
from trainings.models import Module, PathVersion, Question, Step, StepDocument, StepExcerpt
from trainings.paths.rules import StepKind
from trainings.queries import modules_whole
from videos.models import Film
from videos.rules import timecode


@dataclass(frozen=True)
class ExcerptRead:
    """One excerpt. Without a `film`, this person does not see it: the step is sealed."""

    excerpt: StepExcerpt
    film: Film | None

    @property
    def start(self) -> str:
        return timecode(self.excerpt.in_s)


@dataclass(frozen=True)
class StepRead:
    """One step as it is read."""

    step: Step
    excerpts: Sequence[ExcerptRead]
    questions: Sequence[Question]
    documents: Sequence[StepDocument]

    @property
    def html(self) -> SafeString:
        return writing.to_html(self.step.text)

    @property
    def visits(self) -> bool:
        return self.step.kind == StepKind.VISIT


@dataclass(frozen=True)
class ModuleRead:
    module: Module
    steps: Sequence[StepRead]


def read(version: PathVersion, person: Person) -> list[ModuleRead]:
    """Read a whole version. The number of queries does not depend on what it holds."""
    modules = modules_whole(version)
    excerpts = [one for module in modules for step in module.steps.all() for one in step.excerpts.all()]
    wanted = {one.film_id for one in excerpts if one.film_id}
    films = Film.objects.visible_to(person).watchable().filter(pk__in=wanted).select_related("author")
    seen = {film.pk: film for film in films}
    return [ModuleRead(one, [_step(step, seen) for step in one.steps.all()]) for one in modules]


def _step(step: Step, seen: dict) -> StepRead:
    excerpts = [ExcerptRead(one, seen.get(one.film_id)) for one in step.excerpts.all()]
    return StepRead(
        step, excerpts, list(step.questions.all()), [one for one in step.documents.all() if not one.is_package]
    )
