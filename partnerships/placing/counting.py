"""What a plan is worth, counted from the plan itself: nothing here comes from what found it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np

from partnerships.placing.choosing import travel_of, wishes_of
from partnerships.placing.problem import Plan, Problem

SIGHTINGS = 20  # of one practice by one cohort: the first parties who see it count most
WORTH = tuple(60 // number for number in range(1, SIGHTINGS + 1))


def goals_of(problem: Problem) -> list[str]:
    """The goals in order, but for the last draw."""
    known = ["told", "hosts"] if problem.decisions.published else []
    return ["placed", *known, "wishes", "beyond", "far", "minutes", "spread", "load"]


def gives(problem: Problem) -> dict[str, np.ndarray]:
    """What each choice gives to each goal that adds choices up."""
    one, sizes = problem.choices, problem.sizes[problem.choices.party]
    told, kept = np.zeros(len(one.party), np.int64), np.zeros(len(one.party), np.int64)
    for line in problem.decisions.published:
        party, host = problem.party_at.get(line.party), problem.host_at.get(line.host)
        if party is not None and host is not None:
            kept[(one.party == party) & (one.host == host)] = 1
    knows = [line for line in problem.decisions.published if line.party in problem.decisions.told]
    told[problem.linked(knows)] = 1
    return {
        "placed": sizes,
        "told": told * sizes,
        "hosts": kept * sizes,
        "wishes": one.wishes,
        "beyond": -one.beyond,
        "far": -one.far,
        "minutes": -one.minutes,
    }


def values_of(problem: Problem, plan: Plan) -> dict[str, int]:
    """What the plan gives to each goal, read from parties and classes."""
    before = {line.party: line for line in problem.decisions.published}
    values: Counter[str] = Counter(dict.fromkeys(goals_of(problem), 0))
    guests: Counter[str] = Counter()
    seen: Counter[tuple[str, str]] = Counter()
    for line in plan.lines:
        party, host = problem.parties[problem.party_at[line.party]], problem.hosts[problem.host_at[line.host]]
        minutes, beyond, far = travel_of(party, host.school, problem.rules)
        values["placed"] += party.size
        if line.party in before:
            values["told"] += party.size * (line.party in problem.decisions.told and before[line.party] == line)
            values["hosts"] += party.size * (before[line.party].host == line.host)
        values["wishes"] += wishes_of(party, host)
        values["minutes"] -= minutes
        values["beyond"] -= beyond
        values["far"] -= far
        guests[host.key] += party.size
        seen.update((party.cohort, practice) for practice in new_to(party.students, host.practices))
    values["spread"] = sum(sum(WORTH[: min(count, SIGHTINGS)]) for count in seen.values())
    past = {one.key: one.past for one in problem.hosts}
    values["load"] = sum(past[key] ** 2 - (past[key] + count) ** 2 for key, count in guests.items())
    return dict(values)


def new_to(students: Iterable, practices: frozenset[str]) -> frozenset[str]:
    """The practices that one of these students, at least, has not seen yet."""
    return frozenset(one for one in practices if any(one not in student.seen for student in students))
