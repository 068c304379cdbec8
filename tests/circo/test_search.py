"""Search: what is typed finds names, alike on each database, and never beyond the scope."""

import hashlib

import pytest
from django.apps import apps
from django.db.models import CharField, Value
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from circo import registries, search
from circo.models import School, SchoolYear, folding
from circo.models.folding import Fold, fold, words_of
from tests.world import MARK

LATIN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180)])) + "’‘–—\u202f\u2009\u0301\u0327"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Val-de-Reuil", "val de reuil"),
        ("ÉVREUX", "evreux"),
        ("E\u0301vreux", "evreux"),  # as macOS writes it
        ("Cœur", "coeur"),
        ("L’Île d’Yeu", "l ile d yeu"),
        ("Łódź", "lodz"),
        ("50 %_", "50 %_"),
    ],
)
def test_fold(typed, folded):
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=300))
def test_words_are_bounded_whatever_is_typed(text):
    words = words_of(text)
    assert len(words) <= folding.MOST_WORDS
    assert sum(map(len, words)) <= 2 * folding.MOST_CHARACTERS
    assert not any(letter < " " for word in words for letter in word)


def in_database(text):
    return SchoolYear.objects.annotate(folded=Fold(Value(text, output_field=CharField()))).get().folded


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(LATIN, max_size=40))
def test_the_database_folds_as_python_does(world, text):
    assert in_database(text) == fold(text)


def test_the_database_folds_each_letter_as_python_does(world):
    assert in_database(LATIN) == fold(LATIN)


def test_the_letters_are_those_that_the_columns_were_written_with():
    """If you change a letter, make each `folded` column anew in a migration; then write the new digest here."""
    letters = f"{folding.FROM}\n{folding.TO}\n{folding._PAIRS}"
    assert hashlib.sha256(letters.encode()).hexdigest()[:16] == "29d8d2a9da648fce"


def test_no_history_keeps_the_folded_column():
    kept = [model for model in apps.get_models() if model.__name__.startswith("Historical")]
    assert len(kept) > 8
    assert not [model for model in kept if "folded" in {field.name for field in model._meta.get_fields()}]


def test_the_database_folds_again_whatever_writes(world):
    School.objects.filter(pk=world.here.schools[0].pk).update(name="L’Île-d’Éole")
    school = School.objects.get(pk=world.here.schools[0].pk)
    assert school.folded == f"l ile d eole commune 1 {school.uai.lower()}"
    school.name = "Élan"
    School.objects.bulk_update([school], ["name"])
    school.refresh_from_db()
    assert school.folded.startswith("elan ")
    school.name = "Œuf"
    school.save()
    assert school.folded.startswith("oeuf ")


def titles(source, person, text):
    return [found.title for found in source(person, text, 8)]


@pytest.mark.parametrize("typed", ["chloe", "CHLOÉ", "petit chlo", "Chloe  Petit", "ecole.test chloe"])
def test_the_team_finds_people_as_they_type(world, typed):
    assert titles(search.people, world.inspector, typed) == ["Chloé Petit"]


def test_who_begins_with_the_word_comes_first(world):
    world.amina.last_name = "Arnaud"
    world.bruno.last_name = "Bernard"
    world.bruno.first_name = "Renaud"
    world.amina.save()
    world.bruno.save()
    assert titles(search.people, world.inspector, "rnaud") == ["Amina Arnaud"]
    assert titles(search.people, world.inspector, "na")[:2] == ["Amina Arnaud", "Renaud Bernard"]


def test_a_teacher_finds_no_people_and_the_schools_of_the_district(world):
    assert titles(search.people, world.amina, "petit") == []
    assert titles(search.schools, world.amina, "ecole") == ["École 1", "École 2"]
    School.objects.filter(pk=world.here.schools[1].pk).update(commune="Évreux")
    assert titles(search.schools, world.amina, "evreux éco") == ["École 2"]
    assert titles(search.schools, world.amina, world.here.schools[0].uai.lower()) == ["École 1"]


@pytest.mark.parametrize("name", ["amina", "inspector", "departement", "secretary", "substitute", "student"])
@pytest.mark.parametrize("typed", [MARK, "petit", "ecole", "lire", "martin", "e"])
def test_nothing_of_the_other_district_is_ever_found(world, name, typed):
    found = registries.search(getattr(world, name), typed, most=1000)
    assert MARK not in repr(found)


def test_each_result_leads_to_a_page(world, sign_in):
    client = sign_in(world.inspector)
    found = [row for _, rows in registries.search(world.inspector, "e") for row in rows]
    assert len(found) > 5
    assert {client.get(row.url).status_code for row in found} == {200}


@pytest.mark.parametrize(
    "typed", ["", "   ", "\t\n", "\x00", "’’--", "é" * 64_000, "%", "%%", "\\", "' OR 1=1 --", "\ud800"]
)
def test_bad_words_find_nothing_and_break_nothing(world, typed):
    assert registries.search(world.inspector, typed) == []


def test_a_long_paste_is_cut(world):
    assert titles(search.schools, world.inspector, "ecole " * 11_000) == ["École 1", "École 2"]


def test_a_wildcard_is_a_letter(world):
    School.objects.filter(pk=world.here.schools[0].pk).update(name="École 100% verte")
    assert titles(search.schools, world.inspector, "100%") == ["École 100% verte"]
    assert titles(search.schools, world.inspector, "é%e") == []
    assert titles(search.schools, world.inspector, "e_ole") == []


@pytest.mark.parametrize("count", [1, 3])
def test_search_costs_the_same_for_one_row_or_three(world, django_assert_num_queries, count):
    for number in range(count):
        School.objects.create(
            district=world.here.district, uai=f"027010{number}{'ABCDEF'[number]}", name=f"Zola {number}", commune="Lery"
        )
    world.inspector.reach()
    with django_assert_num_queries(1):
        assert len(titles(search.schools, world.inspector, "zola")) == count


def test_school_page_shows_its_team_to_the_team_only(world, sign_in):
    url = reverse("portal:school_page", args=[world.here.schools[0].uai])
    assert "Bruno Petit" in sign_in(world.inspector).get(url).content.decode()
    seen = sign_in(world.amina).get(url).content.decode()
    assert "Commune 1" in seen
    assert "Bruno" not in seen
    assert sign_in(world.denis).get(url).status_code == 404


def test_person_page_is_for_the_team_of_the_district(world, sign_in):
    url = reverse("portal:person_page", args=[world.bruno.pk])
    statuses = {
        name: sign_in(getattr(world, name)).get(url).status_code
        for name in ("inspector", "departement", "amina", "bruno", "inspector_there", "partner_coordinator")
    }
    assert statuses == {
        "inspector": 200,
        "departement": 200,
        "amina": 404,
        "bruno": 404,
        "inspector_there": 404,
        "partner_coordinator": 404,
    }
