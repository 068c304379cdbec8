"""Erase a person: what each app keeps of them, the lines of history that name them, the account."""

from __future__ import annotations

from django.db import transaction

from circo import registries
from circo.documents import batches
from circo.models import DataExport, Erasure, LetterBatch, OutgoingMail, Person, Posting
from circo.personal import exporting


@transaction.atomic
def erase(person: Person, *, by: Person) -> Erasure:
    """Erase all that is kept of a person, and write down how much it was. Files go after the transaction.

    What others wrote under their comments and on their films goes with these. What stays: grids that others have used,
    without an owner; documents issued under a code, which whoever holds the paper may still check.
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
    person_id = person.pk
    person.delete()
    # Last: deleting writes a line of history of its own.
    Posting.history.filter(person_id=person_id).delete()
    Person.history.filter(id=person_id).delete()
    return written
