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


def test_a_name_is_still_escaped_in_a_page():
    page = Template("{% load french %}film {{ name|of }}").render(Context({"name": "<b>"}))
    assert page == "film de &lt;b&gt;"
