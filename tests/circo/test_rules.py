import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo import rules

REAL = ["0270099L", "0271421Y", "0271569J", "0271804P", "0271300S", "0271562B", "0271286B", "0270038V"]
REAL += ["0350760L", "0940176F", "9760102G", "6200092F"]


@pytest.mark.parametrize("code", REAL)
def test_uai_of_a_real_school_is_well_formed(code):
    assert rules.is_uai(code)


@pytest.mark.parametrize("code", ["0271421X", "0271421O", "271421Y", "", "0271421y", "0271421Y "])
def test_uai_with_a_wrong_key_or_shape_is_refused(code):
    assert not rules.is_uai(code)


@given(st.integers(0, 9_999_999), st.sampled_from(rules.UAI_LETTERS))
def test_uai_has_exactly_one_good_letter(number, letter):
    digits = f"{number:07d}"
    assert rules.is_uai(digits + letter) == (letter == rules.uai_key(digits))


@given(st.dates())
def test_school_year_holds_its_day(day):
    try:
        first, last = rules.school_year_bounds(day)
    except ValueError:
        assert day.year in (1, 9999)
        return
    assert first <= day <= last
    assert (first.month, first.day, last.month, last.day) == (9, 1, 8, 31)


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("0", 0), ("9" * 15, 10**15 - 1)])
def test_the_number_of_an_address(text, number):
    assert rules.number_in(text) == number


@pytest.mark.parametrize("text", [None, "", "-1", "1.5", " 1", "1\n", "٣", "²", "9" * 16, "un"])
def test_what_is_no_number_of_ours(text):
    assert rules.number_in(text) is None
