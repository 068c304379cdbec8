"""The plan as a program: one column a pair, one row a need, one row a half-day of a substitute."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circo.optimal.climbing import Goal
from circo.optimal.programs import Ints, Mask, Program, Side
from events.cover.problem import Problem


@dataclass(frozen=True, eq=False)
class Columns:
    """The program over the open pairs (`pairs` numbers them), and where the rows stand: needs first.

    `slot_rows` gives the row of each substitute and half-day, -1 if none; `most_rows` that of each limited substitute.
    """

    program: Program
    pairs: Ints
    slot_rows: Ints
    most_rows: Ints
    is_plain: bool  # a matching: what may be covered together is a matroid, hence any falling weights rank priorities


def columns_of(problem: Problem) -> Columns:
    """Write the program of the open pairs; half-days that a substitute can't split are one row."""
    pairs = np.flatnonzero(problem.is_open)
    need, substitute = problem.pairs.need[pairs], problem.pairs.substitute[pairs]
    slots = problem.slots[need]
    entries = _slots_kept(problem, substitute, slots)
    column, half_day = np.nonzero(entries)
    used, slot_at = np.unique(substitute[column] * slots.shape[1] + half_day, return_inverse=True)
    needs = len(problem.needs)
    slot_rows = np.full((len(problem.substitutes), slots.shape[1]), -1)
    slot_rows.reshape(-1)[used] = needs + np.arange(len(used))
    limited = _limited(problem, substitute, slots)
    most_rows = np.full(len(problem.substitutes), -1)
    most_rows[limited] = needs + len(used) + np.arange(len(limited))
    load = problem.loads[need]
    heavy = np.flatnonzero((most_rows[substitute] >= 0) & (load > 0))
    rows = np.concatenate([need, needs + slot_at, most_rows[substitute[heavy]]])
    most = np.array([problem.substitutes[number].most for number in limited], np.int64)
    program = Program.of(
        rows,
        np.concatenate([np.arange(len(pairs)), column, heavy]),
        np.concatenate([problem.places, np.ones(len(used), np.int64), most]),
        np.repeat([Side.LEFT, Side.RIGHT, Side.OTHER], [needs, len(used), len(limited)]),
        width=len(pairs),
        values=np.concatenate([np.ones(len(pairs) + len(column), np.int64), load[heavy]]),
    )
    for need_key, _ in problem.locks:
        program.tight[problem.need_at[need_key]] = problem.needs[problem.need_at[need_key]].places == 1
    is_plain = len(column) == len(pairs) and all(one.most is None for one in problem.substitutes)
    return Columns(program, pairs, slot_rows, most_rows, is_plain)


def _slots_kept(problem: Problem, substitute: Ints, slots: Mask) -> Mask:
    """The half-days that must be rows: the afternoon of a whole day is one only where a half-day could take it."""
    kept = slots.copy()
    days = [half_day.day for half_day in problem.half_days]
    for day in sorted(set(days)):
        at = [number for number, one in enumerate(days) if one == day]
        if len(at) < 2:
            continue
        whole = slots[:, at].all(axis=1)
        splits = np.zeros(len(problem.substitutes), bool)
        splits[substitute[slots[:, at].any(axis=1) & ~whole]] = True
        kept[whole & ~splits[substitute], at[1]] = False
    return kept


def _limited(problem: Problem, substitute: Ints, slots: Mask) -> Ints:
    """The substitutes whose limit could be passed."""
    could = np.zeros((len(problem.substitutes), slots.shape[1]), bool)
    for half_day in range(slots.shape[1]):
        could[substitute[slots[:, half_day]], half_day] = True
    most = np.array([np.inf if one.most is None else one.most for one in problem.substitutes])
    return np.flatnonzero(could.sum(axis=1) > most)


def first_goals(problem: Problem, columns: Columns) -> list[Goal]:
    """Cover by priority, then (when something is published) keep what people know, then the levels."""
    pairs = columns.pairs
    priorities = problem.priorities[problem.pairs.need[pairs]]
    goals = coverage_goals(priorities, problem.priorities, is_plain=columns.is_plain)
    if problem.notified:
        goals.append(Goal("notified", problem.linked(problem.notified)[pairs].astype(np.int64)))
    if problem.published:
        goals.append(Goal("published", problem.linked(problem.published)[pairs].astype(np.int64)))
    return [*goals, Goal("misfit", -problem.pairs.misfit[pairs])]


def coverage_goals(of_pairs: Ints, of_needs: Ints, *, is_plain: bool) -> list[Goal]:
    """One goal where a matching makes falling weights rank the priorities, else one a priority."""
    if is_plain:
        return [Goal("cover", int(of_needs.max(initial=0)) + 1 - of_pairs)]
    return [Goal(f"cover:{one}", (of_pairs == one).astype(np.int64)) for one in sorted(set(of_needs.tolist()))]
