"""Verbs of transfers: take a path away, bring a course, forget one; add the questions of a file, and undo it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from circo import jobs
from circo.attaching.rules import shown_name
from circo.errors import Refusal
from circo.models import District, Person
from trainings.models import LearningPath, PathTransfer, PathVersion, Question, Step
from trainings.paths.actions import drafts
from trainings.paths.actions.steps import held
from trainings.paths.queries.paths import districts
from trainings.paths.rules import StepKind
from trainings.quizzes import rules as quizzes
from trainings.transfers import drafting, running
from trainings.transfers.queries import BRING, TAKE
from trainings.transfers.rules import AT_ONCE_MAX, FILE_NAME_MAX, TransferForm, TransferState


@transaction.atomic
def take(*, version: PathVersion, form: TransferForm, by: Person) -> PathTransfer:
    """Have a package made of a version.

    Raises: Refusal for a path that one does not write, or if one waits for enough already.
    """
    if form is TransferForm.COURSE or not LearningPath.objects.editable_by(by).filter(pk=version.path_id).exists():
        raise Refusal(drafts.NOT_YOURS)
    _check_room(by)
    transfer = PathTransfer.objects.create(form=form, version=version, asked_by=by)
    jobs.ask(TAKE, str(transfer.pk))
    return transfer


@transaction.atomic
def bring(*, file: UploadedFile, district: District | None, by: Person) -> PathTransfer:
    """Keep a course until a worker has made a draft of it.

    Raises: Refusal in a district where one does not write, or if one waits for enough already.
    """
    if district is None or district not in districts(by):
        raise Refusal("Choisissez l’une de vos circonscriptions.")
    _check_room(by)
    name = shown_name(file.name or "")[-FILE_NAME_MAX:] or "cours.mbz"
    transfer = PathTransfer(
        form=TransferForm.COURSE, district=district, asked_by=by, file_name=name, size_bytes=file.size or 0
    )
    transfer.file = default_storage.save(f"{transfer.folder}/course", file)
    transfer.save(force_insert=True)
    jobs.ask(BRING, str(transfer.pk))
    return transfer


def _check_room(by: Person) -> None:
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # two tabs at once: one by one
    if PathTransfer.objects.editable_by(by).filter(state=TransferState.MAKING).count() >= AT_ONCE_MAX:
        raise Refusal(f"{AT_ONCE_MAX}\u00a0demandes sont déjà en préparation\u00a0: attendez que l’une finisse.")


@transaction.atomic
def forget(*, transfer: PathTransfer, by: Person) -> None:
    """Delete what one has taken or brought at once, without waiting for the week to end."""
    for own in PathTransfer.objects.editable_by(by).filter(pk=transfer.pk):
        running.forget(own)


@transaction.atomic
def add_questions(*, step: Step, questions: Sequence[quizzes.Question], by: Person) -> list[Question]:
    """Add questions at the end of a quiz.

    Raises: Refusal if the draft is published, if the step is no quiz or has no room, or for a question that nobody
        could answer rightly.
    """
    found = held(step, by)
    if found.kind != StepKind.QUIZ:
        raise Refusal("Seule une étape de questions en reçoit d’un fichier.")
    if found.questions.count() + len(questions) > quizzes.QUESTIONS_MAX:
        raise Refusal(f"Au plus {quizzes.QUESTIONS_MAX}\u00a0questions par étape\u00a0: faites-en deux.")
    if fault := next(filter(None, map(quizzes.fault_of, questions)), ""):
        raise Refusal(fault)
    last = drafts.last_rank(found.questions.all())
    rows = [drafting.question_row(one, found, rank) for rank, one in enumerate(questions, last + 1)]
    return Question.objects.bulk_create(rows)


@transaction.atomic
def remove_questions(*, step: Step, keys: Collection[int], by: Person) -> int:
    """Take out again the questions that were just added; return how many were still there.

    Raises: Refusal if the draft is published.
    """
    gone, _ = held(step, by).questions.filter(pk__in=keys, excerpt=None).delete()
    return gone
