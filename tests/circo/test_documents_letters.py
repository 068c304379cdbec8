"""Every kind of letter: accessible, complete, and safe whatever its fields hold."""

from dataclasses import fields, is_dataclass, replace
from datetime import date, time

import pytest

from circo.documents import letters, rules
from circo.documents.engine import FOLDER
from circo.documents.letters import Letter
from circo.documents.rules import Slot
from tests.circo.letters import AGREEMENT, ALL, CERTIFICATE, CONVOCATION, COVER_PLAN, MISSION_ORDER, SIGN_IN
from tests.documents import elements, faults, feet, opened, text_of

NAMES = [letter.template for letter in ALL]
HOSTILE = "]#eval(1) *x* \\ $y$ <z> @w « £"


def filled_with(value, number):
    """The same value with each text replaced by a hostile one that its number tells apart."""
    if isinstance(value, str):
        number[0] += 1
        return f"§{number[0]}§{HOSTILE}"
    if isinstance(value, tuple):
        return tuple(filled_with(inner, number) for inner in value)
    if is_dataclass(value) and not isinstance(value, Slot):
        changed = {
            field.name: filled_with(getattr(value, field.name), number)
            for field in fields(value)
            if field.name != "code" and getattr(value, field.name) != ""
        }
        return replace(value, **changed)
    return value


@pytest.mark.parametrize("letter", ALL, ids=NAMES)
def test_each_letter_is_accessible(letter):
    pdf = letter.pdf()
    assert faults(pdf) == []
    kinds = [kind for kind, _, _ in elements(pdf)]
    assert kinds.count("/H1") == 1
    assert ("/Table" in kinds) == ("/TH" in kinds), "a table says what its columns are"
    assert str(opened(pdf).docinfo.Title) == rules.readable(letter.title)
    assert all("page 1 / " in foot for foot in feet(pdf)[:1])


@pytest.mark.parametrize("letter", ALL, ids=NAMES)
def test_each_field_is_printed_as_it_was_typed(letter):
    number = [0]
    signed = letter.template in ("convocation", "mission_order", "attendance_certificate")
    hostile = filled_with(letter if signed else replace(letter, sender=None), number)
    pdf = hostile.pdf()
    text = text_of(pdf)
    missing = [n for n in range(1, number[0] + 1) if f"§{n}§{rules.readable(HOSTILE)}" not in text]
    assert not missing, f"{len(missing)} fields are not printed: {missing}"
    assert faults(pdf) == []


@pytest.mark.parametrize("letter", ALL, ids=NAMES)
def test_a_letter_with_little_to_say_stands(letter):
    bare = {
        field.name: field.default
        for field in fields(letter)
        if isinstance(field.default, str | tuple | bool | int | None) and field.name != "code"
    }
    pdf = replace(letter, **bare).pdf()
    assert faults(pdf) == []
    assert "None" not in text_of(pdf)


def test_every_kind_has_its_template_and_its_letter():
    kinds = {kind.template: kind.__module__ for kind in Letter.__subclasses__()}
    files = {file.stem for file in FOLDER.glob("*.typ")} - {"main", "layout"}
    assert set(kinds) <= files
    assert {name for name, module in kinds.items() if module.startswith("circo.")} == {*NAMES, "recording_consent"}


def test_a_convocation_says_all_that_it_must():
    text = text_of(CONVOCATION.pdf())
    for must in (
        "Réf.\u00a0: 26A0270123",
        "Madame Amina Petit",
        "École Jean-Moulin (0271300S)",
        "Objet\u00a0: convocation – première journée des partages de l’innovation",
        "Mardi 17\u00a0novembre\u00a02026, de 9\u00a0h à 12\u00a0h et de 13\u00a0h\u00a030 à 16\u00a0h\u00a030",
        "vaut ordre de mission, sans frais",
        "sur le temps de classe",
        "Karim Benali vous remplace",
        "avant le 9\u00a0novembre\u00a02026",
        "s/c de Monsieur le directeur",
        "agréer, Madame,",
        "L’inspectrice de l’éducation nationale",
        "Hélène Martin",
    ):
        assert must in text, must


def test_a_convocation_that_is_no_order_is_an_invitation():
    letter = replace(
        CONVOCATION, is_mission_order=False, is_replaced=False, addressee=letters.Addressee(name="A. Petit")
    )
    text = text_of(letter.pdf())
    assert "ne vaut pas ordre de mission" in text
    assert "aucun remplacement" in text.lower()
    assert "Madame, Monsieur," in text
    assert letter.title == "Invitation"
    assert "pris en charge par la DSDEN" in text_of(replace(CONVOCATION, costs_borne_by="la DSDEN").pdf())
    assert "otre remplacement est assuré" in text_of(replace(CONVOCATION, substitute="").pdf())


def test_a_standing_mission_order_says_until_when():
    letter = replace(
        MISSION_ORDER,
        valid_from=date(2026, 9, 1),
        valid_until=date(2027, 8, 31),
        area="l’Eure",
        vehicle="",
        costs_borne_by="",
    )
    text = text_of(letter.pdf())
    assert letter.title == "Ordre de mission permanent"
    assert "Du 1er\u00a0septembre\u00a02026 au 31\u00a0août\u00a02027" in text
    assert "Non autorisé" in text
    assert "Sans frais" in text


def test_a_sign_in_sheet_of_two_hundred_repeats_its_headings():
    letter = replace(SIGN_IN, people=tuple(letters.Present(f"Personne {n}", "École") for n in range(200)))
    pdf = letter.pdf()
    assert len(opened(pdf).pages) > 8
    assert faults(pdf) == []
    assert all(f"Personne {n}" in text_of(pdf) for n in (0, 99, 199))


def test_an_uncovered_class_says_why():
    text = text_of(COVER_PLAN.pdf())
    assert "Classes sans remplaçant (1)" in text
    assert "aucun titulaire libre" in text
    assert "sans remplaçant" not in text_of(replace(COVER_PLAN, rows=COVER_PLAN.rows[:1]).pdf())


def test_everybody_signs_an_agreement():
    text = text_of(AGREEMENT.pdf())
    assert text.count("Signature\u00a0:") == 6
    assert "Journées en responsabilité" not in text
    assert "Journées en responsabilité" in text_of(replace(AGREEMENT, legal_basis="Arrêté du 1er juin.").pdf())


def test_a_certificate_carries_its_code():
    assert "7K3M-9QXD-2VHC-8TBN-4WZJ-5RGF-6PYE" in text_of(CERTIFICATE.pdf())
    assert feet(CERTIFICATE.pdf())[0].startswith("Circonscription de Val-de-Reuil · code 7K3M")


def test_the_hours_of_one_day_make_one_line():
    day, next_day = date(2026, 11, 17), date(2026, 11, 18)
    slots = [Slot(next_day, time(9), time(12)), Slot(day, time(13), time(16)), Slot(day, time(9), time(12))]
    assert [line.replace("\u00a0", " ") for line in rules.days(slots)] == [
        "mardi 17 novembre 2026, de 9 h à 12 h et de 13 h à 16 h",
        "mercredi 18 novembre 2026, de 9 h à 12 h",
    ]
