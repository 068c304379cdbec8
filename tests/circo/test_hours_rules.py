"""Rules of the hours: what counts, who may move an entry where, what one owes, the account."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.access import Permission
from circo.hours import rules
from circo.hours.rules import Category, Counting, Mode, Move, Right, Share, State
from circo.moves import moves_from

MINUTES = st.integers(0, 30 * 60)
SHARES = st.fractions(0, 1)


@given(st.sampled_from(Counting), MINUTES, MINUTES, SHARES)
def test_what_an_event_gives_is_made_of_quarters_and_never_more_than_it_lasts(counting, duration, counted, share):
    given_minutes = rules.credited_minutes(counting, duration, counted, share)
    assert rules.is_quarter(given_minutes)
    assert 0 <= given_minutes <= duration
    if counting is Counting.PARTLY:
        assert given_minutes <= counted


@given(st.sampled_from(Counting), MINUTES, MINUTES, SHARES, SHARES)
def test_staying_longer_never_gives_less(counting, duration, counted, one, other):
    shorter, longer = sorted((one, other))
    args = counting, duration, counted
    assert rules.credited_minutes(*args, shorter) <= rules.credited_minutes(*args, longer)


@pytest.mark.parametrize(
    ("counting", "duration", "counted", "share", "expected"),
    [
        (Counting.COUNTS, 180, None, 1, 180),
        (Counting.COUNTS, 185, None, 1, 180),
        (Counting.COUNTS, 360, None, Fraction(1, 2), 180),
        (Counting.COUNTS, 45, None, 0.5, 30),  # 22 min 30: halfway, so up
        (Counting.COUNTS, 180, None, 0, 0),
        (Counting.NOT, 360, None, 1, 0),
        (Counting.PARTLY, 360, 120, 1, 120),
        (Counting.PARTLY, 60, 120, 1, 60),
        (Counting.PARTLY, 360, 120, 0.5, 60),
    ],
)
def test_what_an_event_gives(counting, duration, counted, share, expected):
    assert rules.credited_minutes(counting, duration, counted, share) == expected


@pytest.mark.parametrize(
    ("counting", "duration", "counted", "share"),
    [
        (Counting.COUNTS, 60, None, 1.1),
        (Counting.COUNTS, 60, None, -0.1),
        (Counting.COUNTS, -15, None, 1),
        (Counting.PARTLY, 60, None, 1),
        (Counting.PARTLY, 60, -15, 1),
    ],
)
def test_what_makes_no_sense_is_an_error(counting, duration, counted, share):
    with pytest.raises(ValueError):  # noqa: PT011
        rules.credited_minutes(counting, duration, counted, share)


def test_the_moves_of_an_entry():
    allowed = {(move, state) for move, state in product(Move, State) if state in rules.MOVES[move].sources}
    assert allowed == {
        (Move.CONFIRM, State.PROPOSED),
        (Move.REFUSE, State.PROPOSED),
        (Move.REFUSE, State.CONFIRMED),
        (Move.TAKE_BACK, State.CONFIRMED),
        (Move.RECONSIDER, State.REFUSED),
        (Move.VALIDATE, State.CONFIRMED),
        (Move.REOPEN, State.VALIDATED),
    }
    assert all(state in rules.MOVES[move].sources for state in State for move in moves_from(rules.MOVES, state))


def test_what_undoes_a_move_goes_back():
    for rule in rules.MOVES.values():
        if rule.undone_by:
            back = rules.MOVES[rule.undone_by]
            assert rule.target in back.sources
            assert back.target in rule.sources
            assert back.right is rule.right, "whoever made the move may undo it"


def test_rights_are_permissions():
    assert {right.value for right in Right} <= {permission.value for permission in Permission}


@pytest.mark.parametrize(
    ("percent", "hours"), [(100, 18), (80, 15), (75, 14), (60, 11), (50, 9), (33, 6), (Fraction(100, 3), 6), (0, 0)]
)
def test_what_a_part_time_owes(percent, hours):
    assert rules.quota_of(percent) == hours * 60


@given(st.integers(0, 100), st.integers(0, 100))
def test_who_works_more_never_owes_less(one, other):
    less, more = sorted((one, other))
    assert rules.quota_of(less) <= rules.quota_of(more) <= rules.FULL_QUOTA_MINUTES


FIRST = date(2026, 9, 1)
DAYS = st.integers(0, 300)


@st.composite
def shares(draw):
    place, percent, one, other = draw(
        st.tuples(st.sampled_from(["school:1", "school:2", "district:1"]), st.integers(1, 100), DAYS, DAYS)
    )
    first, last = sorted((one, other))
    in_school = place.startswith("school")
    return Share(place, in_school, percent, FIRST + timedelta(first), FIRST + timedelta(last))


@given(st.lists(shares(), max_size=5))
def test_the_mean_share_is_that_of_the_days(held):
    days = [rules.share_on(held, FIRST + timedelta(number)) for number in range(301)]
    worked = [percent for percent in days if percent]
    assert rules.mean_share(held) == (Fraction(sum(worked), len(worked)) if worked else 0)


def share(place, percent, first=FIRST, last=date(2027, 8, 31)):
    return Share(place, place.startswith("school"), percent, first, last)


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        ([], 0),
        ([share("school:1", 80), share("school:1", 80)], 80),  # a teacher who is also the head: one service
        ([share("school:1", 50), share("school:2", 50)], 100),
        ([share("school:1", 80), share("school:2", 50)], 100),
        ([share("school:1", 80), share("district:1", 100)], 80),  # a trainer's class says the part-time
        ([share("district:1", 100)], 100),
    ],
)
def test_what_several_postings_make(held, expected):
    assert rules.mean_share(held) == expected


def test_somebody_who_arrives_in_january_owes_as_the_others():
    assert rules.quota_of(rules.mean_share([share("school:1", 100, first=date(2027, 1, 4))])) == 18 * 60


SUMS = st.dictionaries(
    st.tuples(st.sampled_from(State), st.sampled_from(Category), st.sampled_from(Mode)),
    st.integers(1, 80).map(lambda quarters: quarters * 15),
)


@given(SUMS, st.integers(0, 72).map(lambda quarters: quarters * 15))
def test_the_account_adds_up(sums, quota):
    account = rules.account_of(quota, sums)
    by_state = defaultdict(int)
    for (state, _category, _mode), minutes in sums.items():
        by_state[state] += minutes
    assert account.done_minutes == sum(sums.values()) - by_state[State.REFUSED]
    assert (account.proposed_minutes, account.confirmed_minutes, account.validated_minutes) == tuple(
        by_state[state] for state in rules.COUNTED_STATES
    )
    assert account.left_minutes == max(0, quota - account.done_minutes)
    assert 0 <= account.formation_minutes <= account.done_minutes
    assert 0 <= account.distance_minutes <= account.done_minutes
    assert account.formation_quota_minutes * 2 >= quota
    assert rules.is_quarter(account.formation_quota_minutes)
    assert account.is_complete is (account.done_minutes >= quota and account.formation_left_minutes == 0)


@pytest.mark.parametrize(
    ("minutes", "words"), [(450, "7 h 30"), (1080, "18 h"), (45, "45 min"), (0, "0 min"), (65, "1 h 05")]
)
def test_a_duration_in_words(minutes, words):
    assert rules.in_words(minutes).replace("\u00a0", " ") == words


@given(st.integers(1, 30 * 60))
def test_a_duration_that_we_write_is_one_that_we_read(minutes):
    assert rules.minutes_typed(rules.in_words(minutes)) == minutes


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("1h30", 90), ("1 H 30", 90), ("1:30", 90), ("1,5", 90), ("1.25", 75), ("2", 120), ("90 min", 90),
        ("3 heures", 180), ("1 h 05 min", 65), ("", None), ("beaucoup", None), ("-1", None), ("1h75", None),
        ("1;30", None),
    ],
)  # fmt: skip
def test_a_duration_as_people_type_it(typed, minutes):
    assert rules.minutes_typed(typed) == minutes


@pytest.mark.parametrize(
    ("account", "sentence", "left"),
    [
        (
            rules.Account(1080, 150, 0, 300, 300),
            "7 h 30 sur 18 h, dont 5 h de formation continue",
            "Il reste 10 h 30, dont au moins 4 h de formation continue.",
        ),
        (rules.Account(1080), "0 h sur 18 h", "Il reste 18 h, dont au moins 9 h de formation continue."),
        (rules.Account(540, 0, 0, 480, 300), "8 h sur 9 h, dont 5 h de formation continue", "Il reste 1 h."),
        (
            rules.Account(540, 0, 0, 540, 300),
            "9 h sur 9 h, dont 5 h de formation continue",
            "Tout y est, la moitié de formation continue comprise.",
        ),
        (
            rules.Account(540, 0, 0, 600, 0),
            "10 h sur 9 h",
            "Les heures y sont ; il manque 4 h 30 de formation continue, qui en fait la moitié.",
        ),
        (rules.Account(0, 60), "1 h", ""),
    ],
)
def test_the_account_in_words(account, sentence, left):
    assert rules.sentence(account).replace("\u00a0", " ") == sentence
    assert rules.what_is_left(account).replace("\u00a0", " ") == left


@given(SUMS)
def test_the_parts_of_the_gauge_touch_and_fit(sums):
    account = rules.account_of(1080, sums)
    end = 0
    for _state, _label, minutes, start in rules.parts(account):
        assert start == end
        end += minutes
    assert end == account.done_minutes <= account.scale_minutes


# --- The cap of hours at one's own pace -------------------------------------------------------------------------------
QUARTERS = st.integers(0, 80).map(lambda quarters: quarters * 15)
CAPS = st.none() | QUARTERS


@given(QUARTERS, CAPS, QUARTERS)
def test_the_cap_takes_away_what_is_beyond_it_and_nothing_else(minutes, cap, used):
    counted = rules.within_cap(minutes, cap, used)
    assert 0 <= counted <= minutes
    assert rules.is_quarter(counted)
    if cap is None:
        assert counted == minutes
    else:
        assert counted + used <= max(cap, used), "no new hour beyond the cap"
        assert counted == minutes or counted + used >= cap, "nothing is taken away while there is room"


@given(st.lists(QUARTERS, max_size=8), CAPS, QUARTERS)
def test_hours_shared_out_keep_to_the_cap_and_serve_the_first_first(asked, cap, signed):
    given_minutes = rules.shared_out(asked, cap, signed)
    assert len(given_minutes) == len(asked)
    assert all(0 <= got <= wanted for got, wanted in zip(given_minutes, asked, strict=True))
    assert cap is None or sum(given_minutes) + signed <= max(cap, signed)
    for number, (got, wanted) in enumerate(zip(given_minutes, asked, strict=True)):
        assert got == wanted or sum(given_minutes[: number + 1]) + signed >= cap, "whoever is cut met the cap"
    assert rules.shared_out(given_minutes, cap, signed) == given_minutes, "twice is as once"


@given(st.dictionaries(st.tuples(st.sampled_from(State), st.sampled_from(Category), st.sampled_from(Mode)), QUARTERS))
def test_portions_are_those_of_the_account(sums):
    account = rules.account_of(1080, sums, 360)
    formation, self_paced = rules.portions(account)
    assert (formation.minutes, self_paced.minutes) == (account.formation_minutes, account.self_paced_minutes)
    for one in (formation, self_paced):
        assert one.minutes <= one.scale_minutes
        assert one.mark_minutes is None or one.mark_minutes <= one.scale_minutes
        assert rules.hours_words(one.minutes) in one.words
    assert "au moins 9\u00a0h" in formation.words
    assert "au plus 6\u00a0h" in self_paced.words
    assert account.cap_is_met == (account.self_paced_minutes >= 360)


def test_portions_of_who_owes_nothing_say_no_part():
    formation, self_paced = rules.portions(rules.account_of(0, {}))
    assert (formation.words, self_paced.words) == ("0\u00a0h", "0\u00a0h")
    assert formation.mark_minutes is None
