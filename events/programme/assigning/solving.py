"""The best seats, goal after goal. It loads SciPy: only the worker that gives seats imports it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from circo.optimal.climbing import Climb, Goal, Reached, climb
from circo.optimal.matching import TWICE, heaviest
from circo.optimal.programs import Ints, Program, Side
from circo.optimal.watching import Watch
from events.programme.assigning.columns import Column, Columns, Key, columns_of, luck_of, worth_of, written
from events.programme.assigning.problem import GOALS, PLACES, Asked, Assigned, Offer, Proof

MOVING = (100, 400, 10_000)  # people who may change seats for somebody's sake: few first, that is enough most often

type Seats = Mapping[tuple[int, int], int]  # sessions, by person and moment


@dataclass(frozen=True)
class _Found:
    """Seats, and what each goal came to; none for those that are first come, first served."""

    seats: Seats
    proofs: tuple[Proof, ...] = ()

    @property
    def is_proved(self) -> bool:
        return len(self.proofs) == len(GOALS) and all(one.value == one.bound for one in self.proofs)


def assign(people: Iterable[Asked], offers: Iterable[Offer], watch: Watch) -> Assigned:
    """Give seats to these people.

    Bound: `is_proved` tells whether nothing better exists. Where `watch` stopped the search, seats are at least those
    of first come, first served.
    """
    people = sorted(people, key=lambda one: one.person)
    offers = sorted(one for one in offers if one.seats > 0)
    all_found = [_Found(first_come(people, offers))]
    if not all_found[0].seats:
        return Assigned({}, 0, 0, is_proved=True, proofs=tuple(Proof(name, 0, 0) for name in GOALS))
    for is_brief in (True, False):  # what nobody wished can't always be shared out: workshops are attended once
        if not all_found[-1].is_proved and (is_brief or watch.left):
            all_found += _sought(people, offers, all_found[0].seats, watch, is_brief=is_brief)
    best = max(reversed(all_found), key=lambda one: (one.is_proved, worth(people, one.seats)))
    happy = {person for person, _ in _firsts(people, best.seats)}
    return Assigned(best.seats, len(best.seats), len(happy), best.is_proved, best.proofs)


def worth(people: Iterable[Asked], seats: Seats) -> tuple[int, int, int]:
    """What seats give to each goal."""
    known = {one.person: one for one in people}
    happy = {person for person, _ in _firsts(people, seats)}
    ranks = (_rank(known[person], slot, session) for (person, slot), session in seats.items())
    return len(seats), sum(luck_of(known[person]) for person in happy), sum(worth_of(rank) for rank in ranks)


def _firsts(people: Iterable[Asked], seats: Seats) -> list[tuple[int, int]]:
    known = {one.person: one for one in people}
    return [seat for seat, session in seats.items() if _rank(known[seat[0]], seat[1], session) == 1]


def _rank(asked: Asked, slot: int, session: int) -> int:
    wishes = asked.wishes[slot]
    return wishes.index(session) + 1 if session in wishes else 0


def first_come(people: Iterable[Asked], offers: Sequence[Offer]) -> dict[tuple[int, int], int]:
    """First come, first served: to each, in turn, the best of their wishes that has room, else any seat."""
    of = {one.session: one for one in offers}
    left = {one.session: one.seats for one in offers}
    seats: dict[tuple[int, int], int] = {}
    for asked in people:
        sits = set(asked.attends)
        for slot, wishes in sorted(asked.wishes.items()):
            for session in [*wishes, *(one.session for one in offers if one.slot == slot)]:
                if left.get(session) and of[session].slot == slot and of[session].workshop not in sits:
                    seats[asked.person, slot] = session
                    left[session] -= 1
                    sits.add(of[session].workshop)
                    break
    return seats


def _sought(
    people: Sequence[Asked], offers: Sequence[Offer], known: Seats, watch: Watch, *, is_brief: bool
) -> list[_Found]:
    """Seek by columns: none where what nobody wished could not be shared out, unless time ran out."""
    columns = columns_of(people, offers, is_brief=is_brief)
    climbed = _quick(columns, watch) if is_brief else None
    if climbed is None:
        x = np.zeros(columns.width, np.int64)
        if not is_brief:
            taken = [one.offer and known.get(one.seat) == one.offer.session for one in columns.seats]
            x[: len(taken)] = np.array(taken, bool)
        climbed = climb(columns.program, columns.goals(), columns.with_happy(x), watch)
    proofs = tuple(columns.proof(one, people, offers) for one in climbed.reached)
    seats = _shared_out(columns, climbed.x, offers, watch)
    for moving in (0, *MOVING):
        if moving:
            seats = _exchanged(columns, climbed, seats, offers, watch, moving=moving)
        if [one.value for one in proofs] == list(worth(people, seats)[: len(proofs)]):
            return [_Found(seats, proofs)]
    return [] if watch.left else [_Found(seats)]


def _quick(brief: Columns, watch: Watch) -> Climb | None:
    """Reach the first two goals without a solver: as many seats as there are, or people; then one matching.

    None when somebody is left without a seat by that, for whom no other session than those wished was open.
    """
    program, goals, reached = brief.program, brief.goals(), []
    x, happy = _matched(brief)
    x = _filled(brief, x)
    for goal, duals, scale in ((goals[0], _room(brief), 1), (goals[1], happy, TWICE)):
        value = int(goal.weights @ x)
        if int(duals @ program.caps) != scale * value:
            return None
        reached.append(Reached(goal.name, value, value, duals, scale))
        program = program.narrowed(np.rint(program.matrix.T @ duals) - scale * goal.weights, duals)
    last = climb(program, goals[2:], x, watch)
    return Climb(last.x, (*reached, *last.reached), last.face)


def _room(brief: Columns) -> Ints:
    """The prices of the first goal: at each moment, of people who need a seat or of the room, whichever are fewer."""
    duals = np.zeros(len(brief.rows), np.int64)
    for (kind, *of), number in brief.rows.items():
        if kind == "slot":
            people = [row for key, row in brief.rows.items() if key[0] == "moment" and key[2] == of[0]]
            duals[people if len(people) <= brief.program.caps[number] else number] = 1
    return duals


def _matched(brief: Columns) -> tuple[Ints, Ints]:
    """People matched to one first wish each, and twice the prices of the second goal."""
    x, duals = np.zeros(brief.width, np.int64), np.zeros(len(brief.rows), np.int64)
    firsts = [(number, one) for number, one in enumerate(brief.seats) if one.offer and one.rank == 1]
    if not firsts:
        return x, duals
    sessions = np.array([brief.rows["session", one.offer.session] for _, one in firsts if one.offer])
    people = np.array([brief.rows["once", one.asked.person] for _, one in firsts])
    luck = np.array([luck_of(one.asked) for _, one in firsts], np.int64)
    (lefts, left_at), (rights, right_at) = (np.unique(one, return_inverse=True) for one in (sessions, people))
    program = Program.of(
        np.concatenate([left_at, len(lefts) + right_at]),
        np.tile(np.arange(len(firsts)), 2),
        brief.program.caps[np.concatenate([lefts, rights])],
        np.repeat([Side.LEFT, Side.RIGHT], [len(lefts), len(rights)]),
        width=len(firsts),
    )
    found = heaviest(program, (left_at, len(lefts) + right_at), luck)
    x[[number for number, _ in firsts]] = found.chosen
    duals[lefts], duals[rights] = found.duals[: len(lefts)], found.duals[len(lefts) :]
    for one in brief.happy:  # what is not paid for being happy once is paid for the seat that makes happy
        duals[brief.rows["first", one.person]] = TWICE * luck_of(one) - duals[brief.rows["once", one.person]]
    return x, duals


def _filled(brief: Columns, x: Ints) -> Ints:
    """Give all others a seat that they did not wish, else one that they did, as long as there are some."""
    caps, rows = brief.program.caps, brief.rows
    left = {key: int(caps[number]) for key, number in rows.items() if key[0] in ("slot", "session")}
    seated: set[Key] = set()
    for number in sorted(
        range(len(brief.seats)), key=lambda number: (not x[number], brief.seats[number].offer is not None)
    ):
        one = brief.seats[number]
        room = [("slot", one.slot)] + ([("session", one.offer.session)] if one.offer else [])
        once = {("moment", *one.seat)} | ({("workshop", one.asked.person, one.offer.workshop)} if one.offer else set())
        if x[number] or (all(left[key] for key in room) and not once & seated):
            x[number] = 1
            seated |= once
            left |= {key: left[key] - 1 for key in room}
    return brief.with_happy(x)


def _shared_out(columns: Columns, x: Ints, offers: Sequence[Offer], watch: Watch) -> Seats:
    """The seats that `x` chooses; those that nobody wished are shared out, never twice in one workshop."""
    chosen = [one for one, taken in zip(columns.seats, x, strict=False) if taken]
    seats = {one.seat: one.offer.session for one in chosen if one.offer}
    taken = Counter(seats.values())
    left = [replace(one, seats=one.seats - taken[one.session]) for one in offers if one.seats > taken[one.session]]
    sits = {(one.asked.person, one.offer.workshop) for one in chosen if one.offer}
    rest = [
        Column(one.asked, one.slot, offer, 0)
        for one in chosen
        if one.offer is None
        for offer in _not_wished(one, left)
        if (one.asked.person, offer.workshop) not in sits
    ]
    if rest:
        others = written(rest, (), {})
        ones = np.ones(len(rest), np.int64)
        found = climb(others.program, [Goal(PLACES, ones)], 0 * ones, watch)
        seats |= {one.seat: one.offer.session for one, taken in zip(rest, found.x, strict=True) if taken and one.offer}
    return seats


def _not_wished(one: Column, offers: Iterable[Offer]) -> list[Offer]:
    """The sessions of that moment that this person may have without having wished them."""
    wishes, attends = one.asked.wishes[one.slot], one.asked.attends
    return [
        offer
        for offer in offers
        if offer.slot == one.slot and offer.workshop not in attends and offer.session not in wishes
    ]


def _exchanged(
    columns: Columns, climbed: Climb, seats: Seats, offers: Sequence[Offer], watch: Watch, *, moving: int
) -> Seats:
    """Seat whoever `_shared_out` left without a seat, so many others changing theirs for one that is worth as much.

    What nobody wished is now said session by session, where the prices of all goals leave it open.
    """
    face = climbed.face
    priced = {key for key, number in columns.rows.items() if face.tight[number]}
    known = {one.asked.person for one in columns.seats}
    moved = {one.asked.person for one, x in zip(columns.seats, climbed.x, strict=False) if x and one.seat not in seats}
    moved |= set(Random(0).sample(sorted(known - moved), min(moving, len(known - moved))))  # noqa: S311 (no secret)
    wide = [
        Column(one.asked, one.slot, offer, one.rank)
        for one, is_open in zip(columns.seats, face.alive, strict=False)
        if is_open
        for offer in ([one.offer] if one.offer else _not_wished(one, offers))
        if one.asked.person in moved or seats.get(one.seat) == offer.session
        if one.offer or not priced & {("session", offer.session), ("workshop", one.asked.person, offer.workshop)}
    ]
    happy = [one for one, is_open in zip(columns.happy, face.alive[len(columns.seats) :], strict=True) if is_open]
    spread = written(wide, happy, {})
    x = np.zeros(spread.width, np.int64)
    x[: len(wide)] = [one.offer is not None and seats.get(one.seat) == one.offer.session for one in wide]
    used = spread.program.matrix @ spread.with_happy(x)
    for key, number in spread.rows.items():
        spread.program.tight[number] = key in priced and used[number] == spread.program.caps[number]
    seats_given, _, ranks = spread.goals()
    program = spread.program
    if len(face.caps) > len(columns.rows):  # no prices hold the ranks
        program = program.with_floor(ranks.weights, int(ranks.weights @ x))
    found = climb(program, [seats_given], x, watch)
    return {one.seat: one.offer.session for one, taken in zip(wide, found.x, strict=False) if taken and one.offer}
