"""What would cover a class, in the names that people use."""

from types import SimpleNamespace

import pytest

from events.cover.changing import Farther, LiftedLock, OneMore
from events.plans.reasons import change_in_words

SITUATION = SimpleNamespace(members={"r": SimpleNamespace(person="Lucie Roy")}, needs={"n": "CP, École 1"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (OneMore("0270001A"), "d’une personne de plus, rattachée à l’école et libre ce jour-là."),
        (LiftedLock(("n", "r")), "de déverrouiller Lucie Roy, CP, École 1."),
        (Farther("n", "r", 52_300, is_estimate=False), "que Lucie Roy aille à 52\u00a0km, pour CP, École 1."),
        (Farther("n", "r", 52_300, is_estimate=True), "que Lucie Roy aille à environ 52\u00a0km, pour CP, École 1."),
    ],
)
def test_what_would_be_enough_is_said_with_names(change, words):
    assert change_in_words(SITUATION, change) == f"Il suffirait {words}"
