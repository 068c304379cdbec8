"""Seats as a program: one column a person and session, one a happy person.

What nobody wished is worth nothing, whichever session it is: one column a person and moment stands for all of them
(`is_brief`), and they are shared out afterwards. Fifteen times fewer columns, and the same prices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from circo.optimal.climbing import Goal, Reached
from circo.optimal.programs import Ints, Program, Side
from events.programme.assigning.problem import FIRSTS, PLACES, RANKS, Asked, Offer, Prices, Proof
from events.programme.rules import WISHES

type Key = tuple  # the kind of a row, then what it is of

SIDES = {"session": Side.LEFT, "moment": Side.RIGHT}  # where nothing else counts, seats are a matching


@dataclass(frozen=True)
class Column:
    """One person in one session (None: in any that they did not wish) at a moment, with the rank of the wish, or 0."""

    asked: Asked
    slot: int
    offer: Offer | None
    rank: int

    @property
    def seat(self) -> tuple[int, int]:
        return self.asked.person, self.slot


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns of seats, then those of who may have a first wish; and the rows, numbered by their keys."""

    seats: Sequence[Column]
    happy: Sequence[Asked]
    program: Program
    rows: Mapping[Key, int]

    @property
    def width(self) -> int:
        return len(self.seats) + len(self.happy)

    def goals(self) -> list[Goal]:
        """The most seats; the most people with a first wish, who had none last time counting double; the best ranks."""
        size, width = len(self.seats), self.width
        seats, happy, ranks = (np.zeros(width, np.int64) for _ in range(3))
        seats[:size] = 1
        happy[size:] = [luck_of(one) for one in self.happy]
        ranks[:size] = [worth_of(one.rank) for one in self.seats]
        return [Goal(PLACES, seats), Goal(FIRSTS, happy), Goal(RANKS, ranks)]

    def with_happy(self, x: Ints) -> Ints:
        """Mark who has a first wish among the seats that `x` chooses."""
        lucky = {one.asked.person for one, chosen in zip(self.seats, x, strict=False) if chosen and one.rank == 1}
        x[len(self.seats) :] = [one.person in lucky for one in self.happy]
        return x

    def proof(self, one: Reached, people: Sequence[Asked], offers: Sequence[Offer]) -> Proof:
        """Say the prices of the rows of people, moments, sessions and workshops."""
        if one.duals is None or len(one.duals) != len(self.rows):
            return Proof(one.name, one.value, one.bound)
        price = {key: int(one.duals[number]) for key, number in self.rows.items()}
        slots, workshops = sorted({o.slot for o in offers}), sorted({o.workshop for o in offers})

        def of(kind: str, others: Sequence[int] | None = None) -> np.ndarray:
            if others is None:
                return np.array([price.get((kind, one.person), 0) for one in people], np.int64)
            return np.array([[price.get((kind, one.person, key), 0) for key in others] for one in people], np.int64)

        sessions = [price.get(("session", o.session), 0) + price.get(("slot", o.slot), 0) for o in offers]
        prices = Prices(
            one.scale,
            of("moment", slots),
            np.array(sessions, np.int64),
            of("workshop", workshops),
            of("first"),
            of("once"),
        )
        return Proof(one.name, one.value, one.bound, prices)


def worth_of(rank: int) -> int:
    """What a seat is worth by the rank of its wish; 0: not wished."""
    return WISHES**2 - (rank - 1) ** 2 if 0 < rank <= WISHES else 0


def luck_of(one: Asked) -> int:
    return 2 if one.was_unlucky else 1


def columns_of(people: Sequence[Asked], offers: Sequence[Offer], *, is_brief: bool) -> Columns:
    """Write the program; `is_brief` puts all that a person did not wish at a moment into one column."""
    at: dict[int, list[Offer]] = {}
    for offer in offers:
        at.setdefault(offer.slot, []).append(offer)
    seats: list[Column] = []
    for asked in people:
        for slot, wishes in sorted(asked.wishes.items()):
            rank = {session: number for number, session in enumerate(wishes, 1)}
            open_to = [one for one in at.get(slot, ()) if one.workshop not in asked.attends]
            wished = [one for one in open_to if not is_brief or one.session in rank]
            seats += [Column(asked, slot, one, rank.get(one.session, 0)) for one in wished]
            if len(wished) < len(open_to):
                seats.append(Column(asked, slot, None, 0))
    lucky = {one.asked.person for one in seats if one.rank == 1}
    happy = [asked for asked in people if asked.person in lucky]
    room = {slot: sum(one.seats for one in held) for slot, held in at.items()}
    return written(seats, happy, room if is_brief else {})


def written(seats: Sequence[Column], happy: Sequence[Asked], room: Mapping[int, int]) -> Columns:
    """Rows: one seat a person and moment, the seats of sessions, one workshop once, a first wish to be happy, once."""
    rows: dict[Key, int] = {}
    caps: list[int] = []
    places: list[tuple[int, int, int]] = []  # row, column, value

    def put(key: Key, column: int, cap: int, value: int = 1) -> None:
        if key not in rows:
            rows[key] = len(rows)
            caps.append(cap)
        places.append((rows[key], column, value))

    for number, one in enumerate(seats):
        person = one.asked.person
        put(("moment", person, one.slot), number, 1)
        if room:
            put(("slot", one.slot), number, room[one.slot])
        if one.offer is not None:
            put(("session", one.offer.session), number, one.offer.seats)
            if len(one.asked.wishes) > 1:
                put(("workshop", person, one.offer.workshop), number, 1)
        if one.rank == 1:
            put(("first", person), number, 0, -1)
    for number, asked in enumerate(happy, start=len(seats)):
        put(("first", asked.person), number, 0)
        put(("once", asked.person), number, 1)  # two first wishes make nobody happy twice
    on, column, values = (np.array(part, np.int64) for part in zip(*places, strict=True))
    sides = np.array([SIDES.get(key[0], Side.OTHER) for key in rows])
    width = len(seats) + len(happy)
    return Columns(seats, happy, Program.of(on, column, np.array(caps), sides, width=width, values=values), rows)
