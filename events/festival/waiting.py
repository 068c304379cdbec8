"""Pure rules of who is kept seats: what a connection may hold unconfirmed, and whose turn comes on the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


def is_large(seats: int, total: int) -> bool:
    """Whether a group alone takes more than half of the seats."""
    return seats > total // 2


def may_hold(seats: int, held: int, total: int) -> bool:
    """Whether a connection that holds so many seats unconfirmed is kept some more: one group, then half of them all.

    Families behind the connection of a school ask one after the other: whoever confirms makes room for the next.
    """
    return not held or not is_large(held + seats, total)


class Waiting(NamedTuple):
    """One group of the waiting list. `trace`: of the connection from which it was asked, if one knows."""

    pk: int
    seats: int
    trace: str = ""


def next_served(
    waiting: Sequence[Waiting],
    free: int,
    *,
    total: int = 0,
    held: Mapping[str, int] | None = None,
    asked: Mapping[str, int] | None = None,
) -> list[int]:
    """Who of the waiting list gets the free seats: a group that does not fit lets a smaller one pass, and keeps its
    place.

    By connection, `held` are the seats that it holds unconfirmed, and `asked` how many askings of it nobody has
    confirmed: the second asking of one comes after the first of all others.
    """
    holds, before = dict(held or {}), dict(asked or {})
    turns = []
    for one in waiting:
        turns.append((before.get(one.trace, 0) if one.trace else 0, one))
        before[one.trace] = before.get(one.trace, 0) + 1
    served = []
    for _, one in sorted(turns, key=lambda turn: turn[0]):
        of_connection = holds.get(one.trace, 0) if one.trace else 0
        if one.seats <= free and may_hold(one.seats, of_connection, total):
            served.append(one.pk)
            free -= one.seats
            holds[one.trace] = of_connection + one.seats
    return served
