"""Which classes a day leaves without their teacher."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.calendar.rules import HalfDay
from circo.rules import HALF_DAYS
from events.needs import rules
from events.needs.rules import Post, Priority, Span, Why

ON = date(2026, 12, 1)  # a Tuesday
AM, PM = HalfDay(ON, "AM"), HalfDay(ON, "PM")
BOTH = (AM, PM)
CE1, CE1_CE2 = frozenset({"CE1"}), frozenset({"CE1", "CE2"})
MONDAY_TUESDAY = frozenset({"MON_AM", "MON_PM", "TUE_AM", "TUE_PM"})
THURSDAY_FRIDAY = frozenset({"THU_AM", "THU_PM", "FRI_AM", "FRI_PM"})
TUESDAY = frozenset({"TUE_AM", "TUE_PM"})
OPEN = {1: BOTH, 2: BOTH}


def needs(posts, called, teaching=OPEN):
    return rules.wanted(rules.classes_of(posts), called, teaching)


def told(posts, called, teaching=OPEN):
    return [(one.school_class.key, one.span, set(one.people)) for one in needs(posts, called, teaching)]


def why(posts, person, half_days=BOTH, teaching=OPEN):
    return rules.why_none(person, rules.classes_of(posts), half_days, teaching)


def test_a_teacher_who_is_called_leaves_a_class():
    assert told([Post(10, 1, 1, CE1)], {1: BOTH}) == [("10", Span.DAY, {1})]
    assert told([Post(10, 1, 1, CE1)], {1: [PM]}) == [("10", Span.PM, {1})]
    assert told([Post(10, 1, 1, CE1)], {2: BOTH}) == []


def test_several_levels_are_one_class():
    (need,) = needs([Post(10, 1, 1, CE1_CE2, 22)], {1: BOTH})
    assert (need.school_class.levels, need.school_class.size) == (["CE1", "CE2"], 22)


def test_no_need_on_a_day_that_one_does_not_work():
    part = Post(10, 1, 1, CE1, half_days=THURSDAY_FRIDAY)
    assert told([part], {1: BOTH}) == []
    assert why([part], 1) == Why.NOT_THAT_DAY


def test_no_need_where_the_school_has_no_class():
    assert told([Post(10, 1, 1, CE1)], {1: BOTH}, {1: [AM]}) == [("10", Span.AM, {1})]
    assert told([Post(10, 1, 1, CE1)], {1: BOTH}, {1: []}) == []
    assert why([Post(10, 1, 1, CE1)], 1, teaching={}) == Why.NO_SCHOOL


def test_two_teachers_of_one_class_give_one_need():
    shared = [Post(10, 1, 1, CE1, half_days=MONDAY_TUESDAY), Post(11, 2, 1, CE1, half_days=THURSDAY_FRIDAY)]
    assert told(shared, {1: BOTH, 2: BOTH}) == [("10", Span.DAY, {1})]
    assert told(shared, {2: BOTH}) == []
    halves = [
        Post(10, 1, 1, CE1, half_days=frozenset({"TUE_AM"})),
        Post(11, 2, 1, CE1, half_days=frozenset({"TUE_PM"})),
    ]
    assert told(halves, {1: BOTH, 2: BOTH}) == [("10", Span.DAY, {1, 2})]
    assert told(halves, {2: BOTH}) == [("10", Span.PM, {2})]


def test_a_head_teacher_who_is_released_that_day_leaves_no_class():
    head, relief = Post(10, 1, 1, CE1, is_head=True), Post(11, 2, 1, CE1, half_days=TUESDAY)
    assert told([head, relief], {1: BOTH}) == []
    assert why([head, relief], 1) == Why.HELD_BY_OTHER
    assert told([head, relief], {2: BOTH}) == [("10", Span.DAY, {2})]
    assert told([head, relief], {1: BOTH, 2: BOTH}) == [("10", Span.DAY, {2})]


def test_a_class_of_its_own_is_no_release():
    head, other = Post(10, 1, 1, CE1, is_head=True), Post(11, 2, 1, CE1, half_days=frozenset(HALF_DAYS) - {"WED_PM"})
    assert told([head, other], {1: BOTH, 2: BOTH}) == [("10", Span.DAY, {1}), ("11", Span.DAY, {2})]
    teacher, part = Post(10, 1, 1, CE1), Post(11, 2, 1, CE1, half_days=TUESDAY)
    assert told([teacher, part], {1: BOTH}) == [("10", Span.DAY, {1})]  # only a head teacher is released


def test_whoever_has_no_class_is_said():
    head = Post(10, 1, 1, frozenset(), is_head=True)  # wholly released
    assert told([head], {1: BOTH}) == []
    assert why([head], 1) == Why.NO_CLASS
    assert why([], 1) == Why.NO_CLASS


def test_two_whole_classes_of_the_same_levels_stay_two():
    posts = [Post(10, 1, 1, CE1), Post(11, 2, 1, CE1), Post(12, 3, 2, CE1)]
    assert [key for key, _, _ in told(posts, {1: BOTH, 2: BOTH, 3: BOTH})] == ["10", "11", "12"]


POSTS = st.lists(
    st.builds(
        Post,
        pk=st.integers(1, 500),
        person_id=st.integers(1, 12),
        school_id=st.integers(1, 3),
        levels=st.sampled_from([CE1, CE1_CE2, frozenset()]),
        size=st.sampled_from([None, 20]),
        half_days=st.frozensets(st.sampled_from(HALF_DAYS), max_size=6),
        is_head=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda post: post.pk,
)


@given(POSTS, st.randoms())
def test_every_post_with_a_class_is_in_one_class_whatever_the_order(posts, random):
    classes = rules.classes_of(posts)
    held = [post for one in classes for post in one.posts]
    assert sorted(post.pk for post in held) == sorted(post.pk for post in posts if post.has_class)
    random.shuffle(posts)
    assert rules.classes_of(posts) == classes


@given(POSTS, st.dictionaries(st.integers(1, 12), st.sampled_from([BOTH, (AM,), (PM,)])))
def test_needs_are_of_those_who_are_called_and_once_a_class(posts, called):
    found = needs(posts, called, {1: BOTH, 2: (AM,)})
    keys = [one.school_class.key for one in found]
    assert len(keys) == len(set(keys))
    assert all(one.people <= set(called) for one in found)
    assert all(one.school_class.school_id != 3 for one in found)
    assert all(one.span == Span.AM for one in found if one.school_class.school_id == 2)


@pytest.mark.parametrize(
    ("count", "status", "priority", "words"),
    [
        (1, "", Priority.FIRST, "école d’une seule classe"),
        (2, "", Priority.FIRST, "école de 2"),
        (5, "", Priority.NEXT, "école de 5"),
        (12, "REP+", Priority.FIRST, "REP+"),
        (12, "REP", Priority.LAST, "répartis"),
    ],
)
def test_priorities_say_why(count, status, priority, words):
    found, reason = rules.priority_of(count, status)
    assert found == priority
    assert words in reason
