"""How far observers agree: known values, and what holds for any notes."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos.grids import rules
from videos.grids.rules import Agreement, Kind, Mark

marks = st.lists(st.builds(Mark, st.floats(0, 600, allow_nan=False), st.integers(0, 3)), max_size=30)
kinds = st.sampled_from(rules.COMPARED)


def table(rows: int, raters: int) -> st.SearchStrategy:
    return st.lists(st.tuples(*[st.integers(0, 3)] * raters), min_size=1, max_size=rows)


compared = st.integers(2, 5).flatmap(lambda raters: table(12, raters))


def spread(counts: dict[tuple, int]) -> list[tuple]:
    return [unit for unit, count in counts.items() for _ in range(count)]


def test_cohen_gives_the_textbook_value():
    """Fifty grant proposals read by two: 70 % of agreement, kappa 0.40."""
    found = rules.agreement(spread({(1, 1): 20, (1, 0): 5, (0, 1): 10, (0, 0): 15}))
    assert (found.observed, found.expected, found.count) == (Fraction(7, 10), Fraction(1, 2), 50)
    assert found.kappa == pytest.approx(0.40)


@pytest.mark.parametrize(
    ("yes_yes", "yes_no", "no_yes", "no_no", "kappa"),
    [(45, 15, 25, 15, 0.1304), (25, 35, 5, 35, 0.2593)],  # the same agreement, other habits
)
def test_cohen_knows_the_habits_of_each(yes_yes, yes_no, no_yes, no_no, kappa):
    found = rules.agreement(spread({(1, 1): yes_yes, (1, 0): yes_no, (0, 1): no_yes, (0, 0): no_no}))
    assert found.percent == 60
    assert found.kappa == pytest.approx(kappa, abs=1e-4)


FLEISS = [  # ten subjects, fourteen raters, five categories
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
]  # fmt: skip


def test_fleiss_gives_the_textbook_value():
    found = rules.agreement([tuple(c for c, count in enumerate(row) for _ in range(count)) for row in FLEISS])
    assert float(found.observed) == pytest.approx(0.378, abs=1e-3)
    assert float(found.expected) == pytest.approx(0.213, abs=1e-3)
    assert found.kappa == pytest.approx(0.210, abs=1e-3)


@given(compared)
def test_agreement_is_the_mean_over_pairs_of_observers(units):
    found = rules.agreement(units)
    pairs = list(combinations(range(len(units[0])), 2))
    apart = [rules.agreement([(unit[a], unit[b]) for unit in units]).observed for a, b in pairs]
    assert found.observed == sum(apart) / len(pairs)


@given(compared)
def test_kappa_is_one_only_where_all_agree(units):
    found = rules.agreement(units)
    assert 0 <= found.observed <= 1
    assert 0 < found.expected <= 1 or len(units[0]) == 2
    if found.kappa is not None:
        assert found.kappa <= 1
        assert (found.kappa == 1) == all(len(set(unit)) == 1 for unit in units)
        assert rules.why_no_kappa(found) == ""
    else:
        assert len({rating for unit in units for rating in unit}) == 1  # no variance at all
        assert found.percent == 100
        assert "ne se calcule pas" in rules.why_no_kappa(found)


@given(compared, st.permutations(range(4)), st.randoms())
def test_agreement_knows_neither_order_nor_names(units, names, chance):
    found = rules.agreement(units)
    assert rules.agreement([tuple(names[rating] for rating in unit) for unit in units]) == found
    seats = list(range(len(units[0])))
    chance.shuffle(seats)
    moved = [tuple(unit[seat] for seat in seats) for unit in units]
    chance.shuffle(moved)
    assert rules.agreement(moved) == found


def test_nothing_to_compare_is_said():
    for units in ([], [(1,)]):
        assert rules.agreement(units) == Agreement()
    assert "deux regards" in rules.why_no_kappa(Agreement())
    assert Agreement().percent is None
    assert Agreement().kappa is None
    assert rules.pooled([]) == rules.pooled([Agreement()]) == Agreement()


def test_pooled_kappa_is_made_of_the_means():
    one = rules.agreement(spread({(1, 1): 20, (1, 0): 5, (0, 1): 10, (0, 0): 15}))
    other = rules.agreement(spread({(1, 1): 9, (0, 0): 1}))
    found = rules.pooled([one, other, Agreement()])
    assert found.observed == (one.observed + other.observed) / 2
    assert found.expected == (one.expected + other.expected) / 2
    assert found.count == 60


@given(compared)
def test_pooling_one_criterion_changes_nothing(units):
    assert rules.pooled([rules.agreement(units)]) == rules.agreement(units)


@given(kinds, marks)
def test_each_window_has_one_category(kind, noted):
    found = rules.ratings(kind, noted, begin_s=0, end_s=600)
    assert len(found) == rules.window_count(0, 600) == 20
    assert found == rules.ratings(kind, sorted(noted, key=lambda mark: mark.at_s), begin_s=0, end_s=600)
    if kind is Kind.COUNTER:
        assert sum(found) == len(noted)


@given(kinds, marks)
def test_two_same_looks_agree_everywhere(kind, noted):
    column = rules.ratings(kind, noted, begin_s=0, end_s=600)
    found = rules.agreement(rules.units([column, column]))
    assert found.percent in (100, None)
    assert found.kappa in (1, None)


def test_a_counter_counts_in_each_window():
    assert rules.ratings(Kind.COUNTER, [Mark(0), Mark(29.9), Mark(30), Mark(95)], begin_s=0, end_s=90) == [2, 1, 1]


def test_a_fact_is_there_or_not():
    assert rules.ratings(Kind.FACT, [Mark(1), Mark(2), Mark(61)], begin_s=0, end_s=90) == [1, 0, 1]


def test_a_level_lasts_until_the_next_one():
    noted = [Mark(70, 2), Mark(35, 0), Mark(59, 1)]
    assert rules.ratings(Kind.SCALE, noted, begin_s=0, end_s=150) == [None, 1, 2, 2, 2]


def test_windows_begin_with_the_part_that_is_watched():
    assert rules.ratings(Kind.COUNTER, [Mark(99), Mark(100), Mark(131)], begin_s=100, end_s=140) == [2, 1]
    assert rules.window_count(100, 100.5) == 1


def test_windows_without_any_answer_do_not_count():
    assert rules.units([[None, 1, None], [None, 1, 0]]) == [(1, 1), (None, 0)]


@given(kinds)
def test_nothing_noted_by_anybody_is_no_agreement(kind):
    assert rules.compared(kind, [[], []], begin_s=0, end_s=600) == Agreement()
    assert rules.compared(Kind.FACT, [[Mark(1)], []], begin_s=0, end_s=60).percent == 50


def test_a_free_note_has_no_category():
    with pytest.raises(ValueError, match="NOTE"):
        rules.ratings(Kind.NOTE, [], begin_s=0, end_s=1)
