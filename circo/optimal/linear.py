"""What a matching can't hold, by HiGHS: the relaxed program with its duals, and the whole one with its bound."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from circo.optimal.programs import Ints, Program
from circo.optimal.watching import Watch

NEAR = 1e-6  # HiGHS's own tolerance
SCALES = (1, 2, 3, 4, 5, 6, 8, 10, 12, 24, 60)  # duals are fractions of small denominators, or are not proved here
OPTIMAL, OUT_OF_TIME = 0, 1
UNKNOWN = 2**62
PLAIN = 20_000  # columns
TRIED = 3  # columns a row that branch and bound sees first


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The best point of the relaxed program, its value, and one dual a row."""

    x: np.ndarray
    value: float
    duals: np.ndarray

    @property
    def as_whole(self) -> Ints | None:
        """The point itself, when it happens to be whole."""
        x = np.rint(self.x)
        return x.astype(np.int64) if np.abs(self.x - x).max(initial=0) < NEAR else None

    @property
    def near(self) -> float:
        """How wrong the value may be."""
        return NEAR * max(1.0, abs(self.value)) ** 0.5

    def part(self, weights: Ints, columns: Ints, rows: Ints) -> Relaxed:
        """The same on one part."""
        return Relaxed(self.x[columns], float(weights[columns] @ self.x[columns]), self.duals[rows])

    def reduced(self, program: Program, weights: Ints) -> np.ndarray:
        """What each column costs above its weight."""
        return program.matrix.T @ self.duals - weights


def relaxed(program: Program, weights: Ints, start: Ints, watch: Watch) -> Relaxed | None:
    """Find the best fractions of all columns, which must be alive, from a first plan; None when time ran out.

    When a goal gives nothing to most columns, they come in only if the duals like them: most do not.
    """
    if not weights.any():
        return Relaxed(start.astype(float), 0.0, np.zeros(len(program.caps)))
    tried = (weights > 0) | (start > 0) | ~program.whole | bool((weights < 0).any())
    while True:
        best = _solved(program.among(np.flatnonzero(tried)), weights[tried], watch)
        if best is None:
            return None
        liked = best.reduced(program, weights) < -NEAR
        liked &= ~tried
        if not liked.any():
            x = np.zeros(len(weights))
            x[tried] = best.x
            return Relaxed(x, best.value, best.duals)
        tried |= liked


def _solved(program: Program, weights: Ints, watch: Watch) -> Relaxed | None:
    """The relaxed program by the dual simplex.

    Raises: ValueError when no point obeys the rows.
    """
    if not (seconds := watch.left):
        return None
    loose, tight = ~program.tight, program.tight
    # Presolving finds nothing where large costs meet rows of ones: as many iterations, a tenth slower, 25 MB more for
    # 100,000 columns. Elsewhere it halves the time.
    is_plain = len(weights) > PLAIN and bool((weights < 0).any() and (program.matrix.data == 1).all())
    by_rows = program.matrix.tocsr()
    answer = linprog(
        -weights.astype(float),
        A_ub=by_rows[loose] if loose.any() else None,
        b_ub=program.caps[loose] if loose.any() else None,
        A_eq=by_rows[tight] if tight.any() else None,
        b_eq=program.caps[tight] if tight.any() else None,
        bounds=(0, None),  # the rows hold every column to 1: the duals of bounds would hide those of rows
        method="highs-ds",
        options={"presolve": not is_plain} | ({} if seconds == inf else {"time_limit": seconds}),
    )
    if answer.status == OUT_OF_TIME:
        return None
    if answer.status != OPTIMAL:
        raise ValueError(answer.message)
    duals = np.zeros(len(program.caps))
    duals[loose], duals[tight] = -answer.ineqlin.marginals, -answer.eqlin.marginals
    return Relaxed(answer.x, -answer.fun, duals)


def whole(program: Program, weights: Ints, start: Ints, best: Relaxed, watch: Watch) -> tuple[Ints, int]:
    """Find the best plan in integers, and what no plan exceeds, from the relaxed program and a first plan.

    Few columns are tried first, those that the relaxed program likes. A plan that falls short of it by some gap is the
    best of all as soon as every column whose reduced cost is within that gap was tried.
    """
    reduced = best.reduced(program, weights)
    bound, x = floor(best.value + best.near), start
    liked = np.argsort(np.where(best.x > NEAR, -1.0, np.maximum(reduced, 0)), kind="stable")
    some = np.zeros(len(x), bool)
    some[liked[: TRIED * len(program.caps)]] = True
    within = -1.0  # nothing is sure to have been tried
    while watch.left:
        tried = np.flatnonzero(some | (reduced <= within) | (x > 0) | ~program.whole)
        found, its_bound = _branched(program.among(tried), weights[tried], watch.left)
        if found is not None and weights[tried] @ found >= weights @ x:
            x = np.zeros_like(x)
            x[tried] = found
        value = int(weights @ x)
        gap = best.value - value + best.near
        if value >= bound or gap <= within or len(tried) == len(x):  # the rest falls short by more than the gap
            return x, min(bound, max(its_bound, value))
        within = gap
    return x, bound


def _branched(program: Program, weights: Ints, seconds: float) -> tuple[Ints | None, int]:
    """Branch and bound: the best plan found, if any, and what no plan exceeds."""
    answer = milp(
        -weights.astype(float),
        integrality=program.whole.astype(int),
        bounds=Bounds(0, np.where(program.whole, 1, np.inf)),
        constraints=LinearConstraint(program.matrix, np.where(program.tight, program.caps, -np.inf), program.caps),
        options={"mip_rel_gap": 0.0} | ({} if seconds == inf else {"time_limit": seconds}),
    )
    if answer.status not in (OPTIMAL, OUT_OF_TIME):
        raise ValueError(answer.message)
    x = None if answer.x is None else np.rint(answer.x).astype(np.int64)
    if answer.status == OPTIMAL and x is not None:
        return x, int(weights @ x)
    bound = answer.mip_dual_bound
    return x, UNKNOWN if bound is None or not np.isfinite(bound) else floor(-bound + NEAR)


def exact_duals(program: Program, weights: Ints, value: int, duals: np.ndarray) -> tuple[Ints, int] | None:
    """Find integers and a scale that prove, without tolerance, that no point exceeds `value`; None if none is near."""
    for scale in SCALES:
        found = np.rint(duals * scale).astype(np.int64)
        if np.abs(found - duals * scale).max(initial=0) > NEAR * scale * 10:
            continue
        reduced = np.rint(program.matrix.T @ found).astype(np.int64) - scale * weights
        fair = (reduced >= 0).all() and (found[~program.tight] >= 0).all()
        if fair and int(found @ program.caps) == scale * value:
            return found, scale
    return None
