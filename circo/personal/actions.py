"""Verbs of personal data: ask for an export, drop it, erase a person."""

from __future__ import annotations

from django.db import transaction

from circo import jobs
from circo.errors import Refusal
from circo.models import DataExport, Erasure, ExportState, Person
from circo.personal import erasing, exporting


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


@transaction.atomic
def erase(*, person: Person, by: Person) -> Erasure:
    """Erase a person whose account is closed, with all that they deposited; nothing brings it back.

    Raises: Refusal if `by` does not keep the platform running, or if the account is still open.
    """
    if not by.is_superuser or not by.is_active:
        raise Refusal("Seule la personne qui tient la plateforme peut effacer quelqu’un.")
    held = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if held.is_active:  # closing can be undone, and gives time to notice a mistake
        raise Refusal(f"Fermez d’abord le compte de {held}.")
    return erasing.erase(held, by=by)
