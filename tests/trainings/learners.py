"""A path made of plain steps, and a learner who takes it."""

from __future__ import annotations

from typing import Any

from circo.models import District, Person
from trainings.learning import actions
from trainings.models import Enrolment, LearningPath, Module, PathVersion, Question, Statement, Step, StepExcerpt
from trainings.paths.rules import Opening, StepKind, VersionState
from trainings.quizzes.rules import QuestionKind
from videos.models import Film


def path_of(district: District, title: str = "Lire des histoires", **fields: Any) -> PathVersion:
    """A published path of one module without steps."""
    path = LearningPath.objects.create(district=district, opening=fields.pop("opening", Opening.DISTRICT))
    return version_of(path, title=title, **fields)


def version_of(
    path: LearningPath, *, number: int = 1, state: str = VersionState.PUBLISHED, **fields: Any
) -> PathVersion:
    published = None if state == VersionState.DRAFT else path.created_at
    return PathVersion.objects.create(path=path, number=number, state=state, published_at=published, **fields)


def module_of(version: PathVersion, title: str = "Premier module", **fields: Any) -> Module:
    fields.setdefault("minutes", 60)
    return Module.objects.create(version=version, title=title, rank=version.modules.count(), **fields)


def step_of(module: Module, kind: StepKind = StepKind.READING, title: str = "Un texte", **fields: Any) -> Step:
    return Step.objects.create(module=module, kind=kind, title=title, rank=module.steps.count(), **fields)


def question_of(step: Step, text: str = "Combien font deux et deux ?", **fields: Any) -> Question:
    """A question whose right answer is the second of three."""
    fields.setdefault("kind", QuestionKind.SINGLE)
    fields.setdefault("choices", [["trois", False, "Recomptez."], ["quatre", True, ""], ["cinq", False, ""]])
    return Question.objects.create(step=step, text=text, rank=step.questions.count(), **fields)


def excerpt_of(step: Step, film: Film, in_s: float = 0, out_s: float = 10, **fields: Any) -> StepExcerpt:
    return StepExcerpt.objects.create(
        step=step, film=film, in_s=in_s, out_s=out_s, title="La lecture", rank=step.excerpts.count(), **fields
    )


def statement_of(module: Module, text: str = "Je sais lire une histoire à voix haute") -> Statement:
    return Statement.objects.create(module=module, text=text, rank=module.statements.count())


def learner(person: Person, version: PathVersion, **fields: Any) -> Enrolment:
    return actions.enrol(path=version.path, by=person, **fields)
