"""What is known before students are placed: what they must do and wish, the classes that are open, and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import gcd

import numpy as np

from circo.calendar.rules import HalfDay
from partnerships.cohorts.rules import DayKind

KINDS = tuple(DayKind)
type Days = tuple[tuple[HalfDay, ...], ...]  # of each kind, in the order of kinds


@dataclass(frozen=True)
class Programme:
    """How many half-days of each kind are to be done; a kind that is not allowed has none."""

    observation: int = 0
    accompanied: int = 0
    responsibility: int = 0

    @property
    def needs(self) -> tuple[int, int, int]:
        return self.observation, self.accompanied, self.responsibility


@dataclass(frozen=True)
class Student:
    """One student. Units: minutes one way, to schools by key; what is not there is not known, hence not reached."""

    key: str
    minutes: Mapping[str, int]
    limit_min: int = 60  # farther for who has a car
    levels: frozenset[str] = frozenset()  # wished; empty: any
    practices: frozenset[str] = frozenset()  # wished
    seen: frozenset[str] = frozenset()  # practices seen in placements before this one


@dataclass(frozen=True)
class Party:
    """A student or a pair, who do the same programme in the same class. `away`: kept by the university."""

    key: str
    students: tuple[Student, ...]
    programme: Programme
    away: frozenset[HalfDay] = frozenset()
    cohort: str = ""

    @property
    def size(self) -> int:
        return len(self.students)


@dataclass(frozen=True)
class Host:
    """An open class. Units: students, at once (`seats`) and a year (`most`, of which `past` came already).

    `taken`: seats that others have on some half-days; nobody else holds the class then.
    """

    key: str
    school: str
    offers: Mapping[DayKind, frozenset[HalfDay]]
    levels: frozenset[str] = frozenset()
    practices: frozenset[str] = frozenset()
    seats: int = 2
    most: int = 4
    past: int = 0
    taken: Mapping[HalfDay, int] = field(default_factory=dict)

    def left(self, half_day: HalfDay) -> int:
        """The seats that others leave."""
        return max(self.seats - self.taken.get(half_day, 0), 0)

    def open_to(self, size: int) -> tuple[frozenset[HalfDay], ...]:
        """The half-days of each kind that others leave to so many students."""
        offers = [self.offers.get(kind, frozenset()) for kind in KINDS]
        if not self.taken:
            return tuple(offers)
        learning = (frozenset(one for one in days if self.left(one) >= size) for days in offers[:2])
        return *learning, frozenset(one for one in offers[2] if not self.taken.get(one))


@dataclass(frozen=True)
class Rules:
    """What the institution and the district set. Units: minutes one way; students; calendars of one party in one class.

    A period ends on its date, included; after the last there is one more.
    """

    comfort_min: int = 45
    school_most: int = 6  # students in one school in one period; other numbers for some schools:
    school_mosts: tuple[tuple[str, int], ...] = ()
    school_past: tuple[tuple[str, int, int], ...] = ()  # school, period: so many students have a place there already
    periods: tuple[date, ...] = ()
    calendars: int = 24

    def most_in(self, school: str) -> int:
        return dict(self.school_mosts).get(school, self.school_most)

    def left_in(self, school: str, period: int) -> int:
        """The students that a school still takes in a period."""
        past = sum(count for one, at, count in self.school_past if (one, at) == (school, period))
        return max(self.most_in(school) - past, 0)


@dataclass(frozen=True, order=True)
class Line:
    """One party in one class on these half-days."""

    party: str
    host: str
    days: Days


@dataclass(frozen=True)
class Plan:
    lines: tuple[Line, ...]

    @cached_property
    def by_party(self) -> dict[str, Line]:
        return {line.party: line for line in self.lines}


@dataclass(frozen=True)
class Decisions:
    """What people decided: `locks` are kept; `told` are the parties who know their line of the `published` plan."""

    locks: frozenset[Line] = frozenset()
    published: frozenset[Line] = frozenset()
    told: frozenset[str] = frozenset()
    forbidden: frozenset[tuple[str, str]] = frozenset()  # a party and a class kept apart


@dataclass(frozen=True, eq=False)
class Choices:
    """What may be, as columns of equal lengths, by party, class and calendar."""

    party: np.ndarray
    host: np.ndarray
    dates: np.ndarray  # the number of the calendar
    wishes: np.ndarray  # points of all students of the party
    minutes: np.ndarray  # one way, of all students together
    beyond: np.ndarray  # students beyond the comfortable limit
    far: np.ndarray  # squares of steps of five minutes beyond it

    def taken(self, kept: np.ndarray) -> Choices:
        return Choices(*(getattr(self, name)[kept] for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class Problem:
    """All that a plan depends on. Parties and classes stand by key: the order in which they came leaves no trace."""

    parties: tuple[Party, ...]
    hosts: tuple[Host, ...]
    dates: tuple[Days, ...]
    choices: Choices
    rules: Rules = field(default_factory=Rules)
    decisions: Decisions = field(default_factory=Decisions)

    @cached_property
    def party_at(self) -> dict[str, int]:
        return {one.key: number for number, one in enumerate(self.parties)}

    @cached_property
    def host_at(self) -> dict[str, int]:
        return {one.key: number for number, one in enumerate(self.hosts)}

    @cached_property
    def sizes(self) -> np.ndarray:
        return np.array([one.size for one in self.parties], np.int64)

    @cached_property
    def unit(self) -> int:
        """Students come by so many: two when all are pairs, and an odd seat is then of no use."""
        return gcd(*self.sizes.tolist()) or 1

    @cached_property
    def half_days(self) -> tuple[HalfDay, ...]:
        return tuple(sorted({one for days in self.dates for kind in days for one in kind}))

    @cached_property
    def schools(self) -> tuple[str, ...]:
        return tuple(sorted({one.school for one in self.hosts}))

    @cached_property
    def school_of(self) -> np.ndarray:
        """The number of the school of each class."""
        at = {key: number for number, key in enumerate(self.schools)}
        return np.array([at[one.school] for one in self.hosts], np.int64)

    def period_of(self, half_day: HalfDay) -> int:
        return sum(half_day.day > end for end in self.rules.periods)

    def line(self, number: int) -> Line:
        one = self.choices
        party, host = self.parties[one.party[number]], self.hosts[one.host[number]]
        return Line(party.key, host.key, self.dates[one.dates[number]])

    @cached_property
    def _starts(self) -> np.ndarray:
        return np.searchsorted(self.choices.party, np.arange(len(self.parties) + 1))

    @cached_property
    def _dates_at(self) -> dict[Days, int]:
        return {days: number for number, days in enumerate(self.dates)}

    def choices_of(self, party: int) -> np.ndarray:
        """The numbers of the choices of a party."""
        return np.arange(self._starts[party], self._starts[party + 1])

    def number_of(self, line: Line) -> int | None:
        """The number of a line among the choices."""
        party, host, days = self.party_at.get(line.party), self.host_at.get(line.host), self._dates_at.get(line.days)
        if party is None or host is None or days is None:
            return None
        among = self.choices_of(party)
        found = among[(self.choices.host[among] == host) & (self.choices.dates[among] == days)]
        return int(found[0]) if len(found) else None

    def linked(self, lines: Sequence[Line] | frozenset[Line]) -> np.ndarray:
        """Which choices are these lines: a mask."""
        mask = np.zeros(len(self.choices.party), bool)
        mask[[number for line in lines if (number := self.number_of(line)) is not None]] = True
        return mask

    @cached_property
    def is_open(self) -> np.ndarray:
        """Which choices the locks leave: a locked party has no other."""
        locked = np.zeros(len(self.parties), bool)
        locked[[self.party_at[line.party] for line in self.decisions.locks]] = True
        return ~locked[self.choices.party] | self.linked(self.decisions.locks)
