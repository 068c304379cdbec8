"""The background work of a batch: each letter alone for the archive, then all of them in one file to print."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from circo import folders, jobs, notices
from circo.documents import engine, queries, rules
from circo.models import BatchState, IssuedDocument, LetterBatch

KIND = queries.KIND
READY = notices.NoticeKind(
    "letters-ready", "Courriers prêts", "Quand un lot de courriers que vous avez demandé est prêt."
)
KEPT = timedelta(days=7)
FOLDER = "documents"  # of the storage; see LetterBatch.folder
REPORT_EVERY = 10  # letters
ALONE_SHARE = 0.6  # of the progress bar: the letters one by one


def make(attempt: jobs.Run) -> None:
    """Make the letters of a batch; its data are forgotten once they are made."""
    batch = LetterBatch.objects.get(pk=attempt.subject_id)
    archive = _archive(batch, attempt)
    attempt.report(ALONE_SHARE)
    letters = [letter["data"] for letter in batch.letters]
    pdf = engine.render_all(batch.template, batch.title, letters, most=rules.BATCH_CHARACTERS_MAX)
    attempt.report(0.95)
    stem = f"{batch.folder}/{attempt.epoch}"  # an attempt that lost its lease writes over nobody's files
    batch.pdf = default_storage.save(f"{stem}.pdf", ContentFile(pdf))
    batch.archive = default_storage.save(f"{stem}.zip", ContentFile(archive))
    batch.state, batch.reason, batch.letters = BatchState.READY, "", []
    with attempt.finish():
        batch.save(update_fields=["pdf", "archive", "state", "reason", "letters"])
        notices.tell(
            person=batch.asked_by,
            kind=READY.name,
            key=f"batch-{batch.pk}",
            title="Vos courriers sont prêts",
            text=f"{batch.title} ({batch.letter_count})",
            path=reverse("documents:batch_page", args=[batch.pk]),
        )


def _archive(batch: LetterBatch, attempt: jobs.Run) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:  # a PDF is compressed already
        for number, letter in enumerate(batch.letters, start=1):
            if number % REPORT_EVERY == 1:
                attempt.report(ALONE_SHARE * (number - 1) / batch.letter_count)
            name = "-".join(filter(None, [f"{number:03d}", slugify(letter["label"])[:80]]))
            archive.writestr(f"{name}.pdf", engine.render(batch.template, letter["data"]))
    return file.getvalue()


def failed(subject_id: str, reason: str) -> None:
    """Tell whoever asked that nobody will try again by itself."""
    LetterBatch.objects.filter(pk=subject_id).update(state=BatchState.FAILED, reason=reason)


# --- Time passes ----------------------------------------------------------------------------------------------------
def forget(batch: LetterBatch) -> None:
    """Delete a batch, its work and its files."""
    jobs.forget(KIND, str(batch.pk))
    folder = batch.folder
    batch.delete()
    transaction.on_commit(lambda: folders.remove(folder), robust=True)


def purge() -> None:
    """Forget the batches of last week, the files that no batch names, and documents issued long ago; safe twice."""
    now = timezone.now()
    for batch in LetterBatch.objects.filter(asked_at__lt=now - KEPT).defer("letters").order_by("pk"):
        with transaction.atomic():
            forget(batch)
    folders.remove_orphans(FOLDER, {str(pk) for pk in LetterBatch.objects.order_by("pk").values_list("pk", flat=True)})
    IssuedDocument.objects.filter(issued_on__lt=queries.forgotten_before(timezone.localdate())).delete()
