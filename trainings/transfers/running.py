"""The background work of transfers: make a package, read a course, forget both after a week."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from circo import folders, jobs, notices
from circo.errors import Refusal
from circo.logs import security
from circo.models import Person
from trainings.models import LearningPath, PathTransfer
from trainings.outlines import Outline
from trainings.packages import backups, cartridge, scorm
from trainings.packages.rules import LeftOut
from trainings.paths.queries.paths import districts
from trainings.transfers import drafting, outlining
from trainings.transfers.queries import BRING, TAKE
from trainings.transfers.rules import KEPT, SUFFIXES, TransferForm, TransferState

READY = notices.NoticeKind(
    "path-transfers", "Parcours emportés ou repris", "Quand un paquet ou un cours que vous avez demandé est prêt."
)
FOLDER = "transfers"  # of the storage; see PathTransfer.folder
READING_SHARE, WRITING_SHARE = 0.6, 0.3  # of the progress bar: of a package its documents, of a course its archive
GONE = "Le fichier n’est plus là. Envoyez-le de nouveau."


def take(attempt: jobs.Run) -> None:
    """Make the package of a version."""
    transfer = PathTransfer.objects.select_related("version", "asked_by").get(pk=attempt.subject_id)
    version = transfer.version
    if version is None or not LearningPath.objects.editable_by(transfer.asked_by).filter(pk=version.path_id).exists():
        raise Refusal("Ce parcours n’est plus de ceux que vous écrivez.")
    outline, left_out = outlining.outline_of(version, lambda share: attempt.report(READING_SHARE * share))
    form = TransferForm(transfer.form)
    with tempfile.TemporaryFile() as file:
        left_out += _written(outline, form, file)
        attempt.report(0.9)
        transfer.size_bytes = file.tell()
        file.seek(0)
        # An attempt that lost its lease writes over nobody's file.
        key = f"{transfer.folder}/{attempt.epoch}.{SUFFIXES[form]}"
        transfer.file = default_storage.save(key, File(file))
    _settle(transfer, left_out)
    with attempt.finish():
        transfer.save(update_fields=["file", "size_bytes", "state", "reason", "left_out"])
        _tell(transfer, "Votre paquet est prêt")


def _written(outline: Outline, form: TransferForm, file: IO[bytes]) -> list[LeftOut]:
    if form is TransferForm.CARTRIDGE:
        return cartridge.write(outline, file)
    scorm.write(outline, file)
    return []


def bring(attempt: jobs.Run) -> None:
    """Read a course, and make a draft of it. Its file is removed, whatever comes of it."""
    transfer = PathTransfer.objects.select_related("district", "asked_by").get(pk=attempt.subject_id)
    if transfer.district is None or transfer.district not in districts(transfer.asked_by):
        raise Refusal("Cette circonscription n’est plus de celles où vous écrivez des parcours.")
    attempt.report(0.05)
    outline, left_out = _read(transfer)
    attempt.report(WRITING_SHARE)
    with transaction.atomic():
        transfer.version, more = drafting.draft_of(outline, district=transfer.district, by=transfer.asked_by)
        _settle(transfer, [*left_out, *more])
        with attempt.finish():
            forget_file(transfer)
            transfer.save(update_fields=["version", "file", "state", "reason", "left_out"])
            _tell(transfer, "Votre cours est repris")


def _read(transfer: PathTransfer) -> tuple[Outline, list[LeftOut]]:
    try:
        file = default_storage.open(transfer.file)
    except FileNotFoundError:
        raise Refusal(GONE) from None
    with file:
        try:
            return backups.read(file)
        except Refusal as refusal:
            security.warning("course brought by person %s refused: %s", transfer.asked_by_id, refusal)
            raise


def _settle(transfer: PathTransfer, left_out: Sequence[LeftOut]) -> None:
    transfer.state, transfer.reason = TransferState.READY.value, ""
    transfer.left_out = [[one.where, one.why] for one in left_out]


def _tell(transfer: PathTransfer, title: str) -> None:
    notices.tell(
        person=transfer.asked_by,
        kind=READY.name,
        key=f"transfer-{transfer.pk}",
        title=title,
        text=transfer.title,
        path=reverse("trainings:transfer_page", args=[transfer.pk]),
    )


def failed(subject_id: str, reason: str) -> None:
    """Tell whoever asked that nobody will try again by itself; a course that is refused is not kept."""
    for transfer in PathTransfer.objects.filter(pk=subject_id):
        transfer.state, transfer.reason = TransferState.FAILED.value, reason
        if transfer.is_course:
            forget_file(transfer)
        transfer.save(update_fields=["state", "reason", "file"])


# --- Time passes ----------------------------------------------------------------------------------------------------
def forget_file(transfer: PathTransfer) -> None:
    """Delete the file once the transaction holds; the row keeps its report."""
    folder, transfer.file = transfer.folder, ""
    transaction.on_commit(lambda: folders.remove(folder), robust=True)


def forget(transfer: PathTransfer) -> None:
    """Delete a transfer, its work and its file; the draft that was made of a course stays."""
    jobs.forget(BRING if transfer.is_course else TAKE, str(transfer.pk))
    folder = transfer.folder
    transfer.delete()
    transaction.on_commit(lambda: folders.remove(folder), robust=True)


def erase(person: Person) -> None:
    """Forget all that a person took or brought."""
    for transfer in PathTransfer.objects.filter(asked_by=person):
        forget(transfer)


def purge() -> None:
    """Forget the transfers of last week, and the files that none names; harmless when run twice at once."""
    for transfer in PathTransfer.objects.filter(asked_at__lt=timezone.now() - KEPT).order_by("pk"):
        with transaction.atomic():
            forget(transfer)
    known = {str(pk) for pk in PathTransfer.objects.order_by("pk").values_list("pk", flat=True)}
    folders.remove_orphans(FOLDER, known)
