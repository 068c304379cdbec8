"""What a text may hold, whom it mentions, how the line of the film is drawn."""

import itertools
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo import mentions
from circo.errors import Refusal
from videos.discussion import rules
from videos.discussion.rules import Dot

NAMES = {1: "Amina Petit", 2: "Bruno Petit", 3: "Chloé Lefèvre", 4: "Bruno Martin", 5: "Éloi d’Arc"}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("@Amina qu’en penses-tu ?", [1]),
        ("Voir avec @chloe lefevre, puis @AMINA PETIT.", [3, 1]),
        ("@Bruno", []),  # two of them: nobody is called by chance
        ("@Bruno Martin et @Bruno Petit", [4, 2]),
        ("@Aminata", []),
        ("amina@petit", []),
        ("@Éloi d’Arc ! @éloi", [5]),
        ("@ Amina, @", []),
    ],
)
def test_a_name_after_an_at_calls_its_person(text, called):
    assert mentions.mentioned(text, NAMES) == called


def test_more_people_than_one_may_call_is_refused():
    many = {number: f"Prénom{number} Nom" for number in range(1000)}
    text = " ".join(f"@Prénom{number} Nom" for number in range(1000))
    with pytest.raises(Refusal, match="au plus 20"):
        mentions.mentioned(text, many)


def test_a_crowd_of_signs_costs_no_time():
    many = {number: f"Prénom{number} Nom" for number in range(300)}
    before = time.process_time()
    mentions.mentioned("@" * 65536, many)
    mentions.clean("\u202e@a\r\n" * 16384)
    assert time.process_time() - before < 3


@given(st.text(max_size=300))
def test_what_is_cleaned_shows_and_stays_clean(text):
    cleaned = mentions.clean(text)
    assert mentions.clean(cleaned) == cleaned
    assert not mentions.DIRECTIONS.search(cleaned)
    assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in cleaned)


@pytest.mark.parametrize("text", ["", "   ", "\u202e\u2066", "\x00\x07", "\u200b\u200b", "\ud800"])
def test_a_text_that_nobody_sees_is_no_comment(text):
    with pytest.raises(Refusal, match="Écrivez"):
        rules.checked(text)


def test_a_long_text_is_refused_with_both_numbers():
    with pytest.raises(Refusal, match=r"au plus 2000 signes.*65536"):
        rules.checked("a" * 65536)
    assert rules.checked(f" Un\r\nsilence{chr(0x202E)} ") == "Un\nsilence"


@pytest.mark.parametrize(
    ("at_s", "ends_at_s"),
    [
        (-1, None),
        (14, None),
        (math.nan, None),
        (math.inf, None),
        (3, 3),
        (3, 2),
        (3, 99),
        (3, math.nan),
        (3, -math.inf),
    ],
)
def test_places_outside_the_film_are_refused(at_s, ends_at_s):
    with pytest.raises(Refusal):
        rules.check_times(at_s, ends_at_s, duration_s=12)


seconds = st.floats(min_value=0, max_value=3600, allow_nan=False)
dots = st.lists(st.tuples(seconds, st.none() | st.floats(min_value=0.1, max_value=600), st.sampled_from("ABC")))


def drawn(rows) -> list[Dot]:
    made = [Dot(n, at, None if length is None else at + length, kind) for n, (at, length, kind) in enumerate(rows)]
    return sorted(made, key=lambda dot: (dot.at_s, dot.pk))


@given(dots, st.floats(min_value=1, max_value=3600))
def test_marks_hold_every_moment_once_in_order_and_are_few(rows, duration_s):
    line = drawn([row for row in rows if row[0] <= duration_s])
    marks = rules.marks(line, duration_s=duration_s)
    assert [dot for mark in marks for dot in mark.dots] == line
    assert len(marks) <= rules.PLACES + 2
    assert all(mark.at_s == mark.dots[0].at_s for mark in marks)


@given(dots)
def test_bands_cover_the_passages_and_nothing_else(rows):
    line = drawn(rows)
    bands = rules.bands(line)
    for dot in line:
        if dot.ends_at_s is not None:
            assert any(start <= dot.at_s and dot.ends_at_s <= end for start, end in bands[dot.kind])
    for kind, passages in bands.items():
        ends = {dot.ends_at_s for dot in line if dot.kind == kind}
        assert all(end in ends for _, end in passages)
        assert all(before[1] < after[0] for before, after in itertools.pairwise(passages))


def test_a_mark_of_several_kinds_has_none():
    alone, crowd = rules.marks([Dot(1, 0, None, "A"), Dot(2, 50, None, "A"), Dot(3, 50, None, "B")], duration_s=60)
    assert (alone.kind, crowd.kind) == ("A", "")


@pytest.mark.parametrize(
    ("text", "others", "left"),
    [
        ("@Amina Petit, et puis ?", [], "@une personne partie, et puis ?"),
        ("@Amina Jadis, ou @Amina", [], "@une personne partie, ou @une personne partie"),
        ("Merci @amina !", [], "Merci @une personne partie !"),
        ("@AMINA PETIT et @Amina Grand", ["Amina Grand"], "@une personne partie et @Amina Grand"),
        ("@Bruno Petit, @Amina Petit", ["Bruno Petit"], "@Bruno Petit, @une personne partie"),
        ("Amina Petit, sans signe", [], "Amina Petit, sans signe"),
        ("@Aminata", [], "@Aminata"),
        ("", [], ""),
    ],
)
def test_a_name_is_taken_out_of_a_text(text, others, left):
    assert mentions.unnamed(text, ["Amina Petit", "Amina Jadis"], others) == left
