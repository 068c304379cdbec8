"""What may be: calendars of each class, hard rules, wishes and travel of each choice; the rule that a lock breaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import numpy as np

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.rules import CYCLES
from partnerships.placing.problem import (
    KINDS,
    Choices,
    Days,
    Decisions,
    Host,
    Line,
    Party,
    Problem,
    Programme,
    Rules,
    Student,
)

WISHED_LEVEL, NEAR_LEVEL, WISHED_PRACTICE = 2, 1, 1  # points; of practices, two at most count
MOST_PRACTICES = 2
STEP_MIN = 5
RUNS = 12  # of one kind, before they are put together


class HardRule(StrEnum):
    """What no plan breaks, as one says it when a lock is refused."""

    UNKNOWN = "cette personne ou cette classe n’est pas dans le plan"
    FORBIDDEN = "cette personne et cette classe ont été écartées l’une de l’autre"
    WRONG_COUNT = "le nombre de demi-journées n’est pas celui du programme"
    NOT_OFFERED = "la classe n’est pas ouverte à ce moment-là"
    AWAY = "l’université garde la personne à ce moment-là"
    DISORDER = "on observe avant de pratiquer, et on pratique avant de prendre la classe"
    TOO_FAR = "l’école est au-delà du trajet admis"
    TWICE = "la personne aurait deux placements"
    FULL = "la classe n’a plus de place à ce moment-là"
    YEAR = "la classe accueillerait trop de monde dans l’année"
    SCHOOL = "l’école accueillerait trop de monde dans la période"


class ImpossibleLock(Refusal):
    """A lock that breaks a hard rule."""

    def __init__(self, line: Line, broken: HardRule):
        super().__init__(f"Ce verrou ({line.party}, {line.host}) est impossible\u00a0: {broken}.")
        self.line, self.broken = line, broken


def build(
    parties: Iterable[Party],
    hosts: Iterable[Host],
    *,
    rules: Rules | None = None,
    decisions: Decisions | None = None,
) -> Problem:
    """Put together the problem of placing these parties in these classes.

    Raises: Refusal, in words, for what comes twice, or a lock that breaks a hard rule.
    """
    rules, decisions = rules or Rules(), decisions or Decisions()
    parties, hosts = sorted(parties, key=lambda one: one.key), sorted(hosts, key=lambda one: one.key)
    students = sorted(student.key for one in parties for student in one.students)
    for keys, word in (
        ([one.key for one in parties], "groupe"),
        (students, "étudiant"),
        ([one.key for one in hosts], "classe"),
    ):
        twice = next((key for key, after in pairwise(keys) if key == after), None)
        if twice:
            raise Refusal(f"Le même nom de {word} est donné deux fois\u00a0: {twice}.")
    by_party = {one.key: one for one in parties}
    by_host = {one.key: one for one in hosts}
    _refuse_impossible(decisions.locks, by_party, by_host, rules, decisions)
    kept = [line for line in decisions.published if broken_rule(line, by_party, by_host, decisions) is None]
    return _Gathering(tuple(parties), tuple(hosts), rules, decisions).problem([*decisions.locks, *kept])


def broken_rule(
    line: Line, parties: dict[str, Party], hosts: dict[str, Host], decisions: Decisions, *, by_hand: bool = False
) -> HardRule | None:
    """Name the hard rule that a line breaks by itself, if any; people may choose `by_hand` to travel farther."""
    if line.party not in parties or line.host not in hosts:
        return HardRule.UNKNOWN
    party, host = parties[line.party], hosts[line.host]
    if (party.key, host.key) in decisions.forbidden:
        return HardRule.FORBIDDEN
    if tuple(len(set(days)) for days in line.days) != party.programme.needs:
        return HardRule.WRONG_COUNT
    if any(set(days) - host.offers.get(kind, frozenset()) for kind, days in zip(KINDS, line.days, strict=True)):
        return HardRule.NOT_OFFERED
    if any(set(days) & party.away for days in line.days):
        return HardRule.AWAY
    if not in_order(line.days):
        return HardRule.DISORDER
    if not by_hand and not reaches(party, host.school):
        return HardRule.TOO_FAR
    is_open = zip(host.open_to(party.size), line.days, strict=True)
    return HardRule.FULL if party.size > host.seats or any(set(days) - left for left, days in is_open) else None


def in_order(days: Days) -> bool:
    """Whether each kind ends before the next begins."""
    done = [kind for kind in days if kind]
    return all(max(before) < min(after) for before, after in pairwise(done))


def reaches(party: Party, school: str) -> bool:
    return all(school in one.minutes and one.minutes[school] <= one.limit_min for one in party.students)


def _refuse_impossible(
    locks: Iterable[Line], parties: dict[str, Party], hosts: dict[str, Host], rules: Rules, decisions: Decisions
) -> None:
    """Refuse locks that break a hard rule, alone or together.

    Raises: ImpossibleLock, with the name of the rule.
    """
    held: set[str] = set()
    room = Room(rules)
    for line in sorted(locks):
        broken = broken_rule(line, parties, hosts, decisions, by_hand=True)
        if broken is None and line.party in held:
            broken = HardRule.TWICE
        if broken is None:
            party, host = parties[line.party], hosts[line.host]
            broken = next(iter(room.lacks(party, host, line.days)), None)
            room.take(party, host, line.days)
        if broken is not None:
            raise ImpossibleLock(line, broken)
        held.add(line.party)


class Room:
    """What a plan leaves free in classes and schools."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._at_once: dict[tuple[str, HalfDay], int] = {}
        self._in_charge: set[tuple[str, HalfDay]] = set()
        self._in_year: dict[str, int] = {}
        self._in_school = {(school, period): count for school, period, count in rules.school_past}

    def lacks(self, party: Party, host: Host, days: Days) -> list[HardRule]:
        """The rules that one line more would break."""
        learning = {one for kind in days[:2] for one in kind}
        broken = []
        if (
            any(self._there(host, one) + party.size > host.seats for one in learning)
            or any((host.key, one) in self._in_charge for one in learning | set(days[2]))
            or any(self._there(host, one) for one in days[2])
        ):
            broken.append(HardRule.FULL)
        if self.in_year(host) + party.size > host.most:
            broken.append(HardRule.YEAR)
        most = self.rules.most_in(host.school)
        if any(self._in_school.get(period, 0) + party.size > most for period in self._periods(host, days)):
            broken.append(HardRule.SCHOOL)
        return broken

    def _there(self, host: Host, half_day: HalfDay) -> int:
        return self._at_once.get((host.key, half_day), 0) + host.taken.get(half_day, 0)

    def at_once(self, host: Host, days: Days) -> int | None:
        """The most students who are there on these half-days; None when somebody would hold the class before others."""
        every = {one for kind in days for one in kind}
        if any((host.key, one) in self._in_charge for one in every):
            return None
        if any(self._there(host, one) for one in days[2]):
            return None
        return max((self._there(host, one) for one in every), default=0)

    def in_year(self, host: Host) -> int:
        return host.past + self._in_year.get(host.key, 0)

    def in_school(self, host: Host, days: Days) -> int:
        """The most students in that school in one of the periods of these days."""
        return max((self._in_school.get(period, 0) for period in self._periods(host, days)), default=0)

    def take(self, party: Party, host: Host, days: Days, sign: int = 1) -> None:
        for one in {one for kind in days for one in kind}:
            at = host.key, one
            self._at_once[at] = self._at_once.get(at, 0) + sign * party.size
            if one in days[2]:
                (self._in_charge.add if sign > 0 else self._in_charge.discard)(at)
        self._in_year[host.key] = self._in_year.get(host.key, 0) + sign * party.size
        for period in self._periods(host, days):
            self._in_school[period] = self._in_school.get(period, 0) + sign * party.size

    def _periods(self, host: Host, days: Days) -> set[tuple[str, int]]:
        return {(host.school, sum(one.day > end for end in self.rules.periods)) for kind in days for one in kind}


