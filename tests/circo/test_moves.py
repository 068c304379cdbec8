"""A life as one table of moves."""

from __future__ import annotations

from enum import StrEnum

import pytest

from circo.errors import Refusal
from circo.moves import Life, Move, moves_from


class Light(StrEnum):
    RED = "RED"
    GREEN = "GREEN"
    OUT = "OUT"


MOVES = {
    "go": Move({Light.RED}, Light.GREEN, "Le feu n’est pas rouge."),
    "break": Move({Light.RED, Light.GREEN}, Light.OUT, "Le feu est déjà éteint."),
}


def test_a_move_leads_from_its_sources_and_from_nowhere_else():
    assert MOVES["go"].check("RED") is Light.GREEN
    for state in (Light.GREEN, Light.OUT, "ELSEWHERE"):
        with pytest.raises(Refusal, match="pas rouge"):
            MOVES["go"].check(state)


def test_what_is_possible_from_a_state_is_read_in_order():
    assert moves_from(MOVES, "RED") == ["go", "break"]
    assert moves_from(MOVES, Light.GREEN) == ["break"]
    assert moves_from(MOVES, Light.OUT) == []


LIFE = Life(
    ways={Light.RED: {Light.GREEN, Light.OUT}, Light.GREEN: {Light.RED}, Light.OUT: ()},
    says={Light.RED: "Le feu est rouge.", Light.GREEN: "Le feu est vert.", Light.OUT: "Le feu est éteint."},
)


def test_a_life_goes_the_ways_that_it_has_and_says_where_it_stands_for_any_other():
    LIFE.check(Light.RED, Light.GREEN)
    for state, target in ((Light.RED, Light.RED), (Light.GREEN, Light.OUT), (Light.OUT, Light.RED)):
        with pytest.raises(Refusal) as refused:
            LIFE.check(state, target)
        assert str(refused.value) == LIFE.says[state]
