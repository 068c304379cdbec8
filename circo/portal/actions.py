"""What people change by themselves on the portal's own pages."""

from __future__ import annotations

from django.db import transaction

from circo.models import Person


@transaction.atomic
def rename(*, person: Person, first_name: str, last_name: str) -> Person:
    """Write one's own name as one wishes to read it."""
    person.first_name = first_name
    person.last_name = last_name
    person.save(update_fields=["first_name", "last_name"])
    return person