@dataclass(frozen=True, eq=False)
class _Gathering:
    """Looks at all parties against all classes that they reach."""

    parties: tuple[Party, ...]
    hosts: tuple[Host, ...]
    rules: Rules
    decisions: Decisions

    def problem(self, by_hand: Sequence[Line]) -> Problem:
        numbers: dict[Days, int] = {}
        calendars: dict[tuple, list[int]] = {}
        added: dict[str, list[Line]] = {}
        for line in sorted(set(by_hand)):
            added.setdefault(line.party, []).append(line)
        host_at = {one.key: number for number, one in enumerate(self.hosts)}
        found: list[tuple[int, int, int]] = []
        travels: list[tuple[int, int, int, int]] = []
        of_hosts = {size: [one.open_to(size) for one in self.hosts] for size in {party.size for party in self.parties}}
        for number, party in enumerate(self.parties):
            extra: dict[int, set[int]] = {}
            for line in added.get(party.key, ()):
                extra.setdefault(host_at[line.host], set()).add(numbers.setdefault(line.days, len(numbers)))
            reached = self._reached(party)
            for at in sorted({*reached, *extra}):
                key = of_hosts[party.size][at], party.programme, party.away
                if key not in calendars:
                    made = calendars_of(*key, most=self.rules.calendars)
                    calendars[key] = [numbers.setdefault(days, len(numbers)) for days in made]
                dates = {*(calendars[key] if at in reached else ()), *extra.get(at, ())}
                told = wishes_of(party, self.hosts[at]), *travel_of(party, self.hosts[at].school, self.rules)
                found += [(number, at, one) for one in dates]
                travels += [told] * len(dates)
        order = sorted(numbers)
        rank = np.zeros(len(numbers), np.int64)
        rank[[numbers[days] for days in order]] = np.arange(len(numbers))
        party_of, host_of, dates_of = np.array(found, np.int64).reshape(-1, 3).T
        dates_of = rank[dates_of]
        by_choice = np.lexsort((dates_of, host_of, party_of))
        columns = (party_of, host_of, dates_of, *np.array(travels, np.int64).reshape(-1, 4).T)
        choices = Choices(*(one[by_choice] for one in columns))
        return Problem(self.parties, self.hosts, tuple(order), choices, self.rules, self.decisions)

    def _reached(self, party: Party) -> set[int]:
        """The numbers of the classes that a party could go to at all."""
        schools = set.intersection(*(_within(one) for one in party.students))
        apart = {host for key, host in self.decisions.forbidden if key == party.key} if self.decisions.forbidden else ()
        return {
            number
            for school in schools
            for number in self._at.get(school, ())
            if self.hosts[number].seats >= party.size and self.hosts[number].key not in apart
        }

    @cached_property
    def _at(self) -> dict[str, list[int]]:
        """The numbers of the classes of each school."""
        found: dict[str, list[int]] = {}
        for number, one in enumerate(self.hosts):
            found.setdefault(one.school, []).append(number)
        return found


