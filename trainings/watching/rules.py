"""Pure rules of what was really watched: stretches that never overlap, and no more of them than the clock allows.

A stretch is (from, to) in milliseconds of the film, the end left out. Source: docs/decisions/0044-beats.md
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from circo.french import ending
from circo.hours.rules import in_words
from videos.rules import DURATION_MAX_S

Stretch = tuple[int, int]

WATCHED_PERCENT = 90  # of an excerpt: the first and last seconds of a film are often skipped
FASTEST = 2  # times the speed of the clock: the highest that our player offers
GRACE_MS = 3_000  # of clock, given once for each excerpt: no two clocks agree, no network is even
# Of clock that may wait for its film. A player holds ten minutes in advance at the most, and plays them without a
# network: at the highest speed they take this long. What waited longer is forgotten.
KEPT_MS = 5 * 60_000
PLAYED_MAX = 40  # stretches of one beat: one each time that one seeks
STRETCHES_MAX = 200  # of one excerpt: beyond, the shortest is forgotten
TOKEN_LIFE = timedelta(hours=24)  # what could not be sent is sent within a day
RESUMED_FROM_S = 3.0  # after the beginning of the excerpt, before its end

_PLAYED = re.compile(r"\d{1,8}-\d{1,8}(?:,\d{1,8}-\d{1,8})*", re.ASCII)
_SECOND = re.compile(r"\d{1,5}(?:\.\d{1,9})?", re.ASCII)


def played_from(text: str) -> list[Stretch]:
    """Read what a player says that it played: `0-10000,12000-13500`; empty: nothing yet.

    Raises: ValueError for anything else: negative, reversed, no numbers, beyond what a film lasts, too many.
    """
    if not text:
        return []
    if not _PLAYED.fullmatch(text):
        raise ValueError(text[:40])
    pairs = [pair.split("-") for pair in text.split(",")]
    played = [(int(begin), int(end)) for begin, end in pairs]
    if len(played) > PLAYED_MAX or any(not begin < end <= 1000 * DURATION_MAX_S for begin, end in played):
        raise ValueError(text[:40])
    return played


def second_from(text: str) -> float:
    """Read where the player stands, in seconds of the film.

    Raises: ValueError if it is no second of a film.
    """
    if not _SECOND.fullmatch(text) or float(text) > DURATION_MAX_S:
        raise ValueError(text[:40])
    return float(text)


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Merge stretches that overlap or touch. A gap, however small, stays one: nothing is filled in anybody's favour."""
    merged: list[Stretch] = []
    for begin, end in sorted(stretches):
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged


def length_ms(stretches: Iterable[Stretch]) -> int:
    return sum(end - begin for begin, end in stretches)


def clipped(stretches: Iterable[Stretch], in_ms: int, out_ms: int) -> list[Stretch]:
    """Keep of stretches what is inside an excerpt."""
    inside = ((max(begin, in_ms), min(end, out_ms)) for begin, end in stretches)
    return [(begin, end) for begin, end in inside if begin < end]


def new_of(played: Iterable[Stretch], held: Sequence[Stretch]) -> list[Stretch]:
    """Return the parts of `played` that `held`, merged, does not hold yet."""
    new, rank = [], 0
    for start, end in union(played):
        begin = start
        while rank < len(held) and held[rank][1] <= begin:
            rank += 1
        at = rank
        while at < len(held) and held[at][0] < end:
            if begin < held[at][0]:
                new.append((begin, held[at][0]))
            begin = max(begin, held[at][1])
            at += 1
        if begin < end:
            new.append((begin, end))
    return new


def first_of(stretches: Iterable[Stretch], most_ms: int) -> list[Stretch]:
    """Return the beginning of some stretches, `most_ms` in all."""
    taken = []
    for begin, end in stretches:
        if most_ms <= 0:
            break
        taken.append((begin, min(end, begin + most_ms)))
        most_ms -= end - begin
    return taken


def bounded(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Forget the shortest stretches beyond STRETCHES_MAX."""
    longest = sorted(stretches, key=lambda one: one[0] - one[1])[:STRETCHES_MAX]
    return sorted(longest)


def clock_ms(waiting_ms: int, passed: timedelta) -> int:
    """Return the clock that may be spent on film, after some more of it has passed. A clock never goes back."""
    return min(waiting_ms + max(passed // timedelta(milliseconds=1), 0), KEPT_MS)


@dataclass(frozen=True)
class Counted:
    """What a beat came to: all that was watched, the clock that is left, and what the clock did not allow."""

    stretches: list[Stretch]
    waiting_ms: int
    refused_ms: int


def count(played: Iterable[Stretch], held: Sequence[Stretch], clock: int) -> Counted:
    """Add what was played to what was held, for as much film as the clock allows: FASTEST times as long.

    Only film that was not counted yet takes clock, so a beat that comes twice, or late, adds and costs nothing.
    Units: milliseconds.
    """
    new = new_of(played, held)
    taken = first_of(new, FASTEST * clock)
    spent = -(-length_ms(taken) // FASTEST)
    return Counted(bounded(union([*held, *taken])), clock - spent, length_ms(new) - length_ms(taken))


def is_watched(seconds: float, duration_s: float) -> bool:
    """Tell whether an excerpt was watched: nearly all of it."""
    return duration_s > 0 and 100 * seconds >= WATCHED_PERCENT * duration_s


def duration_words(seconds: float) -> str:
    """Write a duration as people say it: `45 s`, `3 min 20`, `1 h 05`."""
    minutes, rest = divmod(int(seconds), 60)
    if minutes >= 60:
        return in_words(minutes)
    if minutes:
        return f"{minutes}\u00a0min\u00a0{rest:02d}" if rest else f"{minutes}\u00a0min"
    return f"{rest}\u00a0s"


@dataclass(frozen=True)
class Seen:
    """How much of an excerpt one has watched, and where one goes on from; seconds of the film."""

    seconds: float
    duration_s: float
    resume_s: float | None = None

    @property
    def is_watched(self) -> bool:
        return is_watched(self.seconds, self.duration_s)

    @property
    def percent(self) -> int:
        return min(int(100 * self.seconds / self.duration_s), 100) if self.duration_s > 0 else 0

    @property
    def words(self) -> str:
        """`3 min 20 vues sur 5 min`."""
        return f"{duration_words(self.seconds)} vue{ending(int(self.seconds))} sur {duration_words(self.duration_s)}"


def resume_at(position_s: float, in_s: float, out_s: float) -> float | None:
    """Return where one goes on in an excerpt: nowhere at its beginning, nor once one is at its end."""
    return position_s if in_s + RESUMED_FROM_S <= position_s <= out_s - RESUMED_FROM_S else None
