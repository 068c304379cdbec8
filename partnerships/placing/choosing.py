"""What may be: the calendars of each class, and the wishes and travel of each choice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from circo.rules import CYCLES
from partnerships.placing.obeying import broken_rule, refuse_impossible
from partnerships.placing.problem import (
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
    refuse_impossible(decisions.locks, by_party, by_host, rules, decisions)
    kept = [line for line in decisions.published if broken_rule(line, by_party, by_host, decisions) is None]
    return _Gathering(tuple(parties), tuple(hosts), rules, decisions).problem([*decisions.locks, *kept])


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
