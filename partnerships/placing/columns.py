"""Placements as a program: a column a party, class and calendar; rows of parties, of classes by half-day, of limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array, csc_array, csr_array, vstack

from circo.optimal.climbing import Goal
from circo.optimal.helping import counted, drawn, helped
from circo.optimal.programs import Ints, Program, Side
from partnerships.placing.counting import SIGHTINGS, WORTH, gives, new_to
from partnerships.placing.problem import Problem

ADDED = ("placed", "told", "hosts", "wishes", "beyond", "far", "minutes")


@dataclass(frozen=True, eq=False)
class Columns:
    """The program over the open choices (`choices` numbers them), and the codes of its rows.

    Codes: parties first; then classes × half-days; then classes, for a year; then schools × periods.
    """

    program: Program
    choices: Ints
    codes: Ints

    def goals(self, problem: Problem) -> list[Goal]:
        """The goals that add columns up; those of a published plan only if there is one."""
        given = gives(problem)
        names = [name for name in ADDED if problem.decisions.published or name not in ("told", "hosts")]
        return [Goal(name, given[name][self.choices].astype(np.int64)) for name in names]


class Rows:
    """Where the rows of a problem stand, and what each choice takes of them."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.slots = len(problem.half_days)
        self.periods = len(problem.rules.periods) + 1
        sizes = (len(problem.parties), len(problem.hosts) * self.slots, len(problem.hosts))
        self.first_slot, self.first_year, self.first_period = np.cumsum(sizes).tolist()
        self.size = self.first_period + len(problem.schools) * self.periods

    @cached_property
    def caps(self) -> Ints:
        """What each row holds at most, in units of students."""
        problem = self.problem
        seats = np.repeat([one.seats for one in problem.hosts], self.slots).reshape(len(problem.hosts), self.slots)
        at = {half_day: number for number, half_day in enumerate(problem.half_days)}
        for number, host in enumerate(problem.hosts):
            for half_day in host.taken.keys() & at.keys():
                seats[number, at[half_day]] = host.left(half_day)
        left = np.array([max(one.most - one.past, 0) for one in problem.hosts], np.int64)
        periods = range(self.periods)
        schools = np.array([problem.rules.left_in(one, n) for one in problem.schools for n in periods], np.int64)
        limits = np.concatenate([seats.reshape(-1), left, schools]) // problem.unit
        return np.concatenate([np.ones(len(problem.parties), np.int64), limits])

    @cached_property
    def calendars(self) -> tuple[csr_array, csr_array, csr_array]:
        """Calendars × half-days where one learns, × half-days where one holds the class, × periods."""
        problem = self.problem
        at = {half_day: number for number, half_day in enumerate(problem.half_days)}
        learning = [[at[one] for kind in days[:2] for one in kind] for days in problem.dates]
        holding = [[at[one] for one in days[2]] for days in problem.dates]
        period = [problem.period_of(one) for one in problem.half_days]
        periods = [sorted({period[one] for one in (*a, *b)}) for a, b in zip(learning, holding, strict=True)]
        wide = (self.slots, self.slots, self.periods)
        one, two, three = (_sparse(*both) for both in zip((learning, holding, periods), wide, strict=True))
        return one, two, three

    def entries(self, choices: Ints) -> tuple[Ints, Ints, Ints]:
        """Rows, columns and values of these choices, by code."""
        problem, all_choices = self.problem, self.problem.choices
        party, host, dates = (getattr(all_choices, name)[choices] for name in ("party", "host", "dates"))
        size = problem.sizes[party] // problem.unit
        at, ones = np.arange(len(choices)), np.ones(len(choices), np.int64)
        learning, holding, periods = self.calendars
        slots = np.array([one.seats for one in problem.hosts], np.int64) // problem.unit
        school = problem.school_of[host]
        parts = [(party, at, ones), (self.first_year + host, at, size)]
        for table, first, stride, of, value in (
            (learning, self.first_slot, self.slots, host, size),
            (holding, self.first_slot, self.slots, host, slots[host]),
            (periods, self.first_period, self.periods, school, size),
        ):
            found = table[dates].tocoo()
            parts.append((first + of[found.row] * stride + found.col, found.row, value[found.row]))
        rows, columns, values = (np.concatenate(one) for one in zip(*parts, strict=True))
        return rows.astype(np.int64), columns.astype(np.int64), values


def _sparse(lists: list[list[int]], width: int) -> csr_array:
    ends = np.cumsum([0, *map(len, lists)])
    indices = np.array([one for part in lists for one in part], np.int64)
    return csr_array((np.ones(len(indices), np.int64), indices, ends), shape=(len(lists), width))


