"""The cap of a district on hours done at a distance, at one's own pace."""

from __future__ import annotations

from collections.abc import Iterable


def within_cap(minutes: int, cap_minutes: int | None, used_minutes: int) -> int:
    """Return what counts of some hours, once the others have used a part of the cap: what is beyond counts nowhere.

    Units: minutes, by quarters of an hour; no cap: all of it.
    """
    return minutes if cap_minutes is None else max(0, min(minutes, cap_minutes - used_minutes))


def shared_out(asked_minutes: Iterable[int], cap_minutes: int | None, signed_minutes: int) -> list[int]:
    """Return what counts of each of several hours, the first served first, after those that somebody signed.

    Units: minutes.
    """
    found, used = [], signed_minutes
    for minutes in asked_minutes:
        found.append(within_cap(minutes, cap_minutes, used))
        used += found[-1]
    return found
