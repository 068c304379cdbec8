"""Seats in workshops: as good as trying everything, never worse than first come first served, the same each time."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ortools.linear_solver import pywraplp

from circo.optimal.watching import Watch
from events.programme.assigning.checking import faults_of
from events.programme.assigning.problem import Asked, Offer
from events.programme.assigning.solving import assign

WORST = 9


def worth(wishes, session) -> int:
    """A first wish is worth 9, a second one 8, a third one 5; no seat, or another one, nothing."""
    return WORST - wishes.index(session) ** 2 if session in wishes else 0


def value(people, offers, seats) -> tuple[int, int, int]:
    """What a plan is worth, goal by goal; checks that it may be."""
    of = {offer.session: offer for offer in offers}
    by_person = {one.person: one for one in people}
    for session in of:
        assert sum(1 for one in seats.values() if one == session) <= of[session].seats
    workshops = [(person, of[session].workshop) for (person, _), session in seats.items()]
    assert len(set(workshops)) == len(workshops)
    assert all(of[session].slot == slot for (_, slot), session in seats.items())
    happy = {person for (person, slot), session in seats.items() if by_person[person].wishes[slot][:1] == [session]}
    lucky = sum(2 if by_person[person].was_unlucky else 1 for person in happy)
    ranks = sum(worth(by_person[person].wishes[slot], session) for (person, slot), session in seats.items())
    return len(seats), lucky, ranks


def best(people, offers) -> tuple[int, int, int]:
    """The best value of all plans, by trying each."""
    needs = [(one.person, slot) for one in people for slot in one.wishes]
    choices = [[None, *(offer.session for offer in offers if offer.slot == slot)] for _, slot in needs]
    found = (0, 0, 0)
    for plan in product(*choices):
        seats = {need: session for need, session in zip(needs, plan, strict=True) if session is not None}
        try:
            found = max(found, value(people, offers, seats))
        except AssertionError:
            continue
    return found


@st.composite
def cases(draw):
    offers = [
        Offer(10 * slot + number, slot, number, draw(st.integers(0, 2)))
        for slot in (1, 2)
        for number in range(draw(st.integers(1, 2)))
    ]
    people = []
    for person in range(draw(st.integers(1, 3))):
        slots = draw(st.lists(st.sampled_from((1, 2)), unique=True, min_size=1))
        wishes = {}
        for slot in slots:
            known = [offer.session for offer in offers if offer.slot == slot]
            wishes[slot] = draw(st.lists(st.sampled_from(known), unique=True, max_size=3))
        people.append(Asked(person, wishes, draw(st.booleans())))
    return people, offers


# Two first wishes of one person are one happy person: another one has the seat.
@example(
    (
        [Asked(0, {1: [11], 2: [20]}), Asked(1, {1: []}), Asked(2, {1: [11]})],
        [Offer(10, 1, 0, 0), Offer(11, 1, 1, 1), Offer(20, 2, 0, 1)],
    )
)
@settings(max_examples=60)
@given(cases())
def test_nothing_better_exists(case):
    people, offers = case
    found = assign(people, offers, Watch())
    assert found.is_proved
    assert value(people, offers, found.seats) == best(people, offers)
    assert [one.value for one in found.proofs] == [*best(people, offers)]
    assert faults_of(people, offers, found) == set()


def milp(people, offers) -> list[int]:
    """Goal after goal by SCIP, each held by a row."""
    solver = pywraplp.Solver.CreateSolver("SCIP")
    x = {
        (one.person, offer): solver.BoolVar("")
        for one in people
        for offer in offers
        if offer.slot in one.wishes and offer.workshop not in one.attends
    }
    happy = {one.person: solver.BoolVar("") for one in people}
    for offer in offers:
        solver.Add(sum((seat for (_, taken), seat in x.items() if taken == offer), 0 * happy[0]) <= offer.seats)
    for one in people:
        own = {offer: seat for (person, offer), seat in x.items() if person == one.person}
        for group in ("slot", "workshop"):
            for key in {getattr(offer, group) for offer in own}:
                solver.Add(sum(seat for offer, seat in own.items() if getattr(offer, group) == key) <= 1)
        firsts = [seat for offer, seat in own.items() if one.wishes[offer.slot][:1] == [offer.session]]
        solver.Add(happy[one.person] <= sum(firsts))
    by_person = {one.person: one for one in people}
    goals = [
        sum(x.values()),
        sum((2 if one.was_unlucky else 1) * happy[one.person] for one in people),
        sum(worth(by_person[person].wishes[offer.slot], offer.session) * seat for (person, offer), seat in x.items()),
    ]
    reached = []
    for goal in goals:
        solver.Maximize(goal)
        assert solver.Solve() == pywraplp.Solver.OPTIMAL
        reached.append(round(solver.Objective().Value()))
        solver.Add(goal >= reached[-1] - 0.001)
    return reached


@pytest.mark.parametrize("seed", range(8))
def test_another_solver_finds_the_same_values(seed):
    people, offers = crowd(seed, people=24, seats=3 + seed % 4, unlucky=0.3)
    found = assign(people, offers, Watch())
    assert found.is_proved
    assert [one.value for one in found.proofs] == milp(people, offers)
    assert faults_of(people, offers, found) == set()


def crowd(seed: int, people: int = 60, seats: int = 12, unlucky: float = 0) -> tuple[list[Asked], list[Offer]]:
    drawn = random.Random(seed)
    offers = [Offer(10 * slot + number, slot, number, seats) for slot in (1, 2, 3) for number in range(5)]
    sessions = {slot: [offer.session for offer in offers if offer.slot == slot] for slot in (1, 2, 3)}
    weights = [5, 4, 3, 2, 1]  # some workshops please more
    return [
        Asked(
            person, {slot: _wished(drawn, held, weights) for slot, held in sessions.items()}, drawn.random() < unlucky
        )
        for person in range(people)
    ], offers


def _wished(drawn, sessions, weights):
    return list(dict.fromkeys(drawn.choices(sessions, weights, k=6)))[:3]


@pytest.mark.parametrize("seed", [0, 2])
def test_three_hundred_people_with_as_many_seats_exchange_what_nobody_wished(seed):
    """The same five workshops at three moments: sharing out what is left would put somebody in one twice."""
    people, offers = crowd(seed, people=300, seats=60)
    found = assign(people, offers, Watch())
    assert found.given == 900
    assert found.is_proved
    assert faults_of(people, offers, found) == set()


@pytest.mark.parametrize("seed", range(5))
def test_never_worse_than_first_come_first_served(seed):
    people, offers = crowd(seed)
    found = value(people, offers, assign(people, offers, Watch()).seats)
    stopped = assign(people, offers, Watch(seconds=0))
    assert found >= value(people, offers, stopped.seats)
    assert len(stopped.seats) > 150


def test_the_same_seats_whatever_the_order_of_the_answers():
    people, offers = crowd(7)
    expected = assign(people, offers, Watch()).seats
    for seed in range(3):
        random.Random(seed).shuffle(people)
        random.Random(seed).shuffle(offers)
        assert assign(people, offers, Watch()).seats == expected


def test_who_sits_in_a_workshop_already_is_not_given_it_again():
    offers = [Offer(11, 1, 1, 5), Offer(12, 1, 2, 5)]
    assert assign([Asked(1, {1: [11]}, attends=frozenset({1}))], offers, Watch()).seats == {(1, 1): 12}
    assert assign([], offers, Watch()).seats == {}
    assert assign([Asked(1, {1: []})], [], Watch()).is_proved


def test_one_seat_or_one_integer_changed_is_found():
    people, offers = crowd(3, seats=10, unlucky=0.3)
    found = assign(people, offers, Watch())
    assert found.is_proved
    assert all(one.prices for one in found.proofs)
    assert faults_of(people, offers, found) == set()
    for seat, session in list(found.seats.items())[::7]:
        fewer = {key: one for key, one in found.seats.items() if key != seat}
        assert faults_of(people, offers, replace(found, seats=fewer))
        other = next(one.session for one in offers if one.slot == seat[1] and one.session != session)
        assert faults_of(people, offers, replace(found, seats=found.seats | {seat: other}))
    for number, proof in enumerate(found.proofs):
        for name in ("moments", "sessions", "workshops", "firsts", "once"):
            table = getattr(proof.prices, name)
            for place in np.ndindex(table.shape):
                if name == "firsts" or (sum(place) + number) % 5:  # one of five is enough for a test
                    continue
                wrong = table.copy()
                wrong[place] -= 1
                assert faults_of(people, offers, _with(found, number, replace(proof.prices, **{name: wrong})))
    boasts = replace(found.proofs[2], value=found.proofs[2].value + 1, bound=found.proofs[2].bound + 1)
    assert "value" in faults_of(people, offers, replace(found, proofs=(*found.proofs[:2], boasts)))
    assert "value" in faults_of(people, offers, replace(found, proofs=found.proofs[:2]))


def _with(found, number, prices):
    proofs = list(found.proofs)
    proofs[number] = replace(proofs[number], prices=prices)
    return replace(found, proofs=tuple(proofs))


def test_a_plan_that_is_not_the_best_is_not_proved():
    people, offers = crowd(3, seats=10)
    stopped, found = assign(people, offers, Watch(seconds=0)), assign(people, offers, Watch())
    assert not stopped.is_proved
    assert faults_of(people, offers, stopped) == set()
    assert faults_of(people, offers, replace(stopped, proofs=found.proofs, is_proved=True)) == {"value"}


def test_what_nobody_wished_is_shared_out_without_anybody_twice_in_a_workshop():
    """Nobody wishes anything: four people, two moments, the same two workshops with exactly their seats."""
    offers = [Offer(10 * slot + number, slot, number, 2) for slot in (1, 2) for number in (1, 2)]
    people = [Asked(person, {1: [], 2: []}) for person in range(4)]
    found = assign(people, offers, Watch())
    assert found.given == 8
    assert found.is_proved
    assert faults_of(people, offers, found) == set()
    crowded = [*people, Asked(9, {1: [11]}, attends=frozenset({2}))]  # somebody has no seat then
    fewer = assign(crowded, offers, Watch())
    assert fewer.given == 8
    assert faults_of(crowded, offers, fewer) == set()
