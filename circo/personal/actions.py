"""Verbs of one's own data: ask for an export, drop it."""

from __future__ import annotations

from django.db import transaction

from circo import jobs
from circo.models import DataExport, ExportState, Person
from circo.personal import exporting


@transaction.atomic
def start_export(*, by: Person) -> DataExport:
    """Have all that is kept of oneself put in an archive, in place of the one made before.

    Asking again while it is being made changes nothing.
    """
    former = DataExport.objects.editable_by(by).select_for_update(of=("self",)).first()
    if former is not None and former.state == ExportState.MAKING:
        return former
    if former is not None:
        exporting.forget(former)
    export = DataExport.objects.create(person=by)
    jobs.ask(exporting.KIND, str(export.pk))
    return export


@transaction.atomic
def forget_export(*, export: DataExport, by: Person) -> None:
    """Delete one's own archive at once, without waiting for the week to end."""
    for own in DataExport.objects.editable_by(by).filter(pk=export.pk):
        exporting.forget(own)
