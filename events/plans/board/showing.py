"""What a board shows of some classes: who can take each, why others cannot, which rule is broken by now.

The rules are those of `events.cover.pairing`; the page draws from them what it lights while one drags.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from circo.calendar.rules import Half, HalfDay
from circo.models.folding import fold, words_of
from circo.rules import HALF_WORDS, levels_in_order
from events.brigade.queries import Member
from events.cover.pairing import HardRule
from events.models import AssignedHalfDay, CoverNeed, CoverPlan
from events.plans import problems
from events.plans.board import queries
from events.plans.board.breaking import broken
from events.plans.board.queries import Asked, ClassRow, code_of
from events.plans.choosing import FITS
from events.plans.problems import Situation

POOL_MOST = 60  # substitutes beside a board; their names find the others
FIRST_RULE = "a"  # in the word of a class, a digit is a level that fits, a letter the rule that forbids


def _broken(situation: Situation, rows: Sequence[ClassRow]) -> dict[int, str]:
    return broken(situation, [(row.need, row.assignment.substitute_id) for row in rows if row.assignment])


# --- The pool ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Moment:
    """One day of one substitute, or half of it: in a word, and which class."""

    words: str
    mark: str  # "free", "taken", "absent"
    said: str


@dataclass(frozen=True)
class Card:
    """One substitute beside the board."""

    pk: int
    name: str
    home: str
    levels: str
    moments: Sequence[Moment]


type Taken = Mapping[int, Mapping[HalfDay, tuple[int, str]]]  # who takes which class when: its key, and its words


def taken_of(plan: CoverPlan, substitute_pks: Collection[int]) -> Taken:
    """What these people take in a plan, half-day by half-day. One query."""
    rows = AssignedHalfDay.objects.filter(plan=plan, substitute_id__in=substitute_pks)
    found: dict[int, dict[HalfDay, tuple[int, str]]] = defaultdict(dict)
    for one in rows.select_related("assignment__need__school", "assignment__need__day").order_by("pk"):
        need = one.assignment.need
        words = str(need) if plan.shows(need.day) else "une autre circonscription"
        found[one.substitute_id][HalfDay(one.day, cast(Half, one.half))] = (need.pk, words)
    return found


def cards_of(situation: Situation, moments: Sequence[HalfDay], members: Sequence[Member], taken: Taken) -> list[Card]:
    free = {one.key: one.free for one in situation.problem.substitutes}
    return [
        Card(
            pk=one.person.pk,
            name=str(one.person),
            home=str(one.school),
            levels=", ".join(levels_in_order(one.profile.preferred)),
            moments=_moments(moments, free[str(one.person.pk)], taken.get(one.person.pk, {})),
        )
        for one in members
    ]


def _moments(
    moments: Sequence[HalfDay], free: Collection[HalfDay], taken: Mapping[HalfDay, tuple[int, str]]
) -> list[Moment]:
    """Day by day, in one word where both halves are alike."""
    found = []
    for day in sorted({each.day for each in moments}):
        halves = [_moment(each, free, taken) for each in moments if each.day == day]
        if len({(one.mark, one.said) for one in halves}) == 1:
            halves = [Moment("", halves[0].mark, halves[0].said)]
        found += [Moment(f"{day:%d/%m} {one.words}".strip(), one.mark, one.said) for one in halves]
    return found


def _moment(each: HalfDay, free: Collection[HalfDay], taken: Mapping[HalfDay, tuple[int, str]]) -> Moment:
    words = HALF_WORDS[each.half]
    if each in taken:
        return Moment(words, "taken", taken[each][1])
    return Moment(words, "free", "libre") if each in free else Moment(words, "absent", "indisponible")


# --- The board --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Board:
    rows: Sequence[ClassRow]
    cards: Sequence[Card]
    brigade: int
    data: Mapping[str, Any]


def board(plan: CoverPlan, asked: Asked, needs: Sequence[CoverNeed], pool_words: str) -> Board:
    """All that a board shows of these classes. The same number of queries however many there are."""
    situation = problems.situation_of(plan, needs)
    rows = queries.rows_of(plan, needs)
    rules = _broken(situation, rows)
    rows = [ClassRow(row.need, row.assignment, row.reasons, rules.get(row.need.pk, "")) for row in rows]
    taken = taken_of(plan, [one.person.pk for one in situation.members.values()])
    here = {row.assignment.substitute_id for row in rows if row.assignment}
    members = _pool(situation, taken, here, pool_words)
    members.sort(key=lambda one: _place(one, situation, asked.moment, taken))
    cards = cards_of(situation, asked.moments, members, taken)
    pks = [card.pk for card in cards]
    data = {
        "people": pks,
        "fits": FITS,
        "rules": [str(one) for one in HardRule],
        "classes": {str(need.pk): _pairs(situation, need, pks) for need in needs},
        "taken": taken_as_data(taken, pks),
    }
    return Board(rows, cards, len(situation.members), data)


def taken_as_data(taken: Taken, pks: Collection[int]) -> dict[str, dict[str, Sequence[Any]]]:
    return {
        str(pk): {code_of(each): (need_pk, f"prend déjà {words}") for each, (need_pk, words) in taken[pk].items()}
        for pk in pks
        if pk in taken
    }


def _place(one: Member, situation: Situation, moment: HalfDay | None, taken: Taken) -> tuple[Any, ...]:
    """Where somebody stands in the pool: who is free at that moment before others, then by name."""
    mine = situation.problem.substitutes[situation.problem.substitute_at[str(one.person.pk)]]
    is_free = moment is None or (moment in mine.free and moment not in taken.get(one.person.pk, ()))
    return not is_free, one.person.last_name, one.person.first_name, one.person.pk


def _pool(situation: Situation, taken: Taken, here: Collection[int], pool_words: str) -> list[Member]:
    """Who stands beside the board: who takes one of its classes, then who can take the most of them."""
    problem, wanted = situation.problem, words_of(pool_words)
    able: dict[int, int] = defaultdict(int)
    for need_number, number in zip(problem.pairs.need.tolist(), problem.pairs.substitute.tolist(), strict=True):
        need, pk = problem.needs[need_number], int(problem.substitutes[number].key)
        able[pk] += not need.is_reserve and not any(each in taken.get(pk, ()) for each in need.half_days)
    members = list(situation.members.values())
    if wanted:
        named = {one.person.pk: fold(f"{one.person.last_name} {one.person.first_name} {one.school}") for one in members}
        members = [one for one in members if all(word in named[one.person.pk] for word in wanted)]
    members.sort(key=lambda one: (one.person.pk not in here, -able[one.person.pk], one.person.pk))
    return [one for number, one in enumerate(members) if number < POOL_MOST or one.person.pk in here]


def _pairs(situation: Situation, need: CoverNeed, pks: Sequence[int]) -> dict[str, Any]:
    """What each of these people would be for a class: how the level fits and how far, or the rule that forbids."""
    problem, key = situation.problem, problems.key_of(need)
    known = list(HardRule)
    at = {int(problem.substitutes[problem.pairs.substitute[number]].key): number for number in _numbers(situation, key)}
    word, far = "", []
    for pk in pks:
        if pk in at:
            word += str(int(problem.pairs.misfit[at[pk]]))
            far.append(round(int(problem.pairs.metres[at[pk]]) / 1000))
        else:
            broken = situation.broken_rule(need, pk) or HardRule.UNKNOWN
            word += chr(ord(FIRST_RULE) + known.index(broken))
            far.append(-1)
    return {"name": str(need), "moments": [code_of(each) for each in need.half_days], "can": word, "km": far}


def _numbers(situation: Situation, key: str) -> list[int]:
    pairs = situation.problem.pairs
    return (pairs.need == situation.problem.need_at[key]).nonzero()[0].tolist()


@dataclass(frozen=True)
class Touched:
    """What a gesture changed on a board: rows, cards, and who is taken when."""

    rows: Sequence[ClassRow]
    cards: Sequence[Card]
    taken: Mapping[str, Any]


def touched(plan: CoverPlan, need_pks: Collection[int], people: Collection[int]) -> Touched:
    """These classes and these people, with whoever takes these classes by now."""
    needs = list(queries.queries.needs_of(plan).filter(pk__in=need_pks))
    rows = queries.rows_of(plan, needs)
    pks = {row.assignment.substitute_id for row in rows if row.assignment} | set(people)
    situation = problems.situation_of(plan, needs)
    rules = _broken(situation, rows)
    rows = [ClassRow(row.need, row.assignment, row.reasons, rules.get(row.need.pk, "")) for row in rows]
    members = [one for one in situation.members.values() if one.person.pk in pks]
    taken = taken_of(plan, pks)
    moments = queries.moments_of(plan)
    nothing: dict[str, dict[str, Sequence[Any]]] = {str(pk): {} for pk in pks}
    return Touched(rows, cards_of(situation, moments, members, taken), nothing | taken_as_data(taken, pks))
