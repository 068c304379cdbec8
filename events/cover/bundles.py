"""What comes after coverage and levels: money and known faces, then fair loads, on the pairs that are still open.

A column is a bundle, some needs of one class taken by one substitute, so that a face seen again is worth something
without a row of its own. Two kinds of helpers: the ISSR of a day of two schools, and the units of a substitute's load.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy.sparse import coo_array, csc_array, hstack

from circo.optimal.climbing import Goal
from circo.optimal.helping import counted, drawn, helped
from circo.optimal.programs import Ints, Program
from events.cover.problem import Problem


@dataclass(frozen=True, eq=False)
class Bundles:
    """The program of bundles: `members` (pairs × columns) says which pairs each is made of, none for a helper."""

    program: Program
    pairs: Ints
    members: csc_array
    start: Ints  # the plan so far, in these columns

    def pairs_of(self, x: Ints) -> Ints:
        """The numbers of the pairs that columns `x` choose."""
        return self.pairs[np.flatnonzero(self.members @ x)]


def bundled(problem: Problem, program: Program, pairs: Ints, x: Ints) -> tuple[Bundles, Goal]:
    """Bundle the living columns of the program of pairs; the goal is money, less what known faces are worth."""
    living = np.flatnonzero(program.alive)
    pairs = pairs[living]
    group = problem.classes[problem.pairs.need[pairs]] * len(problem.substitutes) + problem.pairs.substitute[pairs]
    members = _members(group)
    shared, rows, helpers, steps = _shared_days(problem, pairs)
    said = replace(
        program,
        matrix=program.matrix[:, living] @ members,
        alive=np.ones(members.shape[1], bool),
        whole=np.ones(members.shape[1], bool),
    )
    cents = np.where(shared, 0, problem.pairs.cents[pairs])
    worth = problem.rules.affinity_cents * problem.is_affine[pairs] - cents
    faces = problem.rules.same_face_cents * (np.diff(members.indptr) - 1)
    start = _together(members, group, x[living])
    reached = np.zeros(helpers.shape[1], np.int64)
    np.maximum.at(reached, helpers.tocsr().indices, np.rint(rows @ x[living]).astype(np.int64))
    no_cap = np.zeros(rows.shape[0], np.int64)
    bundles = _with_helpers(
        Bundles(said, pairs, members, start), helped(said, rows @ members, helpers, no_cap), reached
    )
    return bundles, Goal("cost", np.concatenate([np.rint(members.T @ worth).astype(np.int64) + faces, -steps]))


def loaded(problem: Problem, bundles: Bundles, x: Ints) -> tuple[Bundles, list[Goal]]:
    """Keep the living bundles, and count loads by units that cost more and more; then the goals that end the climb.

    The last goal draws one plan among those of the same worth: each pair has a weight that comes from its keys alone.
    """
    program = bundles.program
    living = np.flatnonzero(program.alive)
    kept = Bundles(
        program.among(living),
        bundles.pairs,
        bundles.members[:, living],
        x[living],
    )
    moving, most = _moving_loads(problem, kept)
    past = np.array([problem.substitutes[number].past_load for number in moving], np.int64)
    by_substitute = coo_array(
        (
            problem.loads[problem.pairs.need[kept.pairs]],
            (problem.pairs.substitute[kept.pairs], np.arange(len(kept.pairs))),
        ),
        shape=(len(problem.substitutes), len(kept.pairs)),
    ).tocsr()[moving]
    width = len(living)
    carried = np.rint(by_substitute @ (kept.members @ kept.start)).astype(np.int64)
    program, owner, rank, reached = counted(kept.program, by_substitute @ kept.members, most, carried)
    made = _with_helpers(kept, program, reached)
    helper = ~kept.program.whole  # those that counted money count no more
    fair = np.concatenate([np.zeros(width, np.int64), -(2 * (past[owner] + rank) + 1)])
    tie = np.concatenate(
        [np.where(helper, 0, -np.rint(kept.members.T @ _draws(problem, kept)).astype(np.int64)), 0 * fair[width:]]
    )
    return made, [Goal("fairness", fair), Goal("tie", tie)]


def _moving_loads(problem: Problem, bundles: Bundles) -> tuple[Ints, Ints]:
    """The substitutes whose load is still open, and the most half-days that each may have."""
    used = np.flatnonzero(np.diff(bundles.members.tocsr().indptr))
    need, substitute = problem.pairs.need[bundles.pairs[used]], problem.pairs.substitute[bundles.pairs[used]]
    slots, load = problem.slots[need], problem.loads[need]
    could = np.zeros((len(problem.substitutes), slots.shape[1]), bool)
    for half_day in range(slots.shape[1]):
        could[substitute[slots[:, half_day] & (load > 0)], half_day] = True
    moving = np.flatnonzero(could.any(axis=1))
    return moving, could.sum(axis=1)[moving]


def _draws(problem: Problem, bundles: Bundles) -> Ints:
    """A weight for each pair still open, drawn from its keys: the same on any machine, whatever the input's order."""
    weights = np.zeros(len(bundles.pairs), np.int64)
    used = np.unique(bundles.members.indices)
    weights[used] = drawn(problem.link(number) for number in bundles.pairs[used].tolist())
    return weights


