"""The heaviest matching of two sides, by SciPy's sparse algorithm, and the integers that prove it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from circo.optimal.programs import Ints, Mask, Program, Side

EXACT = 2**50  # sums of integers below it are exact in a double
TWICE = 2  # the scale of the duals: the least and the greatest ones, added


@dataclass(frozen=True, eq=False)
class Matched:
    """A heaviest matching (`chosen` columns) and twice its duals: one integer a row."""

    chosen: Mask
    duals: Ints


@dataclass(frozen=True, eq=False)
class _Edges:
    """Edges from one of two sides to the other, each numbered from 0, and the edge of each node in the matching."""

    near: Ints
    far: Ints
    weights: Ints
    nears: int
    fars: int


def two_sides(program: Program) -> tuple[Ints, Ints] | None:
    """Return the left and the right row of each living column, or None when one has not just these two."""
    matrix = program.among(np.flatnonzero(program.alive)).matrix
    known = program.sides[matrix.indices] != Side.OTHER
    columns = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))[known]
    rows = matrix.indices[known]
    if (np.bincount(columns, minlength=matrix.shape[1]) != 2).any() or (matrix.data[known] != 1).any():
        return None
    pairs = rows.reshape(-1, 2)
    is_left = program.sides[pairs] == Side.LEFT
    if (is_left.sum(axis=1) != 1).any() or (program.caps[pairs[~is_left]] != 1).any():
        return None
    return pairs[is_left], pairs[~is_left]


def heaviest(program: Program, sides: tuple[Ints, Ints], weights: Ints) -> Matched:
    """Match the living columns, whose two rows are `sides`, for the greatest weight; their tight rows are served fully.

    Raises: ValueError when a tight row can't be, or when weights are too large to be added exactly.
    """
    left, right = sides
    must = program.tight & (program.sides != Side.OTHER)
    push = _push(program, sides, weights)
    pushed = weights + push * (must[left].astype(np.int64) + must[right])
    lefts, left_at = np.unique(left, return_inverse=True)
    rights, right_at = np.unique(right, return_inverse=True)
    places = program.caps[lefts]
    first = np.cumsum(places) - places
    copies = places[left_at]
    origin = np.repeat(np.arange(len(left)), copies)  # a row that serves three is three nodes alike
    copy = np.arange(len(origin)) - np.repeat(np.cumsum(copies) - copies, copies)
    edges = _Edges(first[left_at][origin] + copy, right_at[origin], pushed[origin], int(places.sum()), len(rights))
    matched = _full_matching(edges)
    u, v = _duals(edges, matched)
    duals = np.zeros(len(program.caps), np.int64)
    duals[lefts], duals[rights] = u[first], v
    duals -= TWICE * push * must
    chosen = np.zeros(len(left), bool)
    chosen[origin[matched]] = True
    served = np.bincount(left[chosen], minlength=len(duals)) + np.bincount(right[chosen], minlength=len(duals))
    if (served < program.caps)[must].any():
        raise ValueError("a row that must be served is not")
    return Matched(chosen, duals)


def _push(program: Program, sides: tuple[Ints, Ints], weights: Ints) -> int:
    """What a tight row adds to its columns: more than the whole matching may weigh, so that none is left out.

    The only weight of its kind: at most the number of rows times the range of one goal, checked to stay exact.
    """
    size = min(int(program.caps[np.unique(side)].sum()) for side in sides)
    push = 1 + size * int(max(weights.max(initial=0), 0) - min(weights.min(initial=0), 0))
    if 4 * push * (size + 1) >= EXACT:
        raise ValueError("weights too large to be added exactly")
    return push


def _full_matching(edges: _Edges) -> Mask:
    """Return the edges of a heaviest matching: a far node may also take an edge of its own, of weight 0."""
    useful = np.flatnonzero(edges.weights > 0)
    top = int(edges.weights.max(initial=0)) + 1  # SciPy seeks the lightest, and takes 0 for no edge
    own = np.arange(edges.fars)
    costs = np.concatenate([top - edges.weights[useful], np.full(edges.fars, top)]).astype(float)
    ends = (np.concatenate([edges.far[useful], own]), np.concatenate([edges.near[useful], edges.nears + own]))
    graph = csr_array((costs, ends), shape=(edges.fars, edges.nears + edges.fars))
    fars, nears = min_weight_full_bipartite_matching(graph)
    mate = np.full(edges.fars, -1)
    mate[fars] = nears
    matched = np.zeros(len(edges.near), bool)
    matched[useful] = mate[edges.far[useful]] == edges.near[useful]
    return matched


def _duals(edges: _Edges, matched: Mask) -> tuple[Ints, Ints]:
    """Add the duals that are the least on the far side to those that are the least on the near side.

    Both prove the matching; the sum is positive wherever one of them is, hence narrows the face more.
    """
    v, u = _least(edges, matched), _least(_turned(edges), matched)
    other_u, other_v = _against(edges, matched, v), _against(_turned(edges), matched, u)
    return u + other_u, v + other_v


def _turned(edges: _Edges) -> _Edges:
    return _Edges(edges.far, edges.near, edges.weights, edges.fars, edges.nears)


def _against(edges: _Edges, matched: Mask, far_duals: Ints) -> Ints:
    """The duals of the near side: what the edge of each weighs above the dual of its mate; 0 without a mate."""
    near_duals = np.zeros(edges.nears, np.int64)
    near_duals[edges.near[matched]] = edges.weights[matched] - far_duals[edges.far[matched]]
    return near_duals


def _least(edges: _Edges, matched: Mask) -> Ints:
    """The least duals of the far side: longest paths along the matching, by rounds over all edges (Bellman, Ford)."""
    order = np.argsort(edges.far, kind="stable")
    near, far = edges.near[order], edges.far[order]
    starts = np.searchsorted(far, np.arange(edges.fars))
    mate, of_mate = np.full(edges.nears, edges.fars), np.zeros(edges.nears, np.int64)
    mate[edges.near[matched]] = edges.far[matched]
    of_mate[edges.near[matched]] = edges.weights[matched]
    above, via = edges.weights[order] - of_mate[near], mate[near]
    duals = np.zeros(edges.fars + 1, np.int64)  # the last is that of no mate
    while True:
        found = np.maximum(np.maximum.reduceat(above + duals[via], starts), duals[:-1])
        if (found == duals[:-1]).all():
            return found
        duals[:-1] = found
