"""Two plans side by side: who is moved, which classes gain or lose somebody."""

from __future__ import annotations

from dataclasses import dataclass

from events.cover.problem import Plan


@dataclass(frozen=True)
class Moved:
    """One substitute whose needs change: what they had and have no more, what they have now."""

    substitute: str
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    moved: tuple[Moved, ...]
    covered: tuple[str, ...]  # needs that nobody had before
    uncovered: tuple[str, ...]  # needs that nobody has now


def difference(before: Plan, after: Plan) -> Difference:
    """What changes from one plan to another."""
    lost, gained = set(before.links) - set(after.links), set(after.links) - set(before.links)
    people = sorted({one for _, one in lost | gained})
    moved = (
        Moved(one, *(tuple(sorted(need for need, key in links if key == one)) for links in (lost, gained)))
        for one in people
    )
    had, has = {need for need, _ in before.links}, {need for need, _ in after.links}
    return Difference(tuple(moved), tuple(sorted(has - had)), tuple(sorted(had - has)))
