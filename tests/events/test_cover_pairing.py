"""Who may take what: distances, levels, and the name of the rule that a lock breaks."""

from datetime import date

import pytest

from circo.calendar.rules import HalfDay
from circo.errors import Refusal
from events.cover.pairing import Distances, build, misfit
from events.cover.problem import Decisions, Need, Rules, Span, Spot, Substitute
from tests.events.cover_things import SCALES

DAY = date(2026, 11, 26)
EVREUX, VERNON, PARIS = Spot("0270001A", 1.151, 49.024), Spot("0270002B", 1.485, 49.093), Spot("0750001C", 2.35, 48.85)
BOTH = frozenset({HalfDay(DAY, "AM"), HalfDay(DAY, "PM")})


def need(key="n", span=Span.DAY, school=EVREUX, level="CP", class_key=None):
    return Need(key, class_key or f"classe {key}", DAY, span, school, frozenset({level}), 1)


def one(key="r", home=EVREUX, **told):
    return Substitute(key, home, told.pop("free", BOTH), **told)


def test_distances_are_those_of_the_table_else_an_estimate():
    table = Distances({(VERNON.key, EVREUX.key): 31_400})
    pairs = build([need()], [one("r1"), one("r2", VERNON)], SCALES, distances=table).pairs
    assert (pairs.metres.tolist(), pairs.is_estimate.tolist()) == ([0, 31_400], [False, False])
    assert pairs.cents.tolist() == [0, 3087]
    guessed = build([need()], [one("r2", VERNON)], SCALES).pairs
    assert guessed.is_estimate.all()
    assert 32_000 < guessed.metres[0] < 34_500  # 25.5 km as the crow flies, times 1.3


def test_who_may_not_take_a_class_is_not_there():
    staff = [
        one("absent", free=frozenset()),
        one("matin", free=frozenset({HalfDay(DAY, "AM")})),
        one("loin", PARIS),
        one("refuse", refused=frozenset({"CP"})),
        one("écarté"),
        one("libre"),
    ]
    decisions = Decisions(forbidden=frozenset({("classe n", "écarté")}))
    problem = build([need()], staff, SCALES, decisions=decisions)
    assert [problem.link(number)[1] for number in range(len(problem.pairs.need))] == ["libre"]


@pytest.mark.parametrize(
    ("levels", "preferred", "expected"),
    [("CP", "", 1), ("CP", "CP CE1", 0), ("CP CE2", "CP", 1), ("CP", "CE2", 2), ("CP", "PS", 3), ("ULIS", "PS", 3)],
)
def test_misfits(levels, preferred, expected):
    assert misfit(frozenset(levels.split()), frozenset(preferred.split())) == expected


@pytest.mark.parametrize(
    ("locks", "words"),
    [
        ([("n", "personne")], "n’est pas dans le plan"),
        ([("n", "absent")], "n’est pas disponible"),
        ([("n", "refuse")], "ne prend pas ce niveau"),
        ([("n", "écarté")], "écartées"),
        ([("n", "loin")], "distance"),
        ([("n", "libre"), ("m", "libre")], "deux classes"),
        ([("n", "libre"), ("n", "autre")], "deux personnes"),
        ([("n", "peu")], "nombre de demi-journées"),
    ],
)
def test_a_lock_that_breaks_a_rule_is_refused_with_its_name(locks, words):
    staff = [
        one("absent", free=frozenset()),
        one("refuse", refused=frozenset({"CP"})),
        one("écarté"),
        one("loin", PARIS),
        one("libre"),
        one("autre"),
        one("peu", most=1),
    ]
    decisions = Decisions(locks=frozenset(locks), forbidden=frozenset({("classe n", "écarté")}))
    with pytest.raises(Refusal, match=words):
        build([need(), need("m")], staff, SCALES, decisions=decisions)


@pytest.mark.parametrize(
    ("needs", "staff", "words"),
    [
        ([need(), need()], [one()], "Le même besoin"),
        ([need()], [one(), one()], "Le même remplaçant"),
        ([need("n", Span.AM, class_key="c"), need("m", class_key="c")], [one()], "demandée deux fois"),
    ],
)
def test_what_comes_twice_is_refused(needs, staff, words):
    with pytest.raises(Refusal, match=words):
        build(needs, staff, SCALES)


def test_a_reserve_is_a_need_that_comes_first():
    problem = build([need()], [one("r1"), one("r2")], SCALES, rules=Rules(reserve=2))
    kept = problem.needs[problem.need_at[f"réserve {DAY}"]]
    assert (kept.priority, kept.places, kept.load, kept.is_reserve) == (0, 2, 0, True)
