"""Pairs of students: as good as trying everything, the same whatever the order, nobody with somebody kept apart."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circo.errors import Refusal
from partnerships.placing import pairing
from partnerships.placing.pairing import Candidate, pair_up, worth_of


def crowd(seed, size, groups=1):
    pick = random.Random(seed)
    return [
        Candidate(
            f"é{number:03}",
            (1 + pick.random() / 2, 49 + pick.random() / 3),
            str(number % groups),
            frozenset(pick.sample("abcdef", 2)),
        )
        for number in range(size)
    ]


def best(people):
    """The most pairs, then the best worth, by trying everything."""
    if len(people) < 2:
        return 0, 0
    first, *rest = people
    found = best(rest)
    for number, other in enumerate(rest):
        if other.group == first.group:
            pairs, worth = best(rest[:number] + rest[number + 1 :])
            found = max(found, (pairs + 1, worth + worth_of(first, other)))
    return found


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.integers(0, 9), st.integers(1, 2))
def test_nothing_better_exists(seed, size, groups):
    people = crowd(seed, size, groups)
    found = pair_up(people)
    assert found.is_proved
    assert (len(found.pairs), found.worth) == best(people)
    together = [key for pair in found.pairs for key in pair]
    assert sorted([*together, *found.alone]) == [one.key for one in people]


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_are_enough_in_a_large_group_and_the_order_leaves_no_trace(seed, monkeypatch):
    people = crowd(seed, 61)
    found = pair_up(people)
    assert found.is_proved
    assert len(found.alone) == 1
    shuffled = random.Random(seed).sample(people, len(people))
    assert pair_up(shuffled) == found
    monkeypatch.setattr(pairing, "SMALL", 100)
    assert found.worth >= pair_up(people).worth - 3 * pairing.COMMON_WORTH_M


def test_locks_stay_and_who_is_kept_apart_is_not_together():
    people = crowd(1, 6)
    (one, other), *_ = pair_up(people).pairs
    assert (one, other) not in pair_up(people, apart=[(other, one)]).pairs
    stranger = next(p.key for p in people if p.key not in (one, other))
    assert tuple(sorted((one, stranger))) in pair_up(people, locks=[(stranger, one)]).pairs
    with pytest.raises(Refusal):
        pair_up(people, locks=[(one, other), (one, stranger)])
    with pytest.raises(Refusal):
        pair_up([*people, people[0]])
