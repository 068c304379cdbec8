"""What may be chosen: columns worth 0 or 1 under rows of limits, and how the optimal face of a goal narrows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from scipy.sparse import block_array, coo_array, csc_array, vstack
from scipy.sparse.csgraph import connected_components

type Ints = np.ndarray
type Mask = np.ndarray


class Side(IntEnum):
    """What a row is to a matching: one of its two sides, or a limit that it does not know."""

    LEFT = 0
    RIGHT = 1
    OTHER = 2


@dataclass(frozen=True, eq=False)
class Program:
    """Columns that are 0 or 1, such that `matrix` · x ≤ `caps`, with equality where `tight`, and 0 where not `alive`.

    Columns that are not `whole` need not be integers by themselves: they are once the others are.
    """

    matrix: csc_array
    caps: Ints
    sides: Ints
    tight: Mask
    alive: Mask
    whole: Mask

    @classmethod
    def of(
        cls, rows: Ints, columns: Ints, caps: Ints, sides: Ints, *, width: int, values: Ints | None = None
    ) -> Program:
        """Make a program from the places of its coefficients, which are 1 unless `values` says otherwise."""
        filled = np.ones(len(rows)) if values is None else values.astype(float)
        matrix = coo_array((filled, (rows, columns)), shape=(len(caps), width)).tocsc()
        matrix.sort_indices()
        alive = np.ones(width, bool)
        return cls(matrix, caps.astype(np.int64), sides, np.zeros(len(caps), bool), alive, alive)

    def holds(self, x: Ints) -> bool:
        """Tell whether integers `x` obey every row, and leave what is not alive at 0."""
        used = self.matrix @ x
        return bool(
            ((x == 0) | self.alive).all() and (used <= self.caps).all() and (used == self.caps)[self.tight].all()
        )

    def narrowed(self, reduced: np.ndarray, duals: np.ndarray, *, zero: float = 0.0) -> Program:
        """Keep only what is optimal, by complementary slackness with duals and reduced costs, up to `zero`."""
        return replace(self, alive=self.alive & (np.abs(reduced) <= zero), tight=self.tight | (np.abs(duals) > zero))

    def with_floor(self, weights: Ints, value: int) -> Program:
        """Add the row `weights` · x ≥ `value`: dense, hence only for a part whose face holds no integer plan."""
        row = csc_array(-weights.astype(float)[None, :])
        return replace(
            self,
            matrix=vstack([self.matrix, row], format="csc"),
            caps=np.append(self.caps, -value),
            sides=np.append(self.sides, Side.OTHER),
            tight=np.append(self.tight, False),
        )

    def among(self, columns: Ints) -> Program:
        """Keep these columns, in order, and every row."""
        if len(columns) == len(self.alive):
            return self
        return replace(self, matrix=self.matrix[:, columns], alive=self.alive[columns], whole=self.whole[columns])

    def part(self, columns: Ints) -> tuple[Program, Ints]:
        """Keep these columns, which share no row with others, and their rows; return the numbers of these."""
        kept = self.among(columns)
        matrix = kept.matrix
        is_used = np.bincount(matrix.indices, minlength=matrix.shape[0]) > 0
        if is_used.all():
            return kept, np.arange(len(self.caps))
        rows = np.flatnonzero(is_used)
        number = np.cumsum(is_used, dtype=matrix.indices.dtype) - 1
        parts = (matrix.data, number[matrix.indices], matrix.indptr)
        matrix = csc_array(parts, shape=(len(rows), matrix.shape[1]))
        return replace(kept, matrix=matrix, caps=self.caps[rows], sides=self.sides[rows], tight=self.tight[rows]), rows

    def parts(self) -> Iterator[Ints]:
        """Yield the living columns of each part that shares no row with another, by their first column."""
        living = np.flatnonzero(self.alive)
        if not len(living):
            return
        matrix = self.among(living).matrix
        _, labels = connected_components(block_array([[None, matrix.T], [matrix, None]]), directed=False)
        labels = labels[: len(living)]
        order = np.argsort(labels, kind="stable")
        pieces = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
        for piece in sorted(pieces, key=lambda one: one[0]):
            yield living[piece]
