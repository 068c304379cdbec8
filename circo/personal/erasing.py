"""Erase a person: what each app keeps of them, the lines of history that name them, the account."""

from __future__ import annotations

import re
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from circo import registries
from circo.documents import batches
from circo.models import DataExport, Erasure, LetterBatch, Notice, OutgoingMail, Person, Posting
from circo.personal import exporting, queries

GONE = "Une personne partie"  # in the place of a name that was erased


@transaction.atomic
def erase(person: Person, *, by: Person) -> Erasure:
    """Erase all that is kept of a person, and write down how much it was. Files go after the transaction.

    What others wrote under their comments and on their films goes with these. What stays: grids that others have used,
    without an owner; documents issued under a code, which whoever holds the paper may still check; what others wrote
    elsewhere, in which a mention of them names nobody any more.
    """
    counts = {holding.title: holding.rows(person).count() for holding in registries.holdings()}
    written = Erasure.objects.create(
        account_number=person.pk, erased_by=by, counts={title: count for title, count in counts.items() if count}
    )
    for forget in registries.erasers():
        forget(person)
    for batch in LetterBatch.objects.filter(asked_by=person).defer("letters").order_by("pk"):
        batches.forget(batch)
    for export in DataExport.objects.filter(person=person):
        exporting.forget(export)
    OutgoingMail.objects.filter(to__iexact=person.email).delete()
    for name in queries.names_of(person):
        _unname(name)
    person_id = person.pk
    person.delete()
    # Last: deleting writes a line of history of its own.
    Posting.history.filter(person_id=person_id).delete()
    Person.history.filter(id=person_id).delete()
    return written


def _unname(name: str) -> None:
    """Name nobody where the platform told others of a person, wherever the name stands in a sentence.

    Who bears that very name too is named no longer either.
    """
    whole = re.compile(rf"(?<!\w)(de )?{re.escape(name)}(?!\w)")
    told: list[tuple[QuerySet[Any], tuple[str, ...]]] = [
        (Notice.objects.all(), ("title", "text")),
        (OutgoingMail.objects.all(), ("subject",)),
    ]
    for rows, fields in told:
        for field in fields:
            for row in rows.filter(**{f"{field}__contains": name}):
                setattr(row, field, whole.sub(_nobody, getattr(row, field))[: row._meta.get_field(field).max_length])
                row.save(update_fields=[field])


def _nobody(found: re.Match[str]) -> str:
    if found[1]:
        return f"d’{GONE.lower()}"
    return GONE if found.start() == 0 else GONE.lower()
