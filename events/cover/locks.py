"""What each lock costs: the goals of the plan without it, less those with it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from circo.optimal.watching import Watch
from events.cover.counting import values_of
from events.cover.problem import Link, Plan, Problem
from events.cover.solving import solve

SHOWN = ("cover:", "misfit", "cost")


def price_of(problem: Problem, plan: Plan, lock: Link, watch: Watch | None = None) -> Mapping[str, int]:
    """What coverage, levels and money would gain without the lock: the plan is sought again without it.

    Units: as the goals; money in cents of euro, with what known faces are worth.
    """
    now, unlocked = values_of(problem, plan), without_lock(problem, lock)
    best = values_of(unlocked, solve(unlocked, watch).plan(unlocked))
    return {name: best[name] - now[name] for name in now if name.startswith(SHOWN)}


def without_lock(problem: Problem, lock: Link) -> Problem:
    """The same problem, where the lock binds nobody."""
    nothing = np.zeros(len(problem.pairs.need), bool)
    return problem.without(nothing, locks=problem.locks - {lock}, published=problem.published)
