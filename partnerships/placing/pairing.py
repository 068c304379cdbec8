"""Who goes with whom: as many pairs as can be, then those who live near and wish the same, proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from scipy.sparse import csc_array, csr_array, vstack
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

from circo.errors import Refusal
from circo.maps.rules import distance_km, squeeze_at
from circo.optimal import linear
from circo.optimal.climbing import Goal, climb
from circo.optimal.helping import drawn
from circo.optimal.programs import Ints, Program, Side
from circo.optimal.watching import Watch

NEIGHBOURS = 12  # of each student, in a large group
SMALL = 40  # students: in a group of so many, anybody may go with anybody
COMMON_WORTH_M = 3_000  # a wish in common is worth that much nearer, as the crow flies
HALF = 0.5
ROUNDS = 30


@dataclass(frozen=True)
class Candidate:
    """A student to be paired. `group`: only students of the same go together (programme, dates)."""

    key: str
    home: tuple[float, float]  # longitude, latitude: degrees
    group: str = ""
    wishes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Paired:
    """Pairs, and those who stay alone. Units of `worth`: metres. `is_proved`: the best among neighbours."""

    pairs: tuple[tuple[str, str], ...]
    alone: tuple[str, ...]
    worth: int
    is_proved: bool


def pair_up(
    candidates: Iterable[Candidate],
    *,
    locks: Iterable[tuple[str, str]] = (),
    apart: Iterable[tuple[str, str]] = (),
    watch: Watch | None = None,
) -> Paired:
    """Put students in pairs; `locks` are pairs that stay, `apart` those that must not be.

    Raises: Refusal for a student given twice, or locked twice.
    Bound: in a group of more than forty, a student goes with one of the twelve nearest, or of whom they are one.
    """
    people = sorted(candidates, key=lambda one: one.key)
    fixed = sorted((min(one), max(one)) for one in locks)
    taken = sorted(key for pair in fixed for key in pair)
    for keys in ([one.key for one in people], taken):
        twice = next((key for key, after in pairwise(keys) if key == after), None)
        if twice:
            raise Refusal(f"Le même étudiant est donné deux fois\u00a0: {twice}.")
    free = [one for one in people if one.key not in set(taken)]
    kept_apart = {(min(one), max(one)) for one in apart}
    edges = [pair for pair in _edges(free) if (free[pair[0]].key, free[pair[1]].key) not in kept_apart]
    chosen, is_proved = _matched(free, edges, watch or Watch())
    pairs = sorted([*fixed, *((free[a].key, free[b].key) for a, b in chosen)])
    together = {key for pair in pairs for key in pair}
    alone = tuple(one.key for one in people if one.key not in together)
    return Paired(tuple(pairs), alone, sum(worth_of(free[a], free[b]) for a, b in chosen), is_proved)


def worth_of(one: Candidate, other: Candidate) -> int:
    """What a pair is worth. Units: metres: minus how far apart they live, plus what wishes in common are worth."""
    metres = round(1000 * distance_km(one.home, other.home))
    return COMMON_WORTH_M * len(one.wishes & other.wishes) - metres


def _edges(people: list[Candidate]) -> list[tuple[int, int]]:
    """Who may go with whom: all in a small group, neighbours in a large one."""
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(people):
        groups.setdefault(one.group, []).append(number)
    found: set[tuple[int, int]] = set()
    for members in groups.values():
        if len(members) <= SMALL:
            found |= set(combinations(members, 2))
            continue
        homes = np.array([people[number].home for number in members])
        flat = homes * [squeeze_at(float(homes[:, 1].mean())), 1.0]
        # Where distances are equal, a draw from each key decides: the order of people leaves no trace.
        flat += 1e-9 * drawn([people[number].key] for number in members)[:, None] / 2**24
        _, near = KDTree(flat).query(flat, NEIGHBOURS + 1)
        for at, others in enumerate(near.tolist()):
            found |= {tuple(sorted((members[at], members[other]))) for other in others if other != at}
    return sorted(found)


def _matched(people: list[Candidate], edges: list[tuple[int, int]], watch: Watch) -> tuple[list[tuple[int, int]], bool]:
    if not edges:
        return [], True
    ends = np.array(edges, np.int64)
    columns = np.arange(len(edges))
    program = Program.of(
        ends.T.reshape(-1),
        np.tile(columns, 2),
        np.ones(len(people), np.int64),
        np.full(len(people), Side.OTHER),
        width=len(edges),
    )
    draw = drawn((people[a].key, people[b].key) for a, b in edges)
    worth = np.array([worth_of(people[a], people[b]) for a, b in edges], np.int64)
    x = _greedy(ends, worth, len(people))
    is_proved = True
    for goal in (Goal("pairs", np.ones(len(edges), np.int64)), Goal("worth", worth), Goal("tie", -draw)):
        program = _cut(program, ends, goal.weights, x, watch)
        climbed = climb(program, [goal], x, watch)
        program, x = climbed.face, climbed.x
        is_proved &= all(one.value == one.bound for one in climbed.reached)
    return [edges[number] for number in np.flatnonzero(x).tolist()], is_proved


def _greedy(ends: Ints, worth: Ints, size: int) -> Ints:
    x, free = np.zeros(len(ends), np.int64), np.ones(size, bool)
    for number in np.lexsort((np.arange(len(ends)), -worth)).tolist():
        if free[ends[number]].all():
            x[number] = 1
            free[ends[number]] = False
    return x


def _cut(program: Program, ends: Ints, weights: Ints, x: Ints, watch: Watch) -> Program:
    """Add what halves break: of an odd number of students, one at least has no mate among the others (Edmonds)."""
    for _ in range(ROUNDS):
        living = np.flatnonzero(program.alive)
        best = linear.relaxed(program.among(living), weights[living], x[living], watch)
        if best is None:
            break
        halves = living[np.abs(best.x - HALF) < linear.NEAR]
        odd = _odd_sets(ends[halves], len(program.caps) if len(ends) == 0 else int(ends.max()) + 1)
        rows = [np.flatnonzero(np.isin(ends, one).all(axis=1)) for one in odd]
        if not rows:
            break
        places = np.concatenate(rows), np.repeat(np.arange(len(rows)), [len(one) for one in rows])
        added = csr_array((np.ones(len(places[0])), (places[1], places[0])), shape=(len(rows), len(ends)))
        program = Program(
            vstack([program.matrix, csc_array(added)], format="csc"),
            np.concatenate([program.caps, [len(one) // 2 for one in odd]]),
            np.concatenate([program.sides, np.full(len(odd), Side.OTHER)]),
            np.concatenate([program.tight, np.zeros(len(odd), bool)]),
            program.alive,
            program.whole,
        )
    return program


def _odd_sets(halves: Ints, size: int) -> list[Ints]:
    """The students of each circle of an odd number of halves."""
    if not len(halves):
        return []
    graph = csr_array((np.ones(len(halves)), halves.T), shape=(size, size))
    count, labels = connected_components(graph, directed=False)
    sizes = np.bincount(labels, minlength=count)
    return [np.flatnonzero(labels == one) for one in np.flatnonzero((sizes > 2) & (sizes % 2 == 1)).tolist()]
