"""Verbs of one's private log."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.hours.rules import LogCategory
from circo.models import Person, ServiceLogEntry


@transaction.atomic
def note(*, on: date, minutes: int, category: LogCategory, text: str, by: Person) -> ServiceLogEntry:
    """Write a line in one's own log."""
    return ServiceLogEntry.objects.create(owner=by, on=on, minutes=minutes, category=category.value, note=text)


@transaction.atomic
def amend(
    *, line: ServiceLogEntry, on: date, minutes: int, category: LogCategory, text: str, by: Person
) -> ServiceLogEntry:
    """Correct a line of one's own log."""
    held = _own_line(line, by)
    held.on, held.minutes, held.category, held.note = on, minutes, category.value, text
    held.save()
    return held


@transaction.atomic
def remove(*, line: ServiceLogEntry, by: Person) -> ServiceLogEntry:
    """Remove a line of one's own log; it can be brought back until the next day."""
    held = _own_line(line, by)
    held.removed_at = held.removed_at or timezone.now()
    held.save(update_fields=["removed_at"])
    return held


@transaction.atomic
def bring_back(*, line: ServiceLogEntry, by: Person) -> ServiceLogEntry:
    """Bring back a line that was just removed."""
    held = _own_line(line, by)
    held.removed_at = None
    held.save(update_fields=["removed_at"])
    return held


def _own_line(line: ServiceLogEntry, by: Person) -> ServiceLogEntry:
    held = ServiceLogEntry.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=line.pk).first()
    if held is None:
        raise Refusal("Cette ligne n’est plus dans votre carnet.")
    return held
