"""Take back a move, wherever it led."""

from __future__ import annotations

from django.db import transaction

from circo.calendar.rules import HalfDay
from circo.models import Person
from partnerships.models import Placement
from partnerships.placements.actions import booking, life
from partnerships.placements.rules import PlacementState


@transaction.atomic
def put_back(*, placement: Placement, half_days: list[HalfDay], by: Person) -> Placement:
    """Take half-days back that were given up; the whole placement where nothing was left of it.

    Raises: Taken where somebody else is there by now; Refusal for all else that may not be.
    """
    if placement.state == PlacementState.CANCELLED:
        return life.restore(placement=placement, by=by)
    return booking.put_back(placement=placement, half_days=half_days, by=by)


@transaction.atomic
def move_back(*, placement: Placement, now: HalfDay, former: Placement, before: HalfDay, by: Person) -> Placement:
    """Put a half-day where it was before it was moved: into the placement that it left, which is as it was.

    Raises: Taken where somebody else is there by now; Refusal for all else that may not be.
    """
    if placement.pk == former.pk:
        return booking.move(placement=placement, half_day=now, to=before, by=by)
    booking.free(placement=placement, half_days=[now], by=by)
    return put_back(placement=Placement.objects.get(pk=former.pk), half_days=[before], by=by)
