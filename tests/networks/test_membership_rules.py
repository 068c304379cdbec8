"""The one table of moves: every move that it does not hold is refused, by the rules and by the database."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from networks.groups import drawing, rules
from networks.groups.rules import ACTS, MOVES, NOWHERE, STATES, Hand, Stage, Standing, State, Verb
from networks.models import Membership, MembershipMove

EVERYWHERE = (NOWHERE, *(State(stage.value, standing.value) for stage in Stage for standing in Standing))
ALLOWED = {(move.verb, move.source, move.target) for move in MOVES}


def test_the_page_of_docs_is_the_table():
    stored = Path(settings.BASE_DIR, "docs", "membership-moves.md").read_text()
    assert stored == drawing.page() + "\n", "run: python -m networks.groups.drawing > docs/membership-moves.md"


@pytest.mark.parametrize("verb", Verb)
def test_a_verb_from_a_state_that_it_does_not_know_is_refused_with_a_sentence(verb):
    known = {move.source for move in MOVES if move.verb == verb}
    for source in EVERYWHERE:
        says = rules.refusal(verb, source, ACTS[verb].hands)
        assert (says == "") == (source in known), (verb, source)
        if says:
            assert says.endswith(ACTS[verb].refusal)


@pytest.mark.parametrize(("verb", "hand"), list(product(Verb, Hand)))
def test_the_wrong_hand_is_refused_and_told_whose_it_is(verb, hand):
    for move in MOVES:
        if move.verb == verb:
            says = rules.refusal(verb, move.source, [hand])
            assert (says == "") == (hand in move.hands)


@pytest.mark.parametrize("source", EVERYWHERE, ids=lambda state: f"{state.stage} {state.standing}")
def test_a_change_that_no_verb_makes_says_where_one_can_go(source):
    for target in EVERYWHERE:
        verb = rules.verb_between(source, target)
        assert (verb is not None) == any(
            (source, target) == (move.source, move.target) for move in MOVES if move.verb not in rules.OVER_THE_YEAR
        )
        if verb is None:
            assert rules.in_words(target) in rules.refusal_between(source, target)


def test_only_a_member_goes_one_stage_up_and_never_two():
    member = [State(stage.value, "ACTIVE") for stage in Stage]
    assert rules.find(Verb.ADVANCE, member[0]).target == member[1]
    assert rules.find(Verb.ADVANCE, member[1]).target == member[2]
    assert rules.find(Verb.ADVANCE, member[2]) is None
    assert rules.verb_between(member[0], member[2]) is None


def test_nobody_enters_a_stage_by_oneself_but_by_the_team():
    for move in MOVES:
        if move.target.standing == Standing.ACTIVE and move.source.standing != Standing.INVITED:
            assert Hand.PERSON not in move.hands


def test_a_return_takes_the_stage_one_had():
    for move in MOVES:
        if move.verb in (Verb.RESUME, Verb.STAY, Verb.COME_BACK):
            assert move.source.stage == move.target.stage


@pytest.mark.parametrize("stage", Stage)
def test_the_database_knows_the_states_of_the_table_and_no_other(world, stage):
    row = Membership.objects.filter(person=world.amina)
    for standing in Standing:
        left_on = world.year.first_day if standing in rules.ENDED else None
        write = {"stage": stage, "standing": standing, "left_on": left_on}
        if State(stage.value, standing.value) in STATES:
            row.update(**write)
        else:
            with pytest.raises(IntegrityError, match="membership_known_state"), transaction.atomic():
                row.update(**write)


def test_a_departure_has_its_day_and_nothing_else_has(world):
    row = Membership.objects.filter(person=world.amina)
    for write in ({"standing": "LEFT"}, {"standing": "MOVED"}, {"left_on": world.year.first_day}):
        with pytest.raises(IntegrityError, match="membership_left_on_some_day"), transaction.atomic():
            row.update(**write)


@pytest.mark.parametrize("verb", Verb)
def test_the_database_logs_the_moves_of_the_table_and_no_other(world, verb):
    """The constraint's own condition, asked of every pair of states; then the database itself, of a few."""
    membership = world.amina.memberships.get()
    constraint = next(one for one in MembershipMove._meta.constraints if one.name == "membership_move_allowed")
    forbidden = []
    for source, target in product(EVERYWHERE, repeat=2):
        row = _row(membership, verb, source, target)
        allowed = (verb, source, target) in ALLOWED
        assert _holds(constraint.condition, row) == allowed, (verb, source, target)
        forbidden += [] if allowed else [row]
    for row in forbidden[::97]:
        with pytest.raises(IntegrityError, match="membership_move_allowed"), transaction.atomic():
            row.save()
    for one, source, target in ALLOWED:
        if one == verb:
            _row(membership, verb, source, target).save()


def _row(membership, verb, source, target) -> MembershipMove:
    return MembershipMove(
        membership=membership,
        verb=verb.value,
        from_stage=source.stage,
        from_standing=source.standing,
        to_stage=target.stage,
        to_standing=target.standing,
    )


def _holds(condition: Q, row: MembershipMove) -> bool:
    """Read an OR of ANDs of plain equalities, as the constraint is: no query for a hundred thousand cases."""
    assert condition.connector == Q.OR
    return any(all(getattr(row, name) == value for name, value in branch.children) for branch in condition.children)


@pytest.mark.parametrize("standing", [one for one in Standing if one != Standing.ACTIVE])
def test_who_is_not_a_member_today_is_in_force_nowhere(world, standing):
    left_on = world.year.first_day if standing in rules.ENDED else None
    Membership.objects.filter(person=world.bruno).update(standing=standing, left_on=left_on)
    assert not Membership.objects.in_force().filter(person=world.bruno).exists()
    assert Membership.objects.in_force().filter(person=world.amina).exists()
