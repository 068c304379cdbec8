"""Two plans side by side: who gains or loses a placement, who changes class, who changes dates."""

from __future__ import annotations

from dataclasses import dataclass

from partnerships.placing.problem import Line, Plan


@dataclass(frozen=True)
class Moved:
    """One party whose line changes; None where it has no placement."""

    party: str
    before: Line | None
    after: Line | None

    @property
    def is_new_class(self) -> bool:
        return self.before is not None and self.after is not None and self.before.host != self.after.host


@dataclass(frozen=True)
class Difference:
    moved: tuple[Moved, ...]

    @property
    def placed(self) -> tuple[str, ...]:
        return tuple(one.party for one in self.moved if one.before is None)

    @property
    def unplaced(self) -> tuple[str, ...]:
        return tuple(one.party for one in self.moved if one.after is None)


def difference(before: Plan, after: Plan) -> Difference:
    """What changes from one plan to another."""
    had, has = before.by_party, after.by_party
    parties = sorted(key for key in had.keys() | has.keys() if had.get(key) != has.get(key))
    return Difference(tuple(Moved(key, had.get(key), has.get(key)) for key in parties))
