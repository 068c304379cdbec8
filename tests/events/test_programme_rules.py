"""Rules of programmes: moments, exchanges."""

from __future__ import annotations

from collections import Counter
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from events.days.rules import AFTERNOON, MORNING, Hours
from events.programme import rules
from events.programme.rules import Moment, Moved

HOURS = Hours(MORNING, AFTERNOON)


@pytest.mark.parametrize(
    ("starts", "ends", "says"),
    [
        (time(10), time(10), "après le début"),
        (time(8), time(10), "va de 9\u00a0h à 16\u00a0h\u00a030"),
        (time(16), time(17), "va de 9\u00a0h à 16\u00a0h\u00a030"),
        (time(9, 15), time(10), "croise «\u00a0Accueil\u00a0»"),
        (time(9), time(9, 15), "croise «\u00a0Accueil\u00a0»"),
    ],
)
def test_moments_that_do_not_hold(starts, ends, says):
    with pytest.raises(Refusal, match=says):
        rules.check_moment(Moment(starts, ends, "Ateliers"), HOURS, [Moment(time(9), time(9, 30), "Accueil")])


def test_moments_that_touch_do_not_cross():
    rules.check_moment(Moment(time(9, 30), time(12), "A"), HOURS, [Moment(time(9), time(9, 30), "B")])
    assert [rules.half_of(at, HOURS) for at in (time(9), time(11, 45), time(12), time(14))] == ["AM", "AM", "PM", "PM"]


def test_why_one_sits_there():
    assert [rules.why(wishes, 10) for wishes in ([10], [20, 10], [20, 30, 10], [20], [])] == [
        "votre premier vœu",
        "votre deuxième vœu",
        "votre troisième vœu",
        "vos vœux étaient complets",
        "vous n’aviez pas dit de vœu",
    ]
    assert rules.why([10], None) == ""


def test_who_waits_takes_the_seat_and_frees_the_next():
    # 1 waits for 20 where a seat is free; 2 waits for 10, which 1 leaves.
    assert rules.settled({1: 10, 2: 30}, [(2, 10), (1, 20)], {10: 1, 20: 1, 30: 1}) == [Moved(1, 20), Moved(2, 10)]


def test_two_who_want_each_other_s_seat_exchange():
    assert set(rules.settled({1: 10, 2: 20}, [(1, 20), (2, 10)], {10: 1, 20: 1})) == {Moved(1, 20), Moved(2, 10)}
    assert rules.settled({1: 10, 2: 20}, [(1, 20)], {10: 1, 20: 1}) == []


SESSIONS = st.integers(1, 4)


@given(
    st.dictionaries(st.integers(1, 12), SESSIONS),
    st.dictionaries(SESSIONS, st.integers(0, 4), min_size=4),
    st.lists(st.tuples(st.integers(1, 12), SESSIONS), unique_by=lambda one: one[0]),
)
def test_moves_never_crowd_a_session_and_end_where_nobody_can_move(seats, more, asked):
    taken = Counter(seats.values())
    room = {session: taken[session] + more[session] for session in more}
    waits = [(person, session) for person, session in asked if seats.get(person) != session]
    after = dict(seats)
    for moved in rules.settled(seats, waits, room):
        after[moved.person] = moved.session
    count = Counter(after.values())
    assert all(count[session] <= room[session] for session in room)
    for person, session in waits:  # whoever still waits waits for a room that is full
        assert after.get(person) == session or count[session] == room[session]
