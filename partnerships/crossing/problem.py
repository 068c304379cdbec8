"""What is known before visits are proposed: who is free when, who teaches then, what they wish, what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from circo.calendar.rules import HalfDay


@dataclass(frozen=True)
class Visitor:
    """A teacher whose class is held by others on these half-days. Units: minutes one way; visits of this plan."""

    key: str
    school: str
    free: frozenset[HalfDay]
    levels: frozenset[str] = frozenset()  # of their own class
    practices: frozenset[str] = frozenset()  # wished
    limit_min: int = 40
    most: int | None = None


@dataclass(frozen=True)
class Host:
    """A teacher who may be visited; the same person has the same key as a visitor. Units: visitors, visits a year."""

    key: str
    school: str
    teaching: frozenset[HalfDay]
    levels: frozenset[str] = frozenset()
    practices: frozenset[str] = frozenset()
    is_relay: bool = False
    at_once: int = 2
    most: int = 4
    past: int = 0  # visits received this year
    taken: Mapping[HalfDay, int] = field(default_factory=dict)  # visitors who come anyway, whom no plan moves

    def room(self, half_day: HalfDay) -> int:
        """Units: visitors of the plan, on that half-day."""
        return max(0, self.at_once - self.taken.get(half_day, 0))


@dataclass(frozen=True)
class Rules:
    """What the district sets. Units: minutes; classes that a visitor may see on a half-day, at most, the best first.

    One goes, stays at least so long, and is back, all inside the half-day.
    """

    half_day_min: int = 180
    stay_min: int = 60
    nearest: int = 40

    @property
    def farthest_min(self) -> int:
        return max(0, (self.half_day_min - self.stay_min) // 2)


@dataclass(frozen=True, order=True)
class Visit:
    visitor: str
    host: str
    half_day: HalfDay


@dataclass(frozen=True)
class Plan:
    visits: tuple[Visit, ...]

    @cached_property
    def by_visitor(self) -> dict[tuple[str, HalfDay], Visit]:
        return {(one.visitor, one.half_day): one for one in self.visits}


@dataclass(frozen=True)
class Decisions:
    """What people decided, and what was: `met` are the pairs (visitor, host) of this year, never proposed again.

    `told` are the visits of the `published` plan that visitor and host know.
    """

    locks: frozenset[Visit] = frozenset()
    published: frozenset[Visit] = frozenset()
    told: frozenset[Visit] = frozenset()
    forbidden: frozenset[tuple[str, str]] = frozenset()
    met: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, eq=False)
class Choices:
    """What may be, as columns of equal lengths, by visitor, half-day and host."""

    visitor: np.ndarray
    slot: np.ndarray  # the number of the half-day
    host: np.ndarray
    minutes: np.ndarray
    worth: np.ndarray  # minutes that the visit is worth, less those of travel; what is returned in this plan is apart


@dataclass(frozen=True, eq=False)
class Problem:
    """All that a plan depends on. Visitors and hosts stand by key: the order in which they came leaves no trace."""

    visitors: tuple[Visitor, ...]
    hosts: tuple[Host, ...]
    minutes: Mapping[tuple[str, str], int]  # between two schools, in either order
    choices: Choices
    rules: Rules = field(default_factory=Rules)
    decisions: Decisions = field(default_factory=Decisions)

    @cached_property
    def visitor_at(self) -> dict[str, int]:
        return {one.key: number for number, one in enumerate(self.visitors)}

    @cached_property
    def host_at(self) -> dict[str, int]:
        return {one.key: number for number, one in enumerate(self.hosts)}

    @cached_property
    def half_days(self) -> tuple[HalfDay, ...]:
        return tuple(sorted({one for visitor in self.visitors for one in visitor.free}))

    @cached_property
    def slot_at(self) -> dict[HalfDay, int]:
        return {one: number for number, one in enumerate(self.half_days)}

    @cached_property
    def pairs(self) -> np.ndarray:
        """Who may visit whom: visitor × hosts + host, each once, in order."""
        return np.unique(self.choices.visitor * len(self.hosts) + self.choices.host)

    @cached_property
    def pair_of(self) -> np.ndarray:
        """The number of the pair of each choice."""
        return np.searchsorted(self.pairs, self.choices.visitor * len(self.hosts) + self.choices.host)

    @cached_property
    def returned_by(self) -> np.ndarray:
        """The number of the pair that returns the visit of each pair; -1 if none may, or if it was made already."""
        person = {one.key: number for number, one in enumerate(self.hosts)}
        as_host = np.array([person.get(one.key, -1) for one in self.visitors], np.int64)
        as_visitor = np.array([self.visitor_at.get(one.key, -1) for one in self.hosts], np.int64)
        visitor, host = np.divmod(self.pairs, max(len(self.hosts), 1))
        back, to = as_visitor[host], as_host[visitor]
        code = np.where((back < 0) | (to < 0), -1, back * len(self.hosts) + to)
        at = np.minimum(np.searchsorted(self.pairs, code), max(len(self.pairs) - 1, 0))
        return np.where((code >= 0) & (self.pairs[at] == code), at, -1) if len(at) else code

    @cached_property
    def is_near(self) -> np.ndarray:
        """Which choices are in the visitor's own school."""
        keys = sorted({one.school for one in self.visitors} | {one.school for one in self.hosts})
        school = {key: number for number, key in enumerate(keys)}
        of_visitors = np.array([school[one.school] for one in self.visitors], np.int64)
        of_hosts = np.array([school[one.school] for one in self.hosts], np.int64)
        return of_visitors[self.choices.visitor] == of_hosts[self.choices.host]

    def visit(self, number: int) -> Visit:
        one = self.choices
        return Visit(
            self.visitors[one.visitor[number]].key, self.hosts[one.host[number]].key, self.half_days[one.slot[number]]
        )

    @cached_property
    def _codes(self) -> np.ndarray:
        one = self.choices
        return (one.visitor * len(self.half_days) + one.slot) * len(self.hosts) + one.host

    def numbers_of(self, visits: frozenset[Visit] | tuple[Visit, ...]) -> np.ndarray:
        """The numbers of these visits among the choices, in order; those that may not be are left out."""
        sought = np.array(
            sorted(
                (self.visitor_at[one.visitor] * len(self.half_days) + self.slot_at[one.half_day]) * len(self.hosts)
                + self.host_at[one.host]
                for one in visits
                if one.visitor in self.visitor_at and one.host in self.host_at and one.half_day in self.slot_at
            ),
            np.int64,
        )
        found = np.minimum(np.searchsorted(self._codes, sought), max(len(self._codes) - 1, 0))
        return found[self._codes[found] == sought] if len(self._codes) else found[:0]

    def linked(self, visits: frozenset[Visit]) -> np.ndarray:
        """Which choices are these visits: a mask."""
        mask = np.zeros(len(self.choices.visitor), bool)
        mask[self.numbers_of(visits)] = True
        return mask

    @cached_property
    def is_open(self) -> np.ndarray:
        """Which choices the locks leave: a visitor locked on a half-day sees nobody else then."""
        one, width = self.choices, max(len(self.half_days), 1)
        mask = self.linked(self.decisions.locks)
        taken = (one.visitor * width + one.slot)[mask]
        return mask | ~np.isin(one.visitor * width + one.slot, taken)
