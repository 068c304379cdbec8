"""The ground of plans: matchings against branch and bound, duals that prove, goals whose face holds no integer plan."""

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from circo.optimal.climbing import Goal, climb
from circo.optimal.matching import TWICE, heaviest, two_sides
from circo.optimal.programs import Program, Side
from circo.optimal.watching import Watch


def bipartite(pick, lefts, rights):
    left, right = np.nonzero(pick.random((lefts, rights)) < 0.6)
    rows, columns = np.concatenate([left, lefts + right]), np.tile(np.arange(len(left)), 2)
    caps = np.concatenate([pick.integers(1, 3, lefts), np.ones(rights, np.int64)])
    return Program.of(rows, columns, caps, np.repeat([Side.LEFT, Side.RIGHT], [lefts, rights]), width=len(left))


def best_value(program, weights):
    lowest = np.where(program.tight, program.caps, -np.inf)
    answer = milp(
        -weights,
        integrality=np.ones(len(weights)),
        bounds=Bounds(0, program.alive.astype(int)),
        constraints=LinearConstraint(program.matrix, lowest, program.caps),
    )
    return round(-answer.fun)


@pytest.mark.parametrize("seed", range(40))
def test_a_matching_is_the_best_and_its_duals_prove_it_goal_after_goal(seed):
    pick = np.random.default_rng(seed)
    program = bipartite(pick, *pick.integers(2, 8, 2))
    for _ in range(3):
        living = np.flatnonzero(program.alive)
        weights = pick.integers(-3, 5, program.matrix.shape[1])
        found = heaviest(program, two_sides(program), weights[living])
        x = np.zeros(len(weights), np.int64)
        x[living[found.chosen]] = 1
        reduced = np.rint(program.matrix.T @ found.duals).astype(np.int64) - TWICE * weights
        assert program.holds(x)
        assert weights @ x == best_value(program, weights)
        assert (reduced[living] >= 0).all()
        assert (found.duals[~program.tight] >= 0).all()
        assert found.duals @ program.caps == TWICE * (weights @ x)
        program = program.narrowed(reduced, found.duals)
        assert program.holds(x)


def triangle(count=1):
    """Three columns, any two of which meet: the relaxed program takes half of each, a plan takes one."""
    rows = np.concatenate([np.array([0, 1, 1, 2, 0, 2]) + 3 * number for number in range(count)])
    columns = np.concatenate([np.array([0, 0, 1, 1, 2, 2]) + 3 * number for number in range(count)])
    sides = np.full(3 * count, Side.LEFT)
    return Program.of(rows, columns, np.ones(3 * count, np.int64), sides, width=3 * count)


def test_a_goal_whose_face_holds_no_plan_is_held_by_a_row():
    """Half of each weighs 3, no plan more than 2: what comes next is sought among plans that weigh 2."""
    program = triangle(2)
    goals = [Goal("weight", np.array([2, 2, 1] * 2)), Goal("second", np.array([0, 1, 5] * 2))]
    climbed = climb(program, goals, np.zeros(6, np.int64), Watch())
    assert [(one.value, one.bound, one.duals) for one in climbed.reached] == [(4, 4, None), (2, 2, None)]
    assert climbed.x.tolist() == [0, 1, 0] * 2


@pytest.mark.parametrize("seed", range(40))
def test_goals_in_order_are_those_of_branch_and_bound_with_dense_rows(seed):
    pick = np.random.default_rng(seed)
    dense = pick.random((7, 12)) < 0.35
    dense[0, ~dense.any(axis=0)] = True
    rows, columns = np.nonzero(dense)
    program = Program.of(rows, columns, np.ones(7, np.int64), np.full(7, Side.LEFT), width=12)
    goals = [Goal(str(number), pick.integers(0, 3, 12)) for number in range(3)]
    climbed = climb(program, goals, np.zeros(12, np.int64), Watch())
    held = program
    for goal, one in zip(goals, climbed.reached, strict=True):
        assert one.value == one.bound == best_value(held, goal.weights)
        held = held.with_floor(goal.weights, one.value)
    assert held.holds(climbed.x)


def test_weights_too_large_to_be_added_exactly_are_refused():
    program = bipartite(np.random.default_rng(1), 4, 4)
    with pytest.raises(ValueError, match="too large"):
        heaviest(program, two_sides(program), np.full(program.matrix.shape[1], 2**50))


def test_a_plan_that_gives_each_row_its_most_is_proved_without_a_solver(monkeypatch):
    """Two parties, each with a row of its own, and a class that both may have: no solver is asked."""
    program = Program.of(
        np.array([0, 2, 0, 1, 2]),
        np.array([0, 0, 1, 2, 2]),
        np.ones(3, np.int64),
        np.array([Side.LEFT, Side.LEFT, Side.OTHER]),
        width=3,
    )
    for name in ("linprog", "milp"):
        monkeypatch.setattr(f"circo.optimal.linear.{name}", None)
    found = climb(program, [Goal("placed", np.ones(3, np.int64))], np.array([0, 1, 1]), Watch())
    assert [(one.value, one.bound) for one in found.reached] == [(2, 2)]
    assert found.reached[0].duals.tolist() == [1, 1, 0]
    assert found.x.tolist() == [0, 1, 1]
