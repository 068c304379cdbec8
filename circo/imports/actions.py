"""Verbs of imports: bring a file, write it for good, give it up."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.imports import lines, running
from circo.models import Departement, District, ImportRun, ImportState, Institution, Person
from circo.models import import_kinds as kinds


@transaction.atomic
def start(
    *,
    kind: str,
    place: District | Departement | Institution,
    file: UploadedFile,
    send_invitations: bool = False,
    by: Person,
) -> ImportRun:
    """Keep a file and have it tried: nothing is written but the report.

    Raises: Refusal if `by` may not import there.
    """
    sort = kinds.kind_of(kind)
    lines.authority_of(place=place, kind=sort, by=by, on=timezone.localdate())
    run = ImportRun.objects.create(
        kind=kind,
        **{sort.place.value: place},
        file=file,
        file_name=(file.name or "")[-255:],
        send_invitations=send_invitations and sort.has_invitations,
        started_by=by,
    )
    jobs.ask(running.CHECK, str(run.pk))
    return run


@transaction.atomic
def apply(*, run: ImportRun, by: Person) -> ImportRun:
    """Have a tried import written; asking twice writes once.

    Raises: Refusal if it is not waiting for that.
    """
    waiting = ImportRun.objects.filter(pk=run.pk, state=ImportState.CHECKED).exclude(file="")
    if not waiting.update(state=ImportState.APPLYING, applied_by=by, reason=""):
        raise Refusal("Cet import n’attend pas d’être écrit : il l’est déjà, ou son fichier est effacé.")
    jobs.ask(running.APPLY, str(run.pk))
    return run


@transaction.atomic
def drop(*, run: ImportRun, by: Person) -> ImportRun:
    """Give a tried import up, and delete its file.

    Raises: Refusal if it is not waiting.
    """
    dropped = ImportRun.objects.filter(pk=run.pk, state=ImportState.CHECKED).update(
        state=ImportState.DROPPED, reason=f"Abandonné par {by.get_full_name()}."
    )
    if not dropped:
        raise Refusal("Cet import n’attend plus : il est écrit, ou déjà abandonné.")
    running.forget_file(run)
    run.save(update_fields=["file"])
    return run
