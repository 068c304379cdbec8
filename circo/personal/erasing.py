"""Erase a person: what each app keeps of them, the lines of history that name them, the account."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat, Left, Substr

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
    """Name nobody where the platform told others what a person did: our sentences begin with the name.

    What it told of somebody else who bears that very name is told all the same.
    """
    told: list[tuple[QuerySet[Any], str]] = [(Notice.objects.all(), "title"), (OutgoingMail.objects.all(), "subject")]
    for rows, field in told:
        rest = Substr(field, len(name) + 1)
        written = Left(Concat(Value(GONE), rest), 200)
        rows.filter(**{f"{field}__startswith": f"{name} "}).update(**{field: written})
