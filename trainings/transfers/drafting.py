"""A new draft made of plain data that came from another platform."""

from __future__ import annotations

from circo.errors import Refusal
from circo.models import District, Person
from trainings import documents
from trainings.models import LearningPath, Module, PathVersion, Question, Step
from trainings.outlines import Outline
from trainings.outlines import Step as OutlineStep
from trainings.packages.rules import LeftOut
from trainings.paths import rules
from trainings.quizzes import rules as quizzes
from trainings.quizzes.rules import PASS_PERCENT
from trainings.quizzes.rules import Question as Asked

PICTURE = "dites ce que montre l’image «\u00a0{}\u00a0»\u00a0: le cours ne le disait pas."
FULL = "au plus {} {} par étape\u00a0: les suivants ne sont pas repris."


def draft_of(outline: Outline, *, district: District, by: Person) -> tuple[PathVersion, list[LeftOut]]:
    """Write an outline as the draft of a new path, and say what could not be. Runs in the caller's transaction."""
    path = LearningPath.objects.create(district=district, created_by=by)
    version = PathVersion.objects.create(
        path=path, title=outline.title[: rules.TITLE_MAX], summary=outline.summary[: rules.SUMMARY_MAX]
    )
    left_out: list[LeftOut] = []
    for rank, module in enumerate(outline.modules[: rules.MODULES_MAX], 1):
        row = Module.objects.create(
            version=version, rank=rank, title=module.title[: rules.TITLE_MAX], aim=module.aim, minutes=module.minutes
        )
        for place, step in enumerate(module.steps[: rules.STEPS_MAX], 1):
            _write(step, row, place, left_out)
    return version, left_out


def _write(step: OutlineStep, module: Module, rank: int, left_out: list[LeftOut]) -> None:
    where = f"«\u00a0{step.title}\u00a0»"
    row = Step.objects.create(
        module=module,
        rank=rank,
        kind=step.kind,
        title=step.title[: rules.TITLE_MAX],
        text=step.text[: rules.TEXT_MAX],
        pass_percent=step.pass_percent or PASS_PERCENT,
    )
    if len(step.questions) > quizzes.QUESTIONS_MAX:
        left_out.append(LeftOut(where, FULL.format(quizzes.QUESTIONS_MAX, "questions")))
    if len(step.files) > rules.DOCUMENTS_MAX:
        left_out.append(LeftOut(where, FULL.format(rules.DOCUMENTS_MAX, "documents")))
    Question.objects.bulk_create(
        question_row(asked, row, place) for place, asked in enumerate(step.questions[: quizzes.QUESTIONS_MAX], 1)
    )
    for file in step.files[: rules.DOCUMENTS_MAX]:
        try:
            document = documents.keep(step=row, name=file.name, content=file.content, alt=file.alt[:300])
        except Refusal as refusal:
            left_out.append(LeftOut(where, f"«\u00a0{file.name}\u00a0» n’est pas repris. {refusal}"))
            continue
        if document.is_picture and not document.alt:
            left_out.append(LeftOut(where, PICTURE.format(document.name)))


def question_row(asked: Asked, step: Step, rank: int) -> Question:
    """A question of a quiz, not saved yet."""
    choices = [[one.text, one.is_right, one.feedback] for one in asked.choices]
    return Question(step=step, rank=rank, kind=asked.kind, text=asked.text, choices=choices, feedback=asked.feedback)
