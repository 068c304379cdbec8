"""What the sweeps need of training paths."""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers import serialize
from django.utils import timezone

from tests.house.supplying import Scene, Supplied
from tests.trainings.written import draft_of, module_of, publish, step_of
from trainings import documents
from trainings.models import LearningPath, RemovedPart
from trainings.paths.rules import StepKind

PDF = b"%PDF-1.7\n%%EOF"
OF_PATH = ("page", "open", "move")
OF_VERSION = ("preview", "check", "publish", "remove", "describe", "update")
VERBS = ("edit", "update", "move", "remove")


def supply(scene: Scene) -> Supplied:
    there = "_there" if scene.mark else ""
    author, mark = scene.world.people[f"trainer{there}"], scene.mark
    version = draft_of(scene.ground, author, mark)
    module = module_of(version, f"Observer{mark}")
    step = step_of(module, StepKind.WATCH, f"Regarder{mark}")
    excerpt = step.excerpts.create(rank=1, title=f"Le silence{mark}", in_s=1, out_s=4)
    question = step.questions.create(rank=1, kind="SHORT", text=f"Combien ?{mark}", choices=[["12", False, ""]])
    sha256 = hashlib.sha256(PDF).hexdigest()
    default_storage.delete(documents.key_of(sha256, "pdf"))
    default_storage.save(documents.key_of(sha256, "pdf"), ContentFile(PDF))
    document = step.documents.create(kind="pdf", name=f"fiche{mark}.pdf", size_bytes=len(PDF), sha256=sha256)
    playing = step_of(module, StepKind.PACKAGE, f"Jouer{mark}")
    gone = step_of(module, title=f"Retirée{mark}")
    part = RemovedPart.objects.create(version=version, title=gone.title, rows=serialize("json", [gone]))
    gone.delete()
    removed = LearningPath.objects.create(district=scene.ground.district, removed_at=timezone.now())
    own = publish(draft_of(scene.ground, mark=mark))  # nobody finds in the library what one's own team wrote
    return Supplied(
        {
            **{f"trainings:path_{verb}": {"pk": version.path_id} for verb in OF_PATH},
            "trainings:version_prepare": {"pk": version.path_id},
            "trainings:path_restore": {"pk": removed.pk},
            **{f"trainings:version_{verb}": {"pk": version.pk} for verb in OF_VERSION},
            **{f"trainings:module_{verb}": {"pk": version.pk} for verb in ("new", "create")},
            **{f"trainings:module_{verb}": {"pk": module.pk} for verb in VERBS},
            **{f"trainings:step_{verb}": {"pk": module.pk} for verb in ("new", "create")},
            **{f"trainings:step_{verb}": {"pk": step.pk} for verb in VERBS},
            "trainings:step_preview": {"pk": step.pk},
            **{f"trainings:question_{verb}": {"pk": step.pk} for verb in ("new", "create")},
            **{f"trainings:question_{verb}": {"pk": question.pk} for verb in VERBS},
            **{f"trainings:excerpt_{verb}": {"pk": step.pk} for verb in ("choose", "new", "create")},
            **{f"trainings:excerpt_{verb}": {"pk": excerpt.pk} for verb in VERBS},
            "trainings:excerpt_replace": {"pk": excerpt.pk},
            "trainings:document_attach": {"pk": step.pk},
            "trainings:step_document": {"pk": document.pk},
            "trainings:package_bring": {"pk": playing.pk},
            **{f"trainings:document_{verb}": {"pk": document.pk} for verb in ("describe", "remove")},
            "trainings:part_restore": {"pk": part.pk},
            **{f"trainings:{name}": {"pk": own.pk} for name in ("library_page", "path_adapt")},
        },
        {"pathversion": version},
    )
