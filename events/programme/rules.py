"""Pure rules of a programme: moments that do not cross, workshops that open, why one sits where one sits, exchanges."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from itertools import pairwise

from circo.calendar.rules import Half
from circo.documents.rules import hour
from circo.errors import Refusal
from events.days.rules import Hours

TITLE_MAX, ROOM_MAX, NAMES_MAX, MATERIALS_MAX = 120, 80, 200, 300  # characters
TEXT_MAX = 4000
SLOTS_MAX, WORKSHOPS_MAX = 30, 60  # of one day
CAPACITY_MAX = 500
WISHES = 3  # ranked, of one moment


class Changed(Refusal):
    """Somebody has changed it since one began to write; `mark` is that of what is saved by now."""

    def __init__(self, words: str, mark: str) -> None:
        super().__init__(
            f"Quelqu’un a changé cela pendant que vous l’écriviez. À présent\u00a0: {words}. Ce que vous avez écrit "
            "est ci-dessous\u00a0: enregistrez de nouveau pour le garder."
        )
        self.mark = mark


def mark_of(*said: object) -> str:
    """What tells what was read from what is saved by now."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def check_seen(seen: str, mark: str, words: str) -> None:
    """Refuse to write over what somebody else has just written; `seen` is empty for who looked at nothing.

    Raises: Changed, in words.
    """
    if seen and seen != mark:
        raise Changed(words, mark)


class SlotKind(StrEnum):
    TOGETHER = "TOGETHER"
    WORKSHOPS = "WORKSHOPS"
    BREAK = "BREAK"


KIND_LABELS = {
    SlotKind.TOGETHER: "temps commun",
    SlotKind.WORKSHOPS: "ateliers au choix",
    SlotKind.BREAK: "pause ou repas",
}


@dataclass(frozen=True, order=True)
class Moment:
    """Some hours of the day, under a title."""

    starts: time
    ends: time
    title: str = ""


def check_moment(moment: Moment, hours: Hours, others: Iterable[Moment]) -> None:
    """Refuse a moment outside the day, or that crosses another.

    Raises: Refusal.
    """
    if moment.ends <= moment.starts:
        raise Refusal("La fin vient après le début.")
    if not hours.morning[0] <= moment.starts or not moment.ends <= hours.afternoon[1]:
        raise Refusal(f"La journée va de {hour(hours.morning[0])} à {hour(hours.afternoon[1])}.")
    for one, other in pairwise(sorted([*others, moment])):
        if one.ends > other.starts:
            crossed = one if one != moment else other
            raise Refusal(
                f"Ce moment croise «\u00a0{crossed.title}\u00a0», de {hour(crossed.starts)} à {hour(crossed.ends)}."
            )


def half_of(starts: time, hours: Hours) -> Half:
    """The half-day in which a moment begins."""
    return "PM" if starts >= hours.morning[1] else "AM"


def check_opening(opens_from: int | None, capacity: int) -> None:
    """Refuse a workshop that opens from more people than it has seats.

    Raises: Refusal.
    """
    if opens_from is not None and not 1 <= opens_from <= capacity:
        raise Refusal(f"Un atelier de {capacity}\u00a0places ouvre à partir de {capacity}\u00a0personnes au plus.")


def is_too_few(people: int, opens_from: int | None) -> bool:
    """Tell whether so few people do not open a workshop."""
    return opens_from is not None and people < opens_from


# --- Seats ------------------------------------------------------------------------------------------------------------
def why(wishes: Sequence[int], seat: int | None) -> str:
    """Say in a few words why somebody sits where they sit."""
    if seat is None:
        return ""
    if seat in wishes:
        return ("votre premier vœu", "votre deuxième vœu", "votre troisième vœu")[wishes.index(seat)]
    return "vos vœux étaient complets" if wishes else "vous n’aviez pas dit de vœu"


@dataclass(frozen=True)
class Moved:
    """Somebody who now sits elsewhere."""

    person: int
    session: int


def settled(seats: Mapping[int, int], waits: Sequence[tuple[int, int]], room: Mapping[int, int]) -> list[Moved]:
    """Let those who wait move, in order: into a free seat, or by an exchange with somebody who waits for theirs.

    `waits` are (person, session) in order of arrival; `room` the capacity of each session. Each move may free a seat
    for the next one: it ends, since each move ends a wait.
    """
    held, asked, found = dict(seats), list(waits), []
    taken = {session: sum(1 for one in held.values() if one == session) for session in room}
    while (move := _next_move(held, asked, taken, room)) is not None:
        for person, session in move:
            if person in held:
                taken[held[person]] -= 1
            held[person] = session
            taken[session] += 1
            asked.remove((person, session))
            found.append(Moved(person, session))
    return found


def _next_move(
    held: Mapping[int, int], asked: Sequence[tuple[int, int]], taken: Mapping[int, int], room: Mapping[int, int]
) -> list[tuple[int, int]] | None:
    for person, session in asked:
        if taken.get(session, 0) < room.get(session, 0):
            return [(person, session)]
        mine = held.get(person)
        for other, wanted in asked:
            if mine is not None and wanted == mine and held.get(other) == session:
                return [(person, session), (other, wanted)]
    return None
