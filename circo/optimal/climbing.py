"""Goals in their order, each reached among the plans that are best for those before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import lcm

import numpy as np

from circo.optimal import linear
from circo.optimal.matching import TWICE, heaviest, two_sides
from circo.optimal.programs import Ints, Program, Side
from circo.optimal.watching import Watch

BATCH = 4000  # columns: small parts are solved together, a call of HiGHS costing some milliseconds


@dataclass(frozen=True, eq=False)
class Goal:
    """What a plan should have the most of: the sum of the weights of what it chooses."""

    name: str
    weights: Ints


@dataclass(frozen=True, eq=False)
class Reached:
    """What a goal came to, what no plan exceeds, and, where integers prove it, one a row in `scale`ths."""

    name: str
    value: int
    bound: int
    duals: Ints | None = None
    scale: int = 1


@dataclass(frozen=True, eq=False)
class Climb:
    """The plan, what each goal came to, and what is left to choose from; goals after a stop are not among them."""

    x: Ints
    reached: tuple[Reached, ...]
    face: Program


@dataclass(frozen=True, eq=False)
class _Step:
    """A goal on one part: its plan, its bound, its exact duals if any, and the narrowed part."""

    x: Ints
    bound: int
    duals: Ints | None
    scale: int
    face: Program


def climb(program: Program, goals: Sequence[Goal], start: Ints, watch: Watch) -> Climb:
    """Reach the goals in order from the plan `start`, exactly, unless `watch` stops it.

    A goal narrows the program to its optimal face; that is exact when an integer plan lies on it, which is tested at
    each goal, and once more by the values of the last plan: a goal that lost something is then held by a row.
    """
    held: frozenset[str] = frozenset()
    while True:
        climbed = _climb(program, goals, start, watch, held)
        values = {goal.name: int(goal.weights @ climbed.x) for goal in goals}
        lost = {one.name for one in climbed.reached if one.value != values[one.name]} - held
        if not lost:
            return climbed
        held |= lost


def _climb(program: Program, goals: Sequence[Goal], x: Ints, watch: Watch, held: frozenset[str]) -> Climb:
    width, reached = program.matrix.shape[1], []
    for goal in goals:
        program, x, one = _reach(program, goal, x, watch, held=goal.name in held)
        reached.append(one)
        if one.value < one.bound and not watch.left:
            break
    return Climb(x[:width], tuple(reached), program)


def _reach(program: Program, goal: Goal, start: Ints, watch: Watch, *, held: bool) -> tuple[Program, Ints, Reached]:
    """Reach one goal, batch by batch, and put the narrowed batches together again."""
    x, bound, scale, floors = start.copy(), 0, 1, []
    alive, tight = program.alive.copy(), program.tight.copy()
    duals: Ints | None = np.zeros(len(program.caps), np.int64)
    batches = list(_batches(program))
    for number, columns in enumerate(batches):
        watch.tell(goal.name, number / len(batches))
        part, rows = program.part(columns)
        for step, step_columns, step_rows in _steps(part, goal.weights[columns], x[columns], watch):
            at, on = columns[step_columns], rows[step_rows]
            x[at], alive[at] = step.x, step.face.alive
            bound += step.bound
            tight[on] = step.face.tight[: len(on)]
            if held or len(step.face.caps) > len(on):
                floors.append((at, int(goal.weights[at] @ step.x)))
            if duals is None or step.duals is None:
                duals = None
            else:
                common = lcm(scale, step.scale)
                duals *= common // scale
                duals[on], scale = step.duals * (common // step.scale), common
    narrowed = replace(program, alive=alive, tight=tight)
    for at, value in floors:
        weights = np.zeros(len(alive), np.int64)
        weights[at] = goal.weights[at]
        narrowed = narrowed.with_floor(weights, value)
    return narrowed, x, Reached(goal.name, int(goal.weights @ x), bound, duals, scale)


def _batches(program: Program) -> Iterator[Ints]:
    """Yield columns to be solved together: all that are a matching, then the other parts, small ones in one batch."""
    if two_sides(program) is not None:
        yield np.flatnonzero(program.alive)
        return
    matching: list[Ints] = []
    batch: list[Ints] = []
    size = 0
    for columns in program.parts():
        if two_sides(program.part(columns)[0]) is not None:
            matching.append(columns)
            continue
        if batch and size + len(columns) > BATCH:
            yield np.sort(np.concatenate(batch))
            batch, size = [], 0
        batch.append(columns)
        size += len(columns)
    for found in (batch, matching):
        if found:
            yield np.sort(np.concatenate(found))


def _steps(part: Program, weights: Ints, start: Ints, watch: Watch) -> Iterator[tuple[_Step, Ints, Ints]]:
    """Solve a batch by a matching, else relaxed; what is then not whole is solved again, part by part."""
    columns, rows = np.arange(len(part.alive)), np.arange(len(part.caps))
    step = _at_once(part, weights, start) or _matched(part, weights)
    if step is not None:
        yield step, columns, rows
        return
    pieces = list(part.parts())
    if len(pieces) > 1 and two_sides(part) is not None:  # a limit that the matching does not know, in some parts
        for piece in pieces:
            alone, its_rows = part.part(piece)
            for step, at, on in _steps(alone, weights[piece], start[piece], watch):
                yield step, piece[at], its_rows[on]
        return
    best = linear.relaxed(part, weights, start, watch)
    if best is None:
        yield _given_up(part, weights, start), columns, rows
        return
    x = best.as_whole
    if x is not None and part.holds(x):
        yield _on_face(part, weights, x, best), columns, rows
        return
    for piece in pieces:
        alone, its_rows = part.part(piece)
        yield _whole(alone, weights[piece], start[piece], best.part(weights, piece, its_rows), watch), piece, its_rows


def _at_once(part: Program, weights: Ints, start: Ints) -> _Step | None:
    """The plan so far, when each row of one side already has the most that its columns could give it."""
    if not part.holds(start):
        return None
    value = int(weights @ start)
    entries = part.matrix.tocoo()
    for side in (Side.LEFT, Side.RIGHT):
        known = part.sides[entries.row] == side
        rows, columns = entries.row[known], entries.col[known]
        on = np.bincount(columns, minlength=len(weights))
        if (entries.data[known] != 1).any() or (on > 1).any() or (weights[on == 0] > 0).any():
            continue
        least = np.where(part.tight, np.iinfo(np.int64).min, 0)
        np.maximum.at(least, rows, weights[columns])
        duals = np.zeros(len(part.caps), np.int64)
        used = np.unique(rows)
        duals[used] = least[used]
        if int(duals @ part.caps) == value:
            reduced = np.rint(part.matrix.T @ duals).astype(np.int64) - weights
            return _Step(start, value, duals, 1, part.narrowed(reduced, duals))
    return None


def _matched(part: Program, weights: Ints) -> _Step | None:
    sides = two_sides(part)
    if sides is None:
        return None
    found = heaviest(part, sides, weights)
    x = found.chosen.astype(np.int64)
    if not part.holds(x):
        return None
    reduced = np.rint(part.matrix.T @ found.duals).astype(np.int64) - TWICE * weights
    return _Step(x, int(weights @ x), found.duals, TWICE, part.narrowed(reduced, found.duals))


def _whole(part: Program, weights: Ints, start: Ints, best: linear.Relaxed, watch: Watch) -> _Step:
    """One part in integers: on the face of its relaxed program if that is reached, else held by a row.

    In that case too the duals narrow it: a column whose reduced cost exceeds the gap is in no best plan.
    """
    x = best.as_whole
    if x is None or not part.holds(x):
        x, bound = linear.whole(part, weights, start, best, watch)
    else:
        bound = int(weights @ x)
    value = int(weights @ x)
    gap = best.value - value
    if gap < linear.NEAR * max(1, abs(value)) ** 0.5:
        return _on_face(part, weights, x, best)
    if value < bound:
        return _Step(x, bound, None, 1, part)
    narrowed = part.narrowed(
        best.reduced(part, weights), best.duals, zero=gap + linear.NEAR * max(1, abs(value)) ** 0.5
    )
    return _Step(x, bound, None, 1, narrowed.with_floor(weights, value))


def _on_face(part: Program, weights: Ints, x: Ints, best: linear.Relaxed) -> _Step:
    value = int(weights @ x)
    exact = linear.exact_duals(part, weights, value, best.duals)
    if exact is not None:
        duals, scale = exact
        reduced = np.rint(part.matrix.T @ duals).astype(np.int64) - scale * weights
        return _Step(x, value, duals, scale, part.narrowed(reduced, duals))
    return _Step(x, value, None, 1, part.narrowed(best.reduced(part, weights), best.duals, zero=linear.NEAR))


def _given_up(part: Program, weights: Ints, start: Ints) -> _Step:
    """No time left: the plan stays, under what each left row could give at most."""
    left = np.flatnonzero(part.sides == Side.LEFT)
    first = np.full(len(weights), -1)
    entries = part.matrix.tocoo()
    on_left = np.isin(entries.row, left)
    first[entries.col[on_left]] = entries.row[on_left]
    best = np.zeros(len(part.caps), np.int64)
    np.maximum.at(best, first[first >= 0], weights[first >= 0])
    loose = int(np.maximum(weights[first < 0], 0).sum())  # those that no left row holds
    return _Step(start, int(best @ part.caps) + loose, None, 1, part)
