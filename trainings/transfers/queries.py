"""Reads of the pages of transfers."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from circo.models import Job, JobState, Person
from trainings.models import LearningPath, PathTransfer, PathVersion
from trainings.transfers.rules import TransferForm, TransferState

TAKE, BRING = "path_take", "course_bring"  # of the jobs
LISTED_MAX = 20  # of one week


def of_person(person: Person) -> QuerySet[PathTransfer]:
    return PathTransfer.objects.visible_to(person).select_related("version")


def of_path(person: Person, path: LearningPath) -> list[PathTransfer]:
    """What one has taken of a path lately, the newest first."""
    rows = of_person(person).exclude(form=TransferForm.COURSE).filter(version__path=path)
    return list(rows[:LISTED_MAX])


def courses(person: Person) -> list[PathTransfer]:
    """What one has brought lately, the newest first."""
    return list(of_person(person).filter(form=TransferForm.COURSE)[:LISTED_MAX])


def versions_to_take(path: LearningPath) -> list[PathVersion]:
    """The newest version, and the one that learners take, if another."""
    rows = list(path.versions.all())
    shown = [one for one in rows if not one.is_draft][:1]
    return list(dict.fromkeys([*rows[:1], *shown]))


@dataclass(frozen=True)
class Progress:
    """How far the work is, in numbers and in words."""

    percent: int
    doing: str


def progress_of(transfer: PathTransfer) -> Progress | None:
    """None once nothing is being made."""
    if transfer.state != TransferState.MAKING:
        return None
    kind = BRING if transfer.is_course else TAKE
    job = Job.objects.filter(kind=kind, subject_id=str(transfer.pk)).first()
    if job is None or job.state == JobState.QUEUED:
        return Progress(0, "En attente d’un moment de libre…")
    verb = "Lecture du cours" if transfer.is_course else "Préparation du paquet"
    return Progress(job.percent, f"{verb}\u00a0: {job.percent}\u00a0%")