def _members(group: Ints) -> csc_array:
    """Each pair alone, then each set of two to four pairs of the same group: one class and one substitute."""
    order = np.argsort(group, kind="stable")
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    sizes = np.diff(first, append=len(group))
    sets = [np.arange(len(group))[:, None]]
    for most in range(2, sizes.max(initial=0) + 1):
        alike = order[first[sizes == most][:, None] + np.arange(most)]  # groups of the same size, one a row
        sets += [alike[:, one] for size in range(2, most + 1) for one in combinations(range(most), size)]
    rows = np.concatenate([one.reshape(-1) for one in sets])
    lengths = np.repeat([one.shape[1] for one in sets], [len(one) for one in sets])
    ends = np.concatenate([[0], np.cumsum(lengths)])
    members = csc_array((np.ones(len(rows)), rows, ends), shape=(len(group), len(lengths)))
    members.sort_indices()
    return members


def _together(members: csc_array, group: Ints, x: Ints) -> Ints:
    """The columns of a plan: in each group, the bundle of all that it chooses."""
    numbers = np.unique(group, return_inverse=True)[1]
    first = members.indices[members.indptr[:-1]]
    chosen = np.bincount(numbers, weights=x)[numbers[first]]
    sizes = np.diff(members.indptr)
    return ((members.T @ x == sizes) & (sizes == chosen)).astype(np.int64)


def _shared_days(problem: Problem, pairs: Ints) -> tuple[Ints, csc_array, csc_array, Ints]:
    """The days when a substitute may go to two schools: paid once, for the dearer.

    Each amount is cut in steps; a helper is a step that the morning or the afternoon reaches. Return which pairs count
    by helpers, their rows over pairs and over helpers, and the cents of each helper.
    """
    slots, cents = problem.slots[problem.pairs.need[pairs]], problem.pairs.cents[pairs]
    is_half = (slots.sum(axis=1) == 1) & (cents > 0)
    half_days = np.argmax(slots, axis=1)
    days = np.unique([half_day.day for half_day in problem.half_days], return_inverse=True)[1]
    place = problem.pairs.substitute[pairs] * (days.max(initial=0) + 1) + days[half_days]
    shared = np.zeros(len(pairs), bool)
    over_pairs: list[tuple[int, int]] = []
    over_helpers: list[int] = []  # the helper of each row
    steps: list[int] = []
    halves = np.flatnonzero(is_half)
    halves = halves[np.argsort(place[halves], kind="stable")]
    for same in np.split(halves, np.flatnonzero(np.diff(place[halves])) + 1):
        if len(set(half_days[same].tolist())) < 2:
            continue
        shared[same] = True
        below = 0
        for amount in sorted(set(cents[same].tolist())):
            for half_day in sorted(set(half_days[same].tolist())):
                reach = same[(half_days[same] == half_day) & (cents[same] >= amount)]
                over_pairs += [(len(over_helpers), int(one)) for one in reach]
                over_helpers.append(len(steps))
            steps.append(amount - below)
            below = amount
    rows, columns = np.array(over_pairs, np.int64).reshape(-1, 2).T
    on_pairs = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(over_helpers), len(pairs))).tocsc()
    places = (np.arange(len(over_helpers)), np.array(over_helpers, np.int64))
    on_helpers = coo_array((-np.ones(len(over_helpers)), places), shape=(len(over_helpers), len(steps))).tocsc()
    return shared, on_pairs, on_helpers, np.array(steps, np.int64)


def _with_helpers(bundles: Bundles, program: Program, start: Ints) -> Bundles:
    """The same bundles, in a program with helpers that stand for no pair."""
    members = hstack([bundles.members, csc_array((len(bundles.pairs), len(start)))], format="csc")
    return Bundles(program, bundles.pairs, members, np.concatenate([bundles.start, start]))
