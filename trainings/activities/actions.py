"""Verbs of activities: an author gives a step its package; a learner says what came of it."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from circo.errors import Refusal
from circo.models import Person
from trainings import documents
from trainings.activities import packages, rules
from trainings.learning.actions.settling import begun, done, held, settle
from trainings.learning.queries.way import Way
from trainings.models import Enrolment, Step, StepDocument
from trainings.paths.actions import steps
from trainings.paths.rules import H5P, StepKind


def bring(*, step: Step, file: UploadedFile, by: Person) -> StepDocument:
    """Give a step of a draft the package that it plays. It is checked before anything is held.

    Raises: Refusal if the draft is published, if the step has one already or plays none, or for a package that is too
        heavy, damaged or hostile.
    """
    if (file.size or 0) > rules.BYTES_MAX:
        raise Refusal(rules.TOO_HEAVY)
    file.seek(0)
    packages.check(file)
    return _keep(step, file, by)


@transaction.atomic
def _keep(step: Step, file: UploadedFile, by: Person) -> StepDocument:
    found = steps.held(step, by)
    if found.kind != StepKind.PACKAGE:
        raise Refusal("Cette étape n’est pas une activité H5P.")
    if found.documents.filter(kind=H5P).exists():
        raise Refusal("Cette étape a déjà une activité\u00a0: retirez-la d’abord.")
    return documents.keep_package(step=found, file=file)


@transaction.atomic
def play(*, enrolment: Enrolment, step: Step, percent: int | None, by: Person) -> Way:
    """Say that one has finished an activity, with the score that it shows, if it has any; the best is kept.

    The score is the learner's own word, and proves nothing: see docs/decisions/0049-h5p.md.
    Raises: Refusal for a step that plays none, or may not be done.
    """
    if step.kind != StepKind.PACKAGE:
        raise Refusal("Cette étape n’est pas une activité H5P.")
    if percent is not None and not 0 <= percent <= 100:
        raise Refusal("Le résultat de cette activité ne se lit pas.")
    found = held(enrolment, by)
    progress = begun(found, step, by)
    if percent is not None:
        progress.percent = max(progress.percent or 0, percent)
    done(progress)
    return settle(found, by, step)
