"""How a duration is said and typed."""

from __future__ import annotations

import re


def in_words(minutes: int) -> str:
    """Say a duration: `7 h 30`, `45 min`, `18 h`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}\u00a0min"
    return f"{hours}\u00a0h\u00a0{rest:02d}" if rest else f"{hours}\u00a0h"


def hours_words(minutes: int) -> str:
    """Say how many hours were done: as `in_words`, and `0 h` for none."""
    return in_words(minutes) if minutes else "0\u00a0h"


_TYPED = (
    re.compile(r"(?P<hours>\d{1,2})\s*(?:h|:|heures?)\s*(?P<minutes>[0-5]?\d)?\s*(?:min|mn|m)?"),
    re.compile(r"(?P<minutes>\d{1,4})\s*(?:min|mn|minutes?)"),
    re.compile(r"(?P<hours>\d{1,2})(?:[.,](?P<tenths>\d{1,2}))?"),
)


def minutes_typed(text: str) -> int | None:
    """Read a duration as people type it: `1 h 30`, `1h30`, `1:30`, `90 min`, `1,5`, `2`; None if it is none.

    Units: minutes.
    """
    plain = " ".join(text.lower().split())
    for shape in _TYPED:
        if found := shape.fullmatch(plain):
            part = found.groupdict()
            tenths = part.get("tenths") or ""
            more = round(60 * int(tenths) / 10 ** len(tenths)) if tenths else 0
            return 60 * int(part.get("hours") or 0) + int(part.get("minutes") or 0) + more
    return None
