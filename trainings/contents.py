"""The content of a version: told apart by its print, copied."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from trainings.models import Module, PathVersion, Question, Statement, Step, StepDocument, StepExcerpt
from trainings.queries import modules_whole

# What a step says to its learner: as long as none of it changes, what was done of it stays done.
STEP_FIELDS = (
    "kind",
    "title",
    "text",
    "is_optional",
    "pass_percent",
    "proves_module",
    "grid_id",
    "salon_id",
    "practice",
    "expert_id",
)
EXCERPT_FIELDS = ("key", "rank", "film_id", "title", "in_s", "out_s")
QUESTION_FIELDS = ("key", "rank", "kind", "text", "choices", "feedback", "at_s")
DOCUMENT_FIELDS = ("kind", "name", "alt", "size_bytes", "sha256")
MODULE_FIELDS = ("key", "rank", "title", "aim", "minutes", "is_optional")
VERSION_FIELDS = ("title", "summary", "levels", "subject")


def print_of(step: Step) -> str:
    """Return the print of a step's content: the same for two steps that say the same.

    `step`: as `trainings.queries.steps_whole` reads it.
    """
    said = {name: getattr(step, name) for name in STEP_FIELDS}
    said["excerpts"] = [[str(getattr(one, name)) for name in EXCERPT_FIELDS] for one in step.excerpts.all()]
    said["questions"] = [
        [*(getattr(one, name) for name in QUESTION_FIELDS if name != "key"), str(one.key)]
        for one in step.questions.all()
    ]
    said["documents"] = sorted([one.sha256, one.name, one.alt] for one in step.documents.all())
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def copy(source: PathVersion, target: PathVersion) -> None:
    """Write the modules of one version again in another, with the same keys. Runs in the caller's transaction."""
    made: dict[int, Module] = {}
    modules = modules_whole(source)
    for module in modules:
        made[module.pk] = Module.objects.create(version=target, **_fields(module, MODULE_FIELDS))
        Statement.objects.bulk_create(
            Statement(module=made[module.pk], rank=one.rank, text=one.text) for one in module.statements.all()
        )
        copy_steps(module.steps.all(), made[module.pk])
    for module in modules:
        made[module.pk].needs.set(made[one.pk] for one in module.needs.all())


def copy_steps(steps: Iterable[Step], module: Module) -> None:
    """Write steps again in another module, with the same keys."""
    for step in steps:
        new = Step.objects.create(module=module, key=step.key, rank=step.rank, **_fields(step, STEP_FIELDS))
        excerpts = {
            one.pk: StepExcerpt.objects.create(step=new, **_fields(one, EXCERPT_FIELDS)) for one in step.excerpts.all()
        }
        Question.objects.bulk_create(
            Question(
                step=new,
                excerpt=excerpts[one.excerpt_id] if one.excerpt_id else None,
                **_fields(one, QUESTION_FIELDS),
            )
            for one in step.questions.all()
        )
        StepDocument.objects.bulk_create(
            StepDocument(step=new, **_fields(one, DOCUMENT_FIELDS)) for one in step.documents.all()
        )


def _fields(row: object, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}
