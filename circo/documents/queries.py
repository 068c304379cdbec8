"""Reads of the documents' pages."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from circo.access import Anyone
from circo.documents import rules
from circo.models import IssuedDocument, Job, LetterBatch, Person

KIND = "letters"  # of the job that makes a batch


def batches_page(person: Person) -> QuerySet[LetterBatch]:
    """One's batches, the newest first; without the letters themselves, which no page shows."""
    return LetterBatch.objects.visible_to(person).defer("letters").order_by("-asked_at", "-pk")


def job_of(batch: LetterBatch) -> Job | None:
    """The work on this batch."""
    return Job.objects.filter(kind=KIND, subject_id=str(batch.pk)).first()


def issued(code: str) -> IssuedDocument | None:
    """The document issued under this code, whoever asks: the code is the right."""
    wanted = rules.code_of(code)
    return IssuedDocument.objects.filter(code=wanted).first() if wanted else None


def may_withdraw(document: IssuedDocument, person: Anyone) -> bool:
    """Tell whether this person may withdraw a document, or bring it back."""
    return IssuedDocument.objects.editable_by(person).filter(pk=document.pk).exists()


def forgotten_before(today: date) -> date:
    """The day before which issued documents are no longer known."""
    return today.replace(year=today.year - rules.ISSUED_KEPT_YEARS, day=min(today.day, 28))