def _within(one: Student) -> set[str]:
    return {school for school, minutes in one.minutes.items() if minutes <= one.limit_min}


def calendars_of(
    offers: tuple[frozenset[HalfDay], ...], programme: Programme, away: frozenset[HalfDay], *, most: int
) -> list[Days]:
    """The calendars of a programme in a class: of each kind some half-days that follow one another, each kind in turn.

    Where there are more than `most`, some are taken evenly from the first to the last.
    """
    found: list[Days] = [()]
    for offered, count in zip(offers, programme.needs, strict=True):
        runs = _spaced(_runs(sorted(offered - away), count), RUNS) if count else [()]
        found = [
            (*days, run)
            for days in found
            for run in runs
            if not run or all(not kind or kind[-1] < run[0] for kind in days)
        ]
    return _spaced(found, most)


def _runs(offered: list[HalfDay], count: int) -> list[tuple[HalfDay, ...]]:
    """So many half-days that follow one another, beginning with the first that a day offers."""
    starts = [n for n, one in enumerate(offered) if n == 0 or offered[n - 1].day != one.day]
    return [tuple(offered[n : n + count]) for n in starts if n + count <= len(offered)]


def _spaced[Thing](things: list[Thing], most: int) -> list[Thing]:
    if len(things) <= most or most < 2:
        return things[:most]
    return [things[round(n * (len(things) - 1) / (most - 1))] for n in range(most)]


def wishes_of(party: Party, host: Host) -> int:
    """The points of a class: for each student, its levels, and the practices that they wished to see."""
    return sum(_level(one, host) + _practices(one, host) for one in party.students)


def _level(one: Student, host: Host) -> int:
    if not one.levels or one.levels & host.levels:
        return WISHED_LEVEL
    return NEAR_LEVEL if any(cycle & one.levels and cycle & host.levels for cycle in CYCLES) else 0


def _practices(one: Student, host: Host) -> int:
    return WISHED_PRACTICE * min(MOST_PRACTICES, len(one.practices & host.practices))


def travel_of(party: Party, school: str, rules: Rules) -> tuple[int, int, int]:
    """Minutes of all students, those beyond the comfortable limit, and squares of their steps beyond it."""
    minutes = [one.minutes.get(school, one.limit_min) for one in party.students]
    over = [-((rules.comfort_min - one) // STEP_MIN) for one in minutes if one > rules.comfort_min]
    return sum(minutes), len(over), sum(steps**2 for steps in over)
