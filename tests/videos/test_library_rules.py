"""What narrows the library, over any films and any choices."""

from hypothesis import given
from hypothesis import strategies as st

from videos.library import rules
from videos.library.rules import Card

LEVELS, SUBJECTS = ("CP", "CE1"), ("MATHS", "ARTS")
cards = st.lists(
    st.builds(
        Card,
        key=st.uuids(),
        title=st.text("ab", max_size=3),
        deposited=st.floats(0, 9),
        duration_s=st.none() | st.floats(0, 3900),
        levels=st.frozensets(st.sampled_from(LEVELS)),
        subjects=st.frozensets(st.sampled_from(SUBJECTS)),
        network=st.sampled_from("12"),
        group=st.sampled_from("34"),
        year=st.sampled_from(("2025", "2026")),
        is_mine=st.booleans(),
        is_to_discuss=st.booleans(),
        is_found=st.booleans(),
        is_named=st.booleans(),
    ),
    max_size=12,
)
choices = st.fixed_dictionaries(
    {},
    optional={
        rules.WORDS: st.just("mot"),
        rules.VIEW: st.sampled_from((rules.MINE, rules.TO_DISCUSS)),
        rules.LEVEL: st.sampled_from(LEVELS),
        rules.SUBJECT: st.sampled_from(SUBJECTS),
        rules.LENGTH: st.sampled_from(list(rules.LENGTHS)),
        rules.NETWORK: st.sampled_from("12"),
        rules.GROUP: st.sampled_from("34"),
        rules.YEAR: st.sampled_from(("2025", "2026")),
        rules.ORDER: st.sampled_from(list(rules.ORDERS)),
    },
)


def keys(found):
    return {card.key for card in found}


@given(cards, choices)
def test_each_choice_narrows_and_all_of_them_together(films, chosen):
    alone = [keys(rules.wanted(films, {name: value})) for name, value in chosen.items()]
    assert keys(rules.wanted(films, chosen)) == keys(films).intersection(*alone)


@given(cards, choices)
def test_without_a_choice_there_are_as_many_films_as_is_said(films, chosen):
    for name, count in rules.relaxed(films, chosen):
        assert count == len(rules.wanted(films, rules.without(chosen, name)))
    for name in rules.NARROWING:
        assert len(rules.wanted(films, chosen)) <= len(rules.wanted(films, rules.without(chosen, name)))


@given(cards, st.sampled_from(["", *rules.ORDERS]))
def test_an_order_keeps_every_film(films, order):
    sorted_films = rules.in_order(films, order)
    assert sorted(map(id, sorted_films)) == sorted(map(id, films))
    if order == "titre":
        assert [card.title for card in sorted_films] == sorted(card.title for card in films)
    if order == "courts":
        known = [card.duration_s for card in sorted_films if card.duration_s is not None]
        assert known == sorted(known)
        assert all(card.duration_s is None for card in sorted_films[len(known) :])
    if not order:
        assert [card.is_named for card in sorted_films] == sorted((card.is_named for card in films), reverse=True)


@given(st.floats(0, 3900))
def test_every_duration_has_one_length(seconds):
    assert rules.length_of(seconds) in rules.LENGTHS


def test_lengths_at_their_ends():
    assert [rules.length_of(s) for s in (299.9, 300, 900, 900.1)] == ["court", "moyen", "moyen", "long"]
    assert rules.length_of(None) == ""
