"""More rows of training paths: versions, packages taken, courses brought, questions added."""

from __future__ import annotations

from circo.models import District, Person
from tests.trainings.learners import module_of, path_of, question_of, step_of, version_of
from trainings.models import Module, PathTransfer, Step
from trainings.paths.rules import StepKind, VersionState
from trainings.transfers.rules import TransferForm, TransferState


def quiz_of(district: District) -> Step:
    """The quiz of a draft, in a path that learners take."""
    published = path_of(district, "Un parcours à emporter")
    draft = version_of(published.path, number=2, state=VersionState.DRAFT, title="Un parcours à emporter")
    return step_of(module_of(draft), StepKind.QUIZ, "Des questions")


def transfer_of(quiz: Step, person: Person) -> PathTransfer:
    version = quiz.module.version
    return PathTransfer.objects.create(
        form=TransferForm.SCORM, version=version, asked_by=person, state=TransferState.READY, left_out=[["Étape", "x"]]
    )


def transfers(transfer: PathTransfer, quiz: Step, numbers: range) -> None:
    """Taken and brought by the same person; what was left out of one; more of what the path holds."""
    asked = {"asked_by": transfer.asked_by, "state": TransferState.READY}
    district = quiz.module.version.path.district
    PathTransfer.objects.bulk_create(
        PathTransfer(form=TransferForm.SCORM, version=transfer.version, **asked) for _ in numbers
    )
    PathTransfer.objects.bulk_create(
        PathTransfer(form=TransferForm.COURSE, district=district, file_name=f"cours-{n}.mbz", **asked) for n in numbers
    )
    transfer.left_out = [*transfer.left_out, *([f"Étape {n}", "un film"] for n in numbers)]
    transfer.save(update_fields=["left_out"])
    Module.objects.bulk_create(
        Module(version=transfer.version, title=f"Module {n}", rank=n, minutes=10) for n in numbers
    )
    for n in numbers[:20]:
        question_of(quiz, f"Question {n} ?")
