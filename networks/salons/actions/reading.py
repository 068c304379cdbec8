"""How far one has read, and what one has begun to write."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from circo.errors import Refusal
from circo.models import Person
from networks.models import Salon, SalonDraft, SalonReading
from networks.salons import rules


@transaction.atomic
def mark_read(*, salon: Salon, seq: int, by: Person) -> None:
    """Note that a person has read a salon up to a number; a smaller one changes nothing."""
    seq = max(0, min(seq, salon.last_seq))
    mine = SalonReading.objects.editable_by(by).filter(salon=salon)
    if not mine.update(read_seq=Greatest(F("read_seq"), seq)):
        SalonReading.objects.get_or_create(salon=salon, person=by)
        mine.update(read_seq=Greatest(F("read_seq"), seq))


@transaction.atomic
def keep_draft(*, salon: Salon, text: str, by: Person) -> SalonDraft | None:
    """Keep what a person is writing in a salon; nothing typed keeps nothing.

    Raises: Refusal if the salon is not for `by`, or if the text is too long to be kept.
    """
    if not Salon.objects.writable_by(by).filter(pk=salon.pk).exists():
        raise Refusal("On n’écrit plus dans ce salon.")
    text = text.replace("\0", "")  # PostgreSQL keeps no such sign
    if len(text) > rules.DRAFT_MAX:
        raise Refusal(f"Au-delà de {rules.DRAFT_MAX} signes, un brouillon ne peut pas être gardé.")
    mine = SalonDraft.objects.editable_by(by)
    if not text.strip():
        mine.filter(salon=salon).delete()
        return None
    return mine.update_or_create(salon=salon, person=by, defaults={"text": text})[0]
