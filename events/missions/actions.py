"""The verb of missions: a substitute says that they will be there."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import Person
from events.models import CoverAssignment


@transaction.atomic
def confirm(*, assignment: CoverAssignment, by: Person) -> CoverAssignment:
    """Say that one will be there: by the substitute alone. Twice is as once.

    Raises: Refusal if the mission is not one's own, or is no more.
    """
    held = CoverAssignment.objects.of_substitute(by).select_for_update(of=("self",)).filter(pk=assignment.pk).first()
    if held is None:  # another plan came in force since it was read
        raise Refusal("Cette mission n’est pas, ou plus, la vôtre.")
    CoverAssignment.objects.filter(pk=held.pk, confirmed_at=None).update(confirmed_at=timezone.now())
    return assignment
