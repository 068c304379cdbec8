"""The pure rules of documents: French spaces, dates in words, what may be printed."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circo.documents import rules


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Objectif : lire ; écrire ! Et compter ?", "Objectif\u00a0: lire\u202f; écrire\u202f! Et compter\u202f?"),
        ("« Lire en GS »", "«\u00a0Lire en GS\u00a0»"),
        ("n° 3, 12 500 élèves, 40 %, 18 €", "n°\u00a03, 12\u00a0500 élèves, 40\u00a0%, 18\u00a0€"),
        ("https://a.example/?x=1 a?b !important", "https://a.example/?x=1 a?b !important"),
        ("un\ndeux\r\ntrois\tquatre", "un\ndeux\ntrois\tquatre"),
        ("nul\x00 échap\x1b[31m cloche\x07", "nul\ufffd échap\ufffd[31m cloche\ufffd"),
        ("\u202egauche\u202c \u2066x\u2069", "gauche x"),
        ("e\u0301", "é"),
        ("\ud800", "\ufffd"),
        ("", ""),
    ],
)
def test_a_text_is_made_ready_to_print(typed, printed):
    assert rules.readable(typed) == printed


@given(st.text())
def test_only_spaces_and_what_cannot_be_printed_change(text):
    printed = rules.readable(text)
    assert rules.readable(printed) == printed

    def ink(words):
        marks = unicodedata.normalize("NFC", words.replace("\r\n", "\n"))
        return [c for c in marks if not c.isspace() and unicodedata.category(c)[0] != "C" and c != rules.UNPRINTABLE]

    assert ink(printed) == ink(rules.readable(text)) == ink(text)


def test_days_hours_and_durations_are_said_in_french():
    assert rules.day(date(2026, 12, 1)) == "1er\u00a0décembre\u00a02026"
    assert rules.weekday(date(2026, 11, 17)) == "mardi 17\u00a0novembre\u00a02026"
    assert [rules.hour(time(9)), rules.hour(time(13, 5))] == ["9\u00a0h", "13\u00a0h\u00a005"]
    assert [rules.duration(minutes) for minutes in (45, 60, 90, 1080)] == [
        "45\u00a0min",
        "1\u00a0h",
        "1\u00a0h\u00a030",
        "18\u00a0h",
    ]


class Colour(StrEnum):
    GREEN = "vert : clair"


@dataclass(frozen=True)
class Thing:
    day: date
    words: tuple[str, ...]


def test_every_kind_of_value_is_typeset():
    made = rules.typeset(
        {
            "none": None,
            "flag": True,
            "count": 3,
            "price": Decimal("12.50"),
            "share": 0.5,
            "zero": 0.0,
            "colour": Colour.GREEN,
            "at": time(9),
            "when": datetime(2026, 11, 17, 9, 0),  # noqa: DTZ001
            "thing": Thing(date(2026, 1, 1), ("a !",)),
        }
    )
    assert made == {
        "none": None,
        "flag": True,
        "count": 3,
        "price": "12,5",
        "share": "0,5",
        "zero": "0",
        "colour": "vert\u00a0: clair",
        "at": "9\u00a0h",
        "when": "17\u00a0novembre\u00a02026",
        "thing": {"day": "1er\u00a0janvier\u00a02026", "words": ["a\u202f!"]},
    }


def test_a_value_without_a_way_to_be_printed_is_refused():
    with pytest.raises(TypeError, match="object cannot be printed"):
        rules.typeset([object()])