def columns_of(problem: Problem) -> Columns:
    """Write the program of the open choices; rows that nothing can fill, and rows alike, are left out."""
    choices, all_rows = np.flatnonzero(problem.is_open), Rows(problem)
    rows, columns, values = all_rows.entries(choices)
    codes, at = np.unique(rows, return_inverse=True)
    caps = all_rows.caps[codes]
    party = problem.choices.party[choices]
    kept = (codes < len(problem.parties)) | _may_fill(at, party[columns], values, caps)
    matrix = coo_array((values, (at, columns)), shape=(len(codes), len(choices))).tocsr()
    matrix.sort_indices()
    kept = np.flatnonzero(kept)
    kept = kept[_unlike(matrix[kept], caps[kept])]
    entries = matrix[kept].tocoo()
    sides = np.where(codes[kept] < len(problem.parties), Side.LEFT, Side.OTHER)
    program = Program.of(
        entries.row, entries.col, caps[kept], sides, width=len(choices), values=entries.data.astype(np.int64)
    )
    locked = np.unique(party[problem.linked(problem.decisions.locks)[choices]])
    program.tight[np.isin(codes[kept], locked)] = True
    return Columns(program, choices, codes[kept])


def _may_fill(at: Ints, party: Ints, values: Ints, caps: Ints) -> np.ndarray:
    """Which rows could be passed: each party takes one column, hence at most its largest value there."""
    order = np.lexsort((values, party, at))
    at, party, values = at[order], party[order], values[order]
    last = np.append((np.diff(at) != 0) | (np.diff(party) != 0), True)[: len(at)]
    return np.bincount(at[last], weights=values[last], minlength=len(caps)) > caps


def _unlike(matrix: csr_array, caps: Ints) -> Ints:
    """One row of those that are the same."""
    seen: dict[tuple[int, bytes, bytes], int] = {}
    for number, (start, end) in enumerate(zip(matrix.indptr, matrix.indptr[1:], strict=False)):
        key = int(caps[number]), matrix.indices[start:end].tobytes(), matrix.data[start:end].tobytes()
        seen.setdefault(key, number)
    return np.array([*seen.values()], np.int64)


@dataclass(frozen=True, eq=False)
class Shared:
    """What comes last, on the choices still open: practices seen, loads, and the draw."""

    program: Program
    choices: Ints
    start: Ints
    goals: tuple[Goal, ...]


