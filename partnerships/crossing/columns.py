"""Visits as a program: one column a visit; rows of visitors and hosts by half-day, of limits, of pairs met once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array

from circo.optimal.climbing import Goal
from circo.optimal.helping import counted, drawn, helped
from circo.optimal.programs import Ints, Program, Side
from partnerships.crossing.choosing import RETURNED_MIN
from partnerships.crossing.counting import gives
from partnerships.crossing.problem import Problem

ADDED = ("visits", "told", "kept", "school")


@dataclass(frozen=True, eq=False)
class Columns:
    """The program over the open choices (`choices` numbers them), and the codes of its rows.

    Codes, in parts: visitors × half-days; hosts × half-days; hosts, for a year; visitors, for their limit; pairs.
    """

    program: Program
    choices: Ints
    codes: Ints
    ends: Ints  # where each part ends

    def goals(self, problem: Problem) -> list[Goal]:
        """The goals that add columns up; those of a published plan only if there is one."""
        given = gives(problem)
        names = [name for name in ADDED if problem.decisions.published or name not in ("told", "kept")]
        return [Goal(name, given[name][self.choices]) for name in names]


def columns_of(problem: Problem) -> Columns:
    """Write the program of the open choices; limits that nothing can pass are left out."""
    choices, one = np.flatnonzero(problem.is_open), problem.choices
    slots = len(problem.half_days)
    visitor, host, slot = one.visitor[choices], one.host[choices], one.slot[choices]
    parts = (visitor * slots + slot, host * slots + slot, host, visitor, problem.pair_of[choices])
    sizes = (len(problem.visitors) * slots, len(problem.hosts) * slots, len(problem.hosts), len(problem.visitors))
    ends = np.cumsum([*sizes, len(problem.pairs)])
    starts = np.append(0, ends[:-1])
    rows = np.concatenate([start + part for start, part in zip(starts, parts, strict=True)])
    codes, at = np.unique(rows, return_inverse=True)
    caps = caps_of(problem)[codes]
    is_limit = codes >= ends[1]
    kept = ~is_limit | (np.bincount(at, minlength=len(codes)) > caps)
    number = np.cumsum(kept) - 1
    column = np.tile(np.arange(len(choices)), len(parts))
    entries = kept[at]
    codes = codes[kept]
    sides = np.where(codes < ends[0], Side.RIGHT, np.where(codes < ends[1], Side.LEFT, Side.OTHER))
    program = Program.of(number[at[entries]], column[entries], caps[kept], sides, width=len(choices))
    locked = problem.linked(problem.decisions.locks)
    program.tight[np.isin(codes, (one.visitor * slots + one.slot)[locked])] = True
    return Columns(program, choices, codes, ends)


def caps_of(problem: Problem) -> Ints:
    """What each row holds at most."""
    slots = len(problem.half_days)
    rooms = np.array([one.room(half_day) for one in problem.hosts for half_day in problem.half_days], np.int64)
    left = np.array([max(one.most - one.past, 0) for one in problem.hosts], np.int64)
    most = np.array([slots if one.most is None else one.most for one in problem.visitors], np.int64)
    once = np.ones(len(problem.visitors) * slots, np.int64)
    return np.concatenate([once, rooms, left, most, np.ones(len(problem.pairs), np.int64)])


@dataclass(frozen=True, eq=False)
class Further:
    """A program with helpers, the choices of its first columns, the plan so far, the goals; pairs that helpers join."""

    program: Program
    choices: Ints
    start: Ints
    goals: tuple[Goal, ...]
    returned: Ints


def returned(problem: Problem, program: Program, choices: Ints, x: Ints) -> Further:
    """Travel, wishes, and visits returned in the same plan: a helper for each two pairs that may return each other."""
    living = np.flatnonzero(program.alive)
    choices, x, program = choices[living], x[living], program.among(living)
    pairs = problem.pair_of[choices]
    used = np.zeros(len(problem.pairs), bool)
    used[pairs] = True
    back = problem.returned_by
    first = np.flatnonzero(used & (back >= 0))
    first = first[used[back[first]] & (first < back[first])]
    ways = np.concatenate([first, back[first]])  # the rows: each way of each two pairs
    row = np.full(len(problem.pairs), -1)
    row[ways] = np.arange(len(ways))
    on = np.flatnonzero(row[pairs] >= 0)
    rows = coo_array((-np.ones(len(on)), (row[pairs[on]], on)), shape=(len(ways), len(choices))).tocsc()
    helper = np.tile(np.arange(len(first)), 2)
    helpers = coo_array((np.ones(len(ways)), (np.arange(len(ways)), helper)), shape=(len(ways), len(first))).tocsc()
    made = np.rint(-(rows @ x)).astype(np.int64)
    both = np.minimum(made[: len(first)], made[len(first) :])
    worth = np.concatenate([problem.choices.worth[choices], np.full(len(first), RETURNED_MIN)])
    program = helped(program, rows, helpers, np.zeros(len(ways), np.int64))
    return Further(program, choices, np.concatenate([x, both]), (Goal("worth", worth),), ways)


def shared(problem: Problem, further: Further, face: Program, x: Ints) -> Further:
    """The visits that each class receives, counted by units, and the draw, on the living columns."""
    living = np.flatnonzero(face.alive)
    width = int((living < len(further.choices)).sum())
    choices, x, program = further.choices[living[:width]], x[living], face.among(living)
    used, at = np.unique(problem.choices.host[choices], return_inverse=True)
    table = coo_array((np.ones(width), (at, np.arange(width))), shape=(len(used), len(living))).tocsr()
    hosts = [problem.hosts[number] for number in used.tolist()]
    past, left = np.array([(one.past, max(one.most - one.past, 0)) for one in hosts], np.int64).reshape(-1, 2).T
    most = np.minimum(left, np.bincount(at, minlength=len(used)))
    program, owner, rank, reached = counted(program, table, most, np.rint(table @ x).astype(np.int64))
    cost = 2 * (past[owner] + rank) + 1
    visits = (problem.visit(number) for number in choices.tolist())
    draw = drawn((one.visitor, one.host, one.half_day.code) for one in visits)
    helpers = np.zeros(len(living) - width, np.int64)
    goals = (
        Goal("load", np.concatenate([np.zeros(len(living), np.int64), -cost])),
        Goal("tie", np.concatenate([-draw, helpers, 0 * cost])),
    )
    return Further(program, choices, np.concatenate([x, reached]), goals, further.returned)


def first_plan(problem: Problem, columns: Columns, order: Iterable[int] | None = None) -> Ints:
    """First come, first served: locks, then each visitor and half-day in turn, the best visit that has room."""
    program, one, choices = columns.program, problem.choices, columns.choices
    turn = one.visitor[choices] * len(problem.half_days) + one.slot[choices]
    turns, of_turn = np.unique(turn, return_inverse=True)
    best = np.lexsort((np.arange(len(choices)), -one.worth[choices], ~problem.is_near[choices], of_turn))
    starts = np.searchsorted(of_turn[best], np.arange(len(turns) + 1))
    locked = np.flatnonzero(problem.linked(problem.decisions.locks)[choices])
    x = np.zeros(len(choices), np.int64)
    x[locked] = 1
    left = program.caps - np.rint(program.matrix @ x).astype(np.int64)
    indptr, indices = program.matrix.indptr, program.matrix.indices
    served = set(of_turn[locked].tolist())
    if order is None:  # whoever has the fewest ways is served first
        order = np.argsort(np.diff(starts), kind="stable").tolist()
    for number in order:
        if number in served:
            continue
        for column in best[starts[number] : starts[number + 1]].tolist():
            on = indices[indptr[column] : indptr[column + 1]]
            if (left[on] > 0).all():
                x[column] = 1
                left[on] -= 1
                break
    return x
