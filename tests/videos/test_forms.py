import pytest
from hypothesis import given
from hypothesis import strategies as st

from videos import rules

TYPED = [("0:03", 3), ("1:02:03", 3723), (" 75 ", 75), ("0:03,5", 3.5), ("90:00", 5400)]
NO_TIMECODES = ["", "-3", "0:75", "1:75:00", "trois", "0:03:", "1e3", "nan", "٣", "1:2:3:4", "9" * 400]


@given(st.integers(min_value=0, max_value=99 * 3600))
def test_seconds_of_reads_what_timecode_writes(seconds):
    assert rules.seconds_of(rules.timecode(seconds)) == seconds


@pytest.mark.parametrize(("typed", "seconds"), TYPED)
def test_seconds_of_reads_what_people_type(typed, seconds):
    assert rules.seconds_of(typed) == seconds


@pytest.mark.parametrize("typed", NO_TIMECODES)
def test_seconds_of_refuses_the_rest(typed):
    with pytest.raises(ValueError):  # noqa: PT011 (the value is the message)
        rules.seconds_of(typed)
