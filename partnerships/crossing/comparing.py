"""Two plans of visits side by side: what is added, what is taken away, and for whom it changes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from circo.calendar.rules import HalfDay
from partnerships.crossing.problem import Plan, Visit


@dataclass(frozen=True)
class Difference:
    added: tuple[Visit, ...]
    removed: tuple[Visit, ...]

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Who has something to learn: visitors and hosts."""
        return tuple(sorted({key for one in (*self.added, *self.removed) for key in (one.visitor, one.host)}))

    @cached_property
    def moved(self) -> tuple[tuple[str, HalfDay], ...]:
        """The visitors who see another class on the same half-day."""
        lost = {(one.visitor, one.half_day) for one in self.removed}
        return tuple(sorted(lost & {(one.visitor, one.half_day) for one in self.added}))


def difference(before: Plan, after: Plan) -> Difference:
    """What changes from one plan to another."""
    had, has = set(before.visits), set(after.visits)
    return Difference(tuple(sorted(has - had)), tuple(sorted(had - has)))
