"""What a French sentence does to a name."""

import pytest
from django.template import Context, Template

from circo import french


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Amina", "d’Amina"),
        ("Élodie", "d’Élodie"),
        ("A. B.", "d’A. B."),
        ("Œdipe", "d’Œdipe"),
        ("Bruno", "de Bruno"),
        ("Hugo", "de Hugo"),
        ("Yann", "de Yann"),
        ("", "de "),
    ],
)
def test_de_before_a_vowel_loses_its_own(name, said):
    assert french.of(name) == said


@pytest.mark.parametrize(
    ("count", "endings", "ending"),
    [
        (0, "s", ""),
        (1, "s", ""),
        (1.5, "s", ""),
        (2, "s", "s"),
        ("1", "s", ""),
        ("12", "s", "s"),
        ([], "s", ""),
        (["a", "b"], "s", "s"),
        (0, "t,ent", "t"),
        (3, "t,ent", "ent"),
    ],
)
def test_the_plural_begins_at_two(count, endings, ending):
    assert french.ending(count, endings) == ending


def test_every_page_writes_it_so_without_asking():
    assert Template("{{ n }} message{{ n|pluralize }}").render(Context({"n": 0})) == "0 message"


def test_a_name_is_still_escaped_in_a_page():
    page = Template("{% load french %}film {{ name|of }}").render(Context({"name": "<b>"}))
    assert page == "film de &lt;b&gt;"
