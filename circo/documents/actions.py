"""Verbs of documents: ask for a batch, issue under a code, withdraw, by hand or with what they are of."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from circo import jobs
from circo.documents import batches, rules
from circo.documents.letters import Letter
from circo.errors import Refusal
from circo.models import BatchState, District, IssuedDocument, LetterBatch, Person


@transaction.atomic
def start_batch(*, title: str, letters: Sequence[Letter], by: Person) -> LetterBatch:
    """Have letters of one kind made by a worker; `title` names the batch and no person.

    Raises: Refusal if there are none, or too many, or if too many were asked for already.
    """
    if not letters:
        raise Refusal("Il n’y a aucun courrier à préparer.")
    if len(letters) > rules.LETTERS_MAX:
        raise Refusal(f"Un lot compte au plus {rules.LETTERS_MAX} courriers : demandez-en plusieurs.")
    own = LetterBatch.objects.editable_by(by)
    if own.filter(state=BatchState.MAKING).count() >= rules.BATCHES_AT_ONCE_MAX or own.count() >= rules.BATCHES_MAX:
        raise Refusal("Vous avez déjà demandé beaucoup de courriers. Attendez qu’ils soient prêts, ou effacez-en.")
    templates = {letter.template for letter in letters}
    if len(templates) > 1:
        raise ValueError(f"letters of several kinds: {sorted(templates)}")
    rows = [{"label": letter.label, "data": letter.data()} for letter in letters]
    if len(json.dumps(rows)) > rules.BATCH_CHARACTERS_MAX:
        raise Refusal("Ces courriers sont trop longs pour être préparés ensemble : demandez-en plusieurs lots.")
    batch = LetterBatch.objects.create(
        template=templates.pop(), title=title, letters=rows, letter_count=len(rows), asked_by=by
    )
    jobs.ask(batches.KIND, str(batch.pk))
    return batch


@transaction.atomic
def retry_batch(*, batch: LetterBatch, by: Person) -> LetterBatch:
    """Have a batch that failed made again.

    Raises: Refusal if it did not fail.
    """
    again = LetterBatch.objects.editable_by(by).filter(pk=batch.pk, state=BatchState.FAILED)
    if not again.update(state=BatchState.MAKING, reason=""):
        raise Refusal("Ces courriers ne sont pas à refaire.")
    jobs.ask(batches.KIND, str(batch.pk))
    return batch


@transaction.atomic
def forget_batch(*, batch: LetterBatch, by: Person) -> None:
    """Delete a batch at once, without waiting for the week to end."""
    for own in LetterBatch.objects.editable_by(by).filter(pk=batch.pk):
        batches.forget(own)


@transaction.atomic
def issue(
    *,
    kind: str,
    recipient: str,
    subject: str,
    by: Person,
    district: District | None = None,
    person: Person | None = None,
    issued_on: date | None = None,
    valid_until: date | None = None,
    authority: str = "",
) -> IssuedDocument:
    """Write down what is issued, under a code that nobody guesses; put `code` on the letter."""
    return IssuedDocument.objects.create(
        code=_new_code(),
        kind=kind,
        recipient=recipient,
        subject=subject,
        authority=authority or settings.LETTER["authority"],
        issued_on=issued_on or timezone.localdate(),
        valid_until=valid_until,
        person=person,
        district=district,
        issued_by=by,
    )


def issue_all(
    *, kind: str, subjects: Mapping[Person, str], districts: Mapping[int, District], by: Person
) -> list[IssuedDocument]:
    """The same for many people at once, in one query: what is issued to each, and in which district, by their key."""
    today, authority = timezone.localdate(), settings.LETTER["authority"]
    return IssuedDocument.objects.bulk_create(
        IssuedDocument(
            code=_new_code(),
            kind=kind,
            recipient=str(person),
            subject=subject,
            authority=authority,
            issued_on=today,
            person=person,
            district=districts.get(person.pk),
            issued_by=by,
        )
        for person, subject in subjects.items()
    )


def _new_code() -> str:
    return "".join(secrets.choice(rules.CODE_LETTERS) for _ in range(rules.CODE_LENGTH))


@transaction.atomic
def withdraw(*, document: IssuedDocument, by: Person) -> IssuedDocument:
    """Declare that a document no longer holds; withdrawing twice keeps the first instant.

    Raises: Refusal if `by` may not.
    """
    _check_may(document, by)
    IssuedDocument.objects.filter(pk=document.pk, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
    document.refresh_from_db()
    return document


@transaction.atomic
def restore(*, document: IssuedDocument, by: Person) -> IssuedDocument:
    """Declare that a withdrawn document holds again.

    Raises: Refusal if `by` may not.
    """
    _check_may(document, by)
    document.withdrawn_at = None
    document.save(update_fields=["withdrawn_at"])
    return document


def call_off(documents: QuerySet[IssuedDocument]) -> None:
    """Declare that documents no longer hold, because what they are of is called off: by whoever may call it off."""
    documents.filter(withdrawn_at=None).update(withdrawn_at=timezone.now())


def call_on(documents: QuerySet[IssuedDocument]) -> None:
    """Declare that documents hold again, because what they are of does."""
    documents.update(withdrawn_at=None)


def _check_may(document: IssuedDocument, by: Person) -> None:
    if not IssuedDocument.objects.editable_by(by).filter(pk=document.pk).exists():
        raise Refusal("Seules les personnes qui délivrent ces documents peuvent les retirer.")
