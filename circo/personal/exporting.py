"""The background work of an export: one JSON file for each kind of thing."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from circo import folders, jobs, notices, registries
from circo.models import DataExport, ExportState, Person
from circo.personal import queries

KIND = queries.KIND
READY = notices.NoticeKind(
    "export-ready", "Mes données", "Quand l’export de vos données, que vous avez demandé, est prêt."
)
KEPT = timedelta(days=7)
FOLDER = "exports"  # of the storage; see DataExport.folder
README = """Vos données sur la plateforme, telles qu’elles étaient le {day}.

Chaque fichier .json est une liste : une ligne par chose, avec ses champs en toutes lettres. Il s’ouvre avec un éditeur
de texte, et se relit par un programme.

{notes}
"""


def make(attempt: jobs.Run) -> None:
    """Make the archive of all that is kept of a person."""
    export = DataExport.objects.select_related("person").get(pk=attempt.subject_id)
    with tempfile.TemporaryFile() as file:
        _write(file, export.person, attempt)
        export.size_bytes = file.tell()
        file.seek(0)
        # An attempt that lost its lease writes over nobody's file.
        export.archive = default_storage.save(f"{export.folder}/{attempt.epoch}.zip", File(file))
    export.state, export.reason = ExportState.READY, ""
    with attempt.finish():
        export.save(update_fields=["archive", "size_bytes", "state", "reason"])
        notices.tell(
            person=export.person,
            kind=READY.name,
            key=f"export-{export.pk}",
            title="Vos données sont prêtes",
            path=reverse("personal:data_page"),
        )


def _write(file: IO[bytes], person: Person, attempt: jobs.Run) -> None:
    holdings = registries.holdings()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        notes = "\n".join(f"{holding.title} : {holding.note}" for holding in holdings if holding.note)
        archive.writestr("LISEZ-MOI.txt", README.format(day=f"{timezone.localdate():%d/%m/%Y}", notes=notes))
        for number, holding in enumerate(holdings):
            attempt.report(number / len(holdings))
            told = json.dumps(list(_told(holding, person)), ensure_ascii=False, indent=2, cls=DjangoJSONEncoder)
            archive.writestr(f"{number + 1:03d}-{slugify(holding.title.replace('œ', 'oe'))}.json", told)


def _told(holding: registries.Holding, person: Person) -> Iterator[dict[str, Any]]:
    for row in holding.rows(person).values_list(*holding.fields.values()).iterator(chunk_size=500):
        yield dict(zip(holding.fields, row, strict=True))


def failed(subject_id: str, reason: str) -> None:
    """Tell whoever asked that nobody will try again by itself."""
    DataExport.objects.filter(pk=subject_id).update(state=ExportState.FAILED, reason=reason)


# --- Time passes ----------------------------------------------------------------------------------------------------
def forget(export: DataExport) -> None:
    """Delete an export, its work and its file."""
    jobs.forget(KIND, str(export.pk))
    folder = export.folder
    export.delete()
    transaction.on_commit(lambda: folders.remove(folder), robust=True)


def purge() -> None:
    """Forget the exports of last week, and the files that no export names; harmless when run twice at once."""
    for export in DataExport.objects.filter(asked_at__lt=timezone.now() - KEPT).order_by("pk"):
        with transaction.atomic():
            forget(export)
    folders.remove_orphans(FOLDER, {str(pk) for pk in DataExport.objects.order_by("pk").values_list("pk", flat=True)})
