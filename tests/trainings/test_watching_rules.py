"""Stretches of a film: never over one another, never more than the clock allows, never fewer than before."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainings.watching import rules
from videos.rules import DURATION_MAX_S

END_MS = int(1000 * DURATION_MAX_S)


def pairs(most_ms=400, size=12):
    """Stretches that often meet, written as they come."""
    ends = st.tuples(st.integers(0, most_ms), st.integers(0, most_ms)).filter(lambda two: two[0] != two[1])
    return st.lists(ends.map(lambda two: (min(two), max(two))), max_size=size)


def moments(stretches):
    """The referee: the milliseconds themselves."""
    return {ms for begin, end in stretches for ms in range(begin, end)}


@given(pairs())
def test_merged_stretches_hold_the_same_moments_and_never_meet(played):
    merged = rules.union(played)
    assert moments(merged) == moments(played)
    assert rules.length_ms(merged) == len(moments(played))
    assert all(left[1] < right[0] for left, right in pairwise(merged))
    assert rules.union(merged) == merged


@given(pairs(), pairs())
def test_what_is_new_is_what_was_not_there(played, before):
    new = rules.new_of(played, rules.union(before))
    assert moments(new) == moments(played) - moments(before)
    assert rules.length_ms(new) == len(moments(new)), "each moment once"


@given(pairs(), st.integers(0, 200), st.integers(200, 400))
def test_only_what_is_inside_the_excerpt_counts(played, begin, end):
    assert moments(rules.clipped(played, begin, end)) == moments(played) & set(range(begin, end))


@given(pairs(), pairs(), st.integers(0, 300))
def test_a_beat_takes_what_the_clock_allows_and_no_more(played, before, clock):
    held = rules.union(before)
    counted = rules.count(played, held, clock)
    gained = rules.length_ms(counted.stretches) - rules.length_ms(held)
    asked = len(moments(played) - moments(held))
    assert gained == min(asked, rules.FASTEST * clock)
    assert counted.refused_ms == asked - gained
    assert moments(held) <= moments(counted.stretches) <= moments(held) | moments(played)
    assert 0 <= counted.waiting_ms == clock - -(-gained // rules.FASTEST)


@given(pairs(), st.integers(0, 300))
def test_a_beat_that_comes_again_adds_and_costs_nothing(played, clock):
    once = rules.count(played, [], clock)
    again = rules.count(once.stretches, once.stretches, once.waiting_ms)
    assert (again.stretches, again.waiting_ms, again.refused_ms) == (once.stretches, once.waiting_ms, 0)


@given(st.lists(pairs(size=4), max_size=6), st.randoms())
def test_beats_in_any_order_come_to_the_same(beats, chance):
    def told(order):
        held = []
        for played in order:
            held = rules.count(played, held, END_MS).stretches
        return held

    shuffled = list(beats)
    chance.shuffle(shuffled)
    assert told(beats) == told(shuffled)


@given(st.lists(st.tuples(pairs(most_ms=END_MS), st.integers(-10_000, 10_000_000)), max_size=12))
def test_no_more_film_than_twice_the_clock_whatever_is_told(beats):
    """The promise, through a whole play: also while the clock of the machine goes back, and when nothing is told."""
    held, waiting, passed = [], rules.GRACE_MS, 0
    for played, ms in beats:
        passed += max(ms, 0)
        counted = rules.count(played, held, rules.clock_ms(waiting, timedelta(milliseconds=ms)))
        assert rules.length_ms(counted.stretches) - rules.length_ms(held) <= rules.FASTEST * rules.KEPT_MS
        held, waiting = counted.stretches, counted.waiting_ms
        assert rules.length_ms(held) <= rules.FASTEST * (passed + rules.GRACE_MS)


@given(pairs(most_ms=4000, size=2 * rules.STRETCHES_MAX), pairs(most_ms=4000, size=rules.PLAYED_MAX))
def test_a_row_stays_small_and_never_loses_seconds(before, played):
    held = rules.bounded(rules.union(before))
    counted = rules.count(played, held, END_MS)
    assert len(counted.stretches) <= rules.STRETCHES_MAX
    assert rules.length_ms(counted.stretches) >= rules.length_ms(held)
    assert counted.stretches == rules.union(counted.stretches)


def test_beyond_so_many_stretches_the_shortest_is_forgotten():
    held = [(10 * at, 10 * at + 5) for at in range(rules.STRETCHES_MAX)]
    kept = rules.count([(100_000, 100_003), (200_000, 200_009)], held, END_MS).stretches
    assert len(kept) == rules.STRETCHES_MAX
    assert (200_000, 200_009) in kept
    assert (100_000, 100_003) not in kept


def test_jumping_to_the_end_gives_nothing_and_twice_counts_once():
    hour = [(0, 3_600_000)]
    assert rules.count([(3_599_000, 3_600_000)], [], END_MS).stretches == [(3_599_000, 3_600_000)]
    assert rules.count(hour, hour, END_MS).stretches == hour
    assert rules.count(hour, [], 1000).stretches == [(0, 2000)], "the first seconds of what is told"


def test_clock_that_waits_is_forgotten_beyond_its_time():
    assert rules.clock_ms(0, timedelta(days=3)) == rules.KEPT_MS
    assert rules.clock_ms(700, timedelta(seconds=-5)) == 700
    assert rules.clock_ms(700, timedelta(seconds=5)) == 5700


@pytest.mark.parametrize(
    "text",
    [
        "-5-10", "10-5", "7-7", "0-nan", "nan-9", "inf", "0-1e9", "0-3900001", "0-99999999", "0-1.5", "0", "0-1,", ",",
        "0-1;2-3", " 0-1", "0-1 ", "٠-١", "0--1", "0-1\n", ",".join(["0-1"] * (rules.PLAYED_MAX + 1)), "0" * 10_000,
    ],
)  # fmt: skip
def test_odd_stretches_are_refused(text):
    with pytest.raises(ValueError, match=r"^"):
        rules.played_from(text)


def test_stretches_are_read_as_players_write_them():
    assert rules.played_from("") == []
    assert rules.played_from("0-10000,12000-3900000") == [(0, 10_000), (12_000, 3_900_000)]
    assert rules.second_from("12.3456") == 12.3456


@pytest.mark.parametrize("text", ["", "-1", "nan", "inf", "1e3", "3901", "1,5", "99999999", "12.", "٣"])
def test_odd_seconds_are_refused(text):
    with pytest.raises(ValueError, match=r"^"):
        rules.second_from(text)


@given(st.text(max_size=60))
def test_no_text_is_read_as_more_than_a_film(text):
    try:
        played = rules.played_from(text)
    except ValueError:
        return
    assert all(0 <= begin < end <= END_MS for begin, end in played)


@pytest.mark.parametrize(
    ("seconds", "duration", "watched"),
    [(90, 100, True), (89.9, 100, False), (0, 0, False), (5, 5, True), (0, -1, False)],
)
def test_nearly_all_of_an_excerpt_is_watched(seconds, duration, watched):
    assert rules.is_watched(seconds, duration) == watched


@pytest.mark.parametrize(
    ("seconds", "duration", "words", "percent"),
    [
        (0, 300, "0\u00a0s vue sur 5\u00a0min", 0),
        (1.9, 45, "1\u00a0s vue sur 45\u00a0s", 4),
        (200.4, 300, "3\u00a0min\u00a020 vues sur 5\u00a0min", 66),
        (299.9, 300, "4\u00a0min\u00a059 vues sur 5\u00a0min", 99),
        (3905, 3900, "1\u00a0h\u00a005 vues sur 1\u00a0h\u00a005", 100),
        (3, 0, "3\u00a0s vues sur 0\u00a0s", 0),
    ],
)
def test_what_was_watched_in_words(seconds, duration, words, percent):
    seen = rules.Seen(seconds, duration)
    assert (seen.words, seen.percent) == (words, percent)


@pytest.mark.parametrize(("at_s", "again"), [(60, None), (62.9, None), (63, 63), (117, 117), (118, None), (0, None)])
def test_one_goes_on_where_it_is_worth_it(at_s, again):
    assert rules.resume_at(at_s, 60, 120) == again
