"""What the tests of the brigade share: substitutes, a day of school, periods."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone

from circo.calendar import queries as calendar
from circo.calendar.rules import HALVES, HalfDay
from circo.models import Person, School
from circo.rules import Role
from events.brigade import actions
from events.brigade.rules import Cause
from events.models import Unavailability
from tests.world import World, person, post


def substitute(name: str, school: School, **fields) -> Person:
    """Somebody who holds the role of a substitute since September."""
    made = person(f"{name.lower()}@ecole.test", name, "Remplaçante")
    post(made, Role.SUBSTITUTE, school, **fields)
    return made


def school_day(school: School, *, after: int = 7) -> date:
    """The first day from then on with school morning and afternoon."""
    first = timezone.localdate() + timedelta(days=after)
    teaching = calendar.school_half_days([school], first, first + timedelta(days=30))[school.pk]
    return min(each.day for each in teaching if all(HalfDay(each.day, half) in teaching for half in HALVES))


def withheld(
    who: Person, world: World, first: HalfDay, last: HalfDay | None = None, cause: Cause = Cause.LEAVE, **fields
) -> Unavailability:
    by = fields.pop("by", world.brigade_manager)
    return actions.withhold(person=who, first=first, last=last or first, cause=cause, by=by, **fields)