def shared(problem: Problem, program: Program, choices: Ints, x: Ints) -> Shared:
    """Count, by units, the practices that cohorts see and the students of classes, on the living columns."""
    living = np.flatnonzero(program.alive)
    choices, x, program = choices[living], x[living], program.among(living)
    width = len(choices)
    one = problem.choices
    party, host = one.party[choices], one.host[choices]
    sights, keys = _sights(problem, party, host)
    worth = np.tile(np.array(WORTH, np.int64), keys)
    seen = np.minimum(np.rint(sights @ x).astype(np.int64), SIGHTINGS)
    units = np.arange(keys * SIGHTINGS)
    of_key = coo_array((np.ones(len(units)), (units // SIGHTINGS, units)), shape=(keys, len(units)))
    single = coo_array((np.ones(len(units)), (units, units)), shape=(len(units), len(units)))
    rows = vstack([-sights, csc_array((len(units), width))], format="csc")
    caps = np.concatenate([np.zeros(keys, np.int64), np.ones(len(units), np.int64)])
    program = helped(program, rows, vstack([of_key, single], format="csc"), caps)
    start = np.concatenate([x, (units % SIGHTINGS < seen[units // SIGHTINGS]).astype(np.int64)])
    after = width + len(units)
    loads, past, most = _loads(problem, party, host, after)
    program, owner, rank, reached = counted(program, loads, most, np.rint(loads @ start).astype(np.int64))
    size = problem.unit
    cost = (past[owner] + size * (rank + 1)) ** 2 - (past[owner] + size * rank) ** 2
    zeros = np.zeros(len(owner), np.int64)
    lines = (problem.line(number) for number in choices.tolist())
    draw = drawn((line.party, line.host, *(day.code for kind in line.days for day in kind)) for line in lines)
    goals = (
        Goal("spread", np.concatenate([np.zeros(width, np.int64), worth, zeros])),
        Goal("load", np.concatenate([np.zeros(after, np.int64), -cost])),
        Goal("tie", np.concatenate([-draw, np.zeros(len(units), np.int64), zeros])),
    )
    return Shared(program, choices, np.concatenate([start, reached]), goals)


def _sights(problem: Problem, party: Ints, host: Ints) -> tuple[csr_array, int]:
    """What each column shows: cohorts and practices × columns."""
    number: dict[tuple[str, str], int] = {}
    known: dict[tuple[int, int], list[int]] = {}
    rows: list[int] = []
    columns: list[int] = []
    for column, pair in enumerate(zip(party.tolist(), host.tolist(), strict=True)):
        if pair not in known:
            one = problem.parties[pair[0]]
            practices = sorted(new_to(one.students, problem.hosts[pair[1]].practices))
            known[pair] = [number.setdefault((one.cohort, practice), len(number)) for practice in practices]
        rows += known[pair]
        columns += [column] * len(known[pair])
    ones = np.ones(len(rows))
    shape = len(number), len(party)
    return coo_array((ones, (np.array(rows, np.int64), np.array(columns, np.int64))), shape=shape).tocsr(), len(number)


def _loads(problem: Problem, party: Ints, host: Ints, width: int) -> tuple[csr_array, Ints, Ints]:
    """Classes × columns: the students that each would take; how many came before, and how many may come."""
    used, at = np.unique(host, return_inverse=True)
    size = problem.sizes[party] // problem.unit
    table = coo_array((size.astype(float), (at, np.arange(len(party)))), shape=(len(used), width)).tocsr()
    hosts = [problem.hosts[number] for number in used.tolist()]
    past, left = np.array([(one.past, max(one.most - one.past, 0)) for one in hosts], np.int64).reshape(-1, 2).T
    return table, past, np.minimum(left // problem.unit, np.bincount(at, weights=size).astype(np.int64))


def first_plan(problem: Problem, columns: Columns, order: Iterable[int] | None = None) -> Ints:
    """First come, first served: locks, then each party in turn its best choice that has room."""
    program, given = columns.program, gives(problem)
    party = problem.choices.party[columns.choices]
    worth = np.lexsort(tuple(given[name][columns.choices] * -1 for name in reversed(ADDED[1:])))
    rank = np.empty(len(worth), np.int64)
    rank[worth] = np.arange(len(worth))
    by_party = np.lexsort((rank, party))
    starts = np.searchsorted(party[by_party], np.arange(len(problem.parties) + 1))
    locked = np.flatnonzero(problem.linked(problem.decisions.locks)[columns.choices])
    x = np.zeros(len(party), np.int64)
    x[locked] = 1
    left = program.caps - np.rint(program.matrix @ x).astype(np.int64)
    ways = _Ways(program, left, [by_party[start:end].tolist() for start, end in pairwise(starts)])
    is_by_turns = order is not None
    if order is None:  # whoever has the fewest ways is served first
        order = np.argsort(np.diff(starts), kind="stable").tolist()
    taken = dict.fromkeys(party[locked].tolist(), -1)
    for one in order:
        if one not in taken and (column := ways.open_to(one)) is not None:
            taken[one] = column
            ways.take(one, column)
    if not is_by_turns:
        ways.make_room(taken)
    x[[column for column in taken.values() if column >= 0]] = 1
    return x


class _Ways:
    """The columns of each party, the best first, and what is left of each row."""

    def __init__(self, program: Program, left: Ints, columns: list[list[int]]) -> None:
        self.matrix, self.left, self.columns = program.matrix, left, columns
        self.holders: dict[int, set[int]] = {}  # the parties whose column takes of a row, but for locks

    def _uses(self, column: int) -> tuple[Ints, Ints]:
        on = slice(self.matrix.indptr[column], self.matrix.indptr[column + 1])
        return self.matrix.indices[on], self.matrix.data[on].astype(np.int64)

    def fits(self, column: int) -> bool:
        rows, values = self._uses(column)
        return bool((values <= self.left[rows]).all())

    def open_to(self, party: int) -> int | None:
        return next((column for column in self.columns[party] if self.fits(column)), None)

    def take(self, party: int, column: int) -> None:
        rows, values = self._uses(column)
        self.left[rows] -= values
        for row in rows.tolist():
            self.holders.setdefault(row, set()).add(party)

    def leave(self, party: int, column: int) -> None:
        rows, values = self._uses(column)
        self.left[rows] += values
        for row in rows.tolist():
            self.holders[row].discard(party)

    def make_room(self, taken: dict[int, int]) -> None:
        """Place who is left out, where one other party finds another way: then no solver need be asked, often."""
        for one in range(len(self.columns)):
            for column in self.columns[one] if one not in taken else ():
                if self.fits(column):  # somebody moved since
                    self.take(one, column)
                    taken[one] = column
                    break
                if any(self._moved(other, one, column, taken) for other in self._in_the_way(column)):
                    break

    def _in_the_way(self, column: int) -> list[int]:
        """The parties whose column takes of all that this one lacks."""
        rows, values = self._uses(column)
        lacking = rows[values > self.left[rows]].tolist()
        return sorted(set.intersection(*(self.holders.get(row, set()) for row in lacking)))

    def _moved(self, other: int, one: int, column: int, taken: dict[int, int]) -> bool:
        """Give `column` to one party, and another column to the other; or change nothing."""
        before = taken[other]
        self.leave(other, before)
        if self.fits(column):
            self.take(one, column)
            found = self.open_to(other)
            if found is not None:
                self.take(other, found)
                taken |= {one: column, other: found}
                return True
            self.leave(one, column)
        self.take(other, before)
        return False
