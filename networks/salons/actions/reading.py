"""How far one has read, and what one has begun to write."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from circo.models import Person
from networks.models import Salon, SalonReading


@transaction.atomic
def mark_read(*, salon: Salon, seq: int, by: Person) -> None:
    """Note that a person has read a salon up to a number; a smaller one changes nothing."""
    seq = max(0, min(seq, salon.last_seq))
    mine = SalonReading.objects.editable_by(by).filter(salon=salon)
    if not mine.update(read_seq=Greatest(F("read_seq"), seq)):
        SalonReading.objects.get_or_create(salon=salon, person=by)
        mine.update(read_seq=Greatest(F("read_seq"), seq))
