"""What the sweeps need of what authors take away and bring."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.house.supplying import Scene, Supplied
from tests.trainings.written import draft_of, module_of, step_of
from trainings.models import PathTransfer
from trainings.paths.rules import StepKind
from trainings.transfers.rules import TransferForm, TransferState


def supply(scene: Scene) -> Supplied:
    there = "_there" if scene.mark else ""
    author, mark = scene.world.people[f"adviser{there}"], scene.mark
    version = draft_of(scene.ground, author, mark)
    quiz = step_of(module_of(version, f"Observer{mark}"), StepKind.QUIZ, f"Répondre{mark}")
    transfer = PathTransfer(form=TransferForm.SCORM, version=version, asked_by=author, state=TransferState.READY)
    transfer.file = default_storage.save(f"{transfer.folder}/1.zip", ContentFile(b"PK"))
    transfer.save(force_insert=True)
    return Supplied(
        {
            **{f"trainings:export_{verb}": {"pk": version.path_id} for verb in ("new", "ask")},
            "trainings:course_new": {},
            "trainings:course_send": {},
            **{f"trainings:transfer_{verb}": {"pk": transfer.pk} for verb in ("page", "download", "forget")},
            **{f"trainings:questions_{verb}": {"pk": quiz.pk} for verb in ("bring", "try", "add", "undo")},
        }
    )
