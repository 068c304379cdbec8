"""What is known of a cover plan before it is sought: needs, substitutes, who may take what, and what people decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import numpy as np

from circo.calendar.rules import HALVES, HalfDay
from circo.errors import Refusal

NEEDS_OF_A_CLASS = 4  # two days, each in one or two pieces
RESERVE_PRIORITY = 0  # before all classes: what is kept for sick leave is kept first

type Link = tuple[str, str]  # the key of a need or of a class, and that of a substitute


class Span(StrEnum):
    AM = "AM"
    PM = "PM"
    DAY = "DAY"


@dataclass(frozen=True)
class Spot:
    """A school as a place. Units: degrees."""

    key: str
    longitude: float
    latitude: float


@dataclass(frozen=True)
class Need:
    """One class without its teacher, on one date; or so many `places` of the reserve, which has no school."""

    key: str
    class_key: str
    day: date
    span: Span
    school: Spot | None
    levels: frozenset[str]
    priority: int
    places: int = 1

    @cached_property
    def half_days(self) -> tuple[HalfDay, ...]:
        return tuple(HalfDay(self.day, half) for half in HALVES if self.span in (Span.DAY, half))

    @property
    def is_reserve(self) -> bool:
        return self.school is None

    @property
    def load(self) -> int:
        """Units: half-days of work for who takes it; being kept in reserve is none."""
        return 0 if self.is_reserve else len(self.half_days)


@dataclass(frozen=True)
class Substitute:
    """One substitute. Units: `past_load` and `most` are half-days, of past years and of this plan."""

    key: str
    home: Spot
    free: frozenset[HalfDay]
    preferred: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    past_load: int = 0
    most: int | None = None
    is_tenured: bool = True  # others have no right to the ISSR


@dataclass(frozen=True)
class Rules:
    """What the département sets. Units: metres, cents of euro, substitutes a day."""

    limit_m: int = 45_000
    same_face_cents: int = 800  # what it is worth that a class sees one face less
    affinity_cents: int = 500
    reserve: int = 0


@dataclass(frozen=True, eq=False)
class Pairs:
    """Who may take what, as columns of equal lengths, by need then by substitute. Units: metres, cents of euro."""

    need: np.ndarray
    substitute: np.ndarray
    misfit: np.ndarray  # 0 to 3
    metres: np.ndarray
    cents: np.ndarray  # the ISSR of that day, if it is the only or the farthest school of the day
    is_estimate: np.ndarray

    def taken(self, kept: np.ndarray) -> Pairs:
        """Those that `kept` names, by a mask or by numbers."""
        return Pairs(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class Problem:
    """All that a plan depends on. Needs and substitutes stand by key: the order in which they came leaves no trace.

    `locks` bind a need and a substitute; `forbidden` and `affinities` a class and a substitute; `published` is the plan
    that people know, and `notified` what of it has been told to the substitute.
    """

    needs: tuple[Need, ...]
    substitutes: tuple[Substitute, ...]
    pairs: Pairs
    rules: Rules = Rules()
    locks: frozenset[Link] = frozenset()
    forbidden: frozenset[Link] = frozenset()
    affinities: frozenset[Link] = frozenset()
    published: frozenset[Link] = frozenset()
    notified: frozenset[Link] = frozenset()

    @cached_property
    def need_at(self) -> dict[str, int]:
        return {need.key: number for number, need in enumerate(self.needs)}

    @cached_property
    def substitute_at(self) -> dict[str, int]:
        return {one.key: number for number, one in enumerate(self.substitutes)}

    @cached_property
    def half_days(self) -> tuple[HalfDay, ...]:
        """The half-days of the plan, in order."""
        return tuple(sorted({half_day for need in self.needs for half_day in need.half_days}))

    @cached_property
    def slots(self) -> np.ndarray:
        """Which half-days of the plan each need takes: needs × half-days."""
        at = {half_day: number for number, half_day in enumerate(self.half_days)}
        slots = np.zeros((len(self.needs), len(at)), bool)
        for number, need in enumerate(self.needs):
            slots[number, [at[half_day] for half_day in need.half_days]] = True
        return slots

    @cached_property
    def priorities(self) -> np.ndarray:
        return np.array([need.priority for need in self.needs], np.int64)

    @cached_property
    def places(self) -> np.ndarray:
        """How many substitutes each need may have."""
        return np.array([need.places for need in self.needs], np.int64)

    @cached_property
    def classes(self) -> np.ndarray:
        """The number of the class of each need."""
        return np.unique([need.class_key for need in self.needs], return_inverse=True)[1].astype(np.int64)

    @cached_property
    def loads(self) -> np.ndarray:
        """Units: half-days of work of each need."""
        return np.array([need.load for need in self.needs], np.int64)

    @cached_property
    def is_open(self) -> np.ndarray:
        """Which pairs the locks leave: a locked need has one substitute, a locked substitute is elsewhere no more."""
        need, substitute = self.pairs.need, self.pairs.substitute
        locked_need = np.zeros(len(self.needs), bool)
        locked_slots = np.zeros((len(self.substitutes), len(self.half_days)), bool)
        for need_key, substitute_key in self.locks:
            locked_need[self.need_at[need_key]] = True
            locked_slots[self.substitute_at[substitute_key]] |= self.slots[self.need_at[need_key]]
        touched = locked_need[need] | (locked_slots[substitute] & self.slots[need]).any(axis=1)
        return ~touched | self.linked(self.locks)

    def without(self, taken: np.ndarray, *, locks: frozenset[Link], published: frozenset[Link]) -> Problem:
        """The same problem without some pairs, and with other decisions; what was counted of needs is kept."""
        made = replace(self, pairs=self.pairs.taken(~taken), locks=locks, published=published)
        of_needs = ("need_at", "substitute_at", "half_days", "slots", "priorities", "places", "classes", "loads")
        made.__dict__.update({name: getattr(self, name) for name in of_needs})
        return made

    def numbers_of(self, links: Iterable[Link]) -> np.ndarray:
        """The numbers of these pairs of needs and substitutes, in order; those that are not allowed are left out."""
        at = [
            self.need_at[need] * len(self.substitutes) + self.substitute_at[substitute]
            for need, substitute in links
            if need in self.need_at and substitute in self.substitute_at
        ]
        codes = self.pairs.need * len(self.substitutes) + self.pairs.substitute
        sought = np.sort(np.array(at, np.int64))
        found = np.searchsorted(codes, sought)
        return found[codes[np.minimum(found, len(codes) - 1)] == sought] if len(codes) else found[:0]

    def linked(self, links: Iterable[Link]) -> np.ndarray:
        """Which pairs are these: a mask."""
        mask = np.zeros(len(self.pairs.need), bool)
        mask[self.numbers_of(links)] = True
        return mask

    @cached_property
    def is_affine(self) -> np.ndarray:
        """Which pairs join a class and a substitute who know each other."""
        by_class: dict[str, list[str]] = {}
        for need in self.needs:
            by_class.setdefault(need.class_key, []).append(need.key)
        return self.linked((need, one) for key, one in self.affinities for need in by_class.get(key, ()))

    def link(self, number: int) -> Link:
        return self.needs[self.pairs.need[number]].key, self.substitutes[self.pairs.substitute[number]].key


@dataclass(frozen=True)
class Plan:
    """Who takes what: keys of needs and of substitutes, in order."""

    links: tuple[Link, ...]

    @cached_property
    def by_need(self) -> dict[str, str]:
        """The substitute of each covered class; the reserve is not a class."""
        return dict(self.links)


@dataclass(frozen=True)
class Decisions:
    """What people decided about the plan, beside its data."""

    locks: frozenset[Link] = frozenset()
    forbidden: frozenset[Link] = frozenset()
    affinities: frozenset[Link] = frozenset()
    published: frozenset[Link] = frozenset()
    notified: frozenset[Link] = frozenset()


def reserve_needs(days: Iterable[date], places: int) -> tuple[Need, ...]:
    """The needs that keep so many substitutes free on each of these days."""
    return tuple(
        Need(f"réserve {day}", f"réserve {day}", day, Span.DAY, None, frozenset(), RESERVE_PRIORITY, places)
        for day in sorted(set(days))
        if places
    )


def checked(
    needs: Iterable[Need], substitutes: Iterable[Substitute]
) -> tuple[tuple[Need, ...], tuple[Substitute, ...]]:
    """Put needs and substitutes in the order of their keys.

    Raises: Refusal, in words, when a key comes twice or a class needs somebody more than twice a day over two days.
    """
    ordered = tuple(sorted(needs, key=lambda need: need.key)), tuple(sorted(substitutes, key=lambda one: one.key))
    for keys, word in (([n.key for n in ordered[0]], "besoin"), ([s.key for s in ordered[1]], "remplaçant")):
        twice = next((key for key, after in pairwise(keys) if key == after), None)
        if twice:
            raise Refusal(f"Le même {word} est donné deux fois\u00a0: {twice}.")
    taken: dict[str, set[HalfDay]] = {}
    for need in ordered[0]:
        seen = taken.setdefault(need.class_key, set())
        if seen & set(need.half_days) or len(seen) + len(need.half_days) > NEEDS_OF_A_CLASS:
            raise Refusal(f"La classe {need.class_key} est demandée deux fois, ou sur plus de deux jours.")
        seen |= set(need.half_days)
    return ordered
