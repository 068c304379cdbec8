from datetime import date, timedelta

import pytest

from circo.dates import day_in_words
from circo.portal import rules

TODAY = date(2026, 11, 23)  # a Monday


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 12, 1), "1er décembre"),
        (date(2026, 12, 2), "2 décembre"),
        (date(2027, 2, 28), "28 février 2027"),
        (date(2025, 8, 1), "1er août 2025"),
    ],
)
def test_a_day_is_said_as_one_says_it(day, words):
    assert day_in_words(day, TODAY) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "attendu depuis le 22 novembre"),
        (0, "aujourd’hui"),
        (1, "demain"),
        (2, "pour mercredi"),
        (6, "pour dimanche"),
        (7, "pour le 30 novembre"),
        (40, "pour le 2 janvier 2027"),
    ],
)
def test_a_deadline_in_words(days, words):
    assert rules.deadline_in_words(TODAY + timedelta(days), TODAY) == words


def test_no_deadline_is_ones_own_pace():
    assert rules.deadline_in_words(None, TODAY) == ""
    assert not rules.is_pressing(None, TODAY)


@pytest.mark.parametrize(("days", "pressing"), [(-3, True), (0, True), (2, True), (3, False)])
def test_pressing(days, pressing):
    assert rules.is_pressing(TODAY + timedelta(days), TODAY) is pressing


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (1, "Une chose vous attend."),
        (3, "Trois choses vous attendent."),
        (10, "Dix choses vous attendent."),
        (11, "11 choses vous attendent."),
    ],
)
def test_things_in_words(count, sentence):
    assert rules.things_in_words(count) == sentence
