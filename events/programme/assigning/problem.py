"""Seats in workshops as plain data: what is offered, what is asked, what was given, and what proves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

GOALS = PLACES, FIRSTS, RANKS = "places", "premiers vœux", "rangs"  # in order


@dataclass(frozen=True, order=True)
class Offer:
    """One session: at which moment, of which workshop, with how many seats left."""

    session: int
    slot: int
    workshop: int
    seats: int


@dataclass(frozen=True)
class Asked:
    """One person: at which moments they need a seat, and what they wished at each, in order."""

    person: int
    wishes: Mapping[int, Sequence[int]]  # by moment; empty where nothing was wished
    was_unlucky: bool = False  # had no first wish last time
    attends: frozenset[int] = frozenset()  # workshops in which they sit already


@dataclass(frozen=True, eq=False)
class Prices:
    """What proves a goal, in `scale`ths: integers for people (by number), moments, sessions and workshops (in order).

    Of people and moments: one seat then. Of sessions: their seats. Of people and workshops: once. Of people: a first
    wish is given (`firsts`), and makes happy once (`once`).
    """

    scale: int
    moments: np.ndarray
    sessions: np.ndarray
    workshops: np.ndarray
    firsts: np.ndarray
    once: np.ndarray


@dataclass(frozen=True, eq=False)
class Proof:
    """One goal: what it came to, what nothing exceeds, and the integers that say so; else it is the solver's word."""

    name: str
    value: int
    bound: int
    prices: Prices | None = None


@dataclass(frozen=True)
class Assigned:
    """Seats by person and moment, how many there are, how many people have a first wish, and the proof of each goal."""

    seats: Mapping[tuple[int, int], int]
    given: int
    happy: int
    is_proved: bool
    proofs: tuple[Proof, ...] = ()
