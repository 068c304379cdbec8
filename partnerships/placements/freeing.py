"""Who hears that a teacher is freed, or is no longer: rooms that build upon it register here, and are never imported.

A follower is called in the transaction of the change, with the teacher and the half-days that may have changed; it
reads anew who is freed (`agenda.freed`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from circo.calendar.rules import HalfDay

type Follower = Callable[[int, Collection[HalfDay]], None]

_FOLLOWERS: list[Follower] = []


def register_follower(follower: Follower) -> None:
    """Have a function told; called in `AppConfig.ready()`."""
    _FOLLOWERS.append(follower)


def changed(person_id: int, half_days: Collection[HalfDay]) -> None:
    """Say that on these half-days it may have changed whether students hold the class of that teacher."""
    for follower in _FOLLOWERS if half_days else ():
        follower(person_id, half_days)
