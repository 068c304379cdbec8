"""Verbs of an inspector: let more teachers leave a school than the district sets, take it back, put it back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.access import Permission
from circo.errors import Refusal
from circo.models import Person, School
from events.days.rules import DayState
from events.models import LeavingException, SharingDay

STANDS = "Une exception est déjà accordée à cette école pour cette journée."


@transaction.atomic
def grant(*, day: SharingDay, school: School, reason: str, by: Person) -> LeavingException:
    """Let more leave one school, on one day, and say why.

    Raises: Refusal if one does not inspect that district, the day is over, no reason is given, or it was done already.
    """
    held = _inspected(day, by)
    if not reason.strip():
        raise Refusal("Dites pourquoi\u00a0: l’école et l’équipe le liront.")
    if held.leaving_exceptions.standing().filter(school=school).exists():
        raise Refusal(STANDS)
    return LeavingException.objects.create(day=held, school=school, reason=reason.strip(), granted_by=by)


@transaction.atomic
def take_back(*, exception: LeavingException, by: Person) -> LeavingException:
    """Take an exception back: letters already sent hold, no other one leaves. Twice is as once."""
    _inspected(exception.day, by)
    if exception.removed_at is None:
        exception.removed_at = timezone.now()
        exception.save(update_fields=["removed_at"])
    return exception


@transaction.atomic
def put_back(*, exception: LeavingException, by: Person) -> LeavingException:
    """Undo `take_back`.

    Raises: Refusal if another one was granted meanwhile.
    """
    held = _inspected(exception.day, by)
    if exception.removed_at is not None:
        if held.leaving_exceptions.standing().filter(school=exception.school_id).exists():
            raise Refusal(STANDS)
        exception.removed_at = None
        exception.save(update_fields=["removed_at"])
    return exception


def _inspected(day: SharingDay, by: Person) -> SharingDay:
    """Lock a day whose district one inspects: of two at once, the second reads what the first did."""
    held = SharingDay.objects.select_for_update(of=("self",)).get(pk=day.pk)
    if held.district_id not in by.reach().district_ids_for(Permission.EXCEED_LEAVING):
        raise Refusal("L’inspection seule accorde une exception.")
    if held.state in (DayState.CLOSED, DayState.CANCELLED):
        raise Refusal("Cette journée est close ou annulée\u00a0: sa liste ne change plus.")
    return held
