"""Courses, statuses and cohorts of an institution: what they refuse, and what a page says of what is missing."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from circo.errors import Refusal
from partnerships.cohorts import rules
from partnerships.cohorts.rules import DayKind
from partnerships.models import Cohort, Programme, StudentStatus, UniversityPeriod
from tests.partnerships.partner import cohort_of, programme_of, status_of, student_in

HOME = reverse("partnerships:home")
SHORT = {"weeks": "2", "kinds": ["OBSERVATION"], "before_accompanied": "1", "before_responsibility": "1"}


# --- Rules ------------------------------------------------------------------------------------------------------------
@given(st.sets(st.sampled_from(list(DayKind))))
def test_kinds_hold_exactly_when_none_before_them_is_missing(kinds):
    chosen = {kind.value for kind in kinds}
    ordered = [kind.value for kind in DayKind]
    if chosen and chosen == set(ordered[: len(chosen)]):
        rules.check_kinds(chosen)
        assert rules.in_order(chosen) == ordered[: len(chosen)]
    else:
        with pytest.raises(Refusal):
            rules.check_kinds(chosen)


def test_each_model_of_a_course_is_one_that_can_be_saved(world):
    for model in rules.COURSE_MODELS:
        fields = {"weeks": model.weeks, "kinds": list(model.kinds), "name": model.name}
        Programme(institution=world.here.institution, **fields).full_clean()


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_a_coordinator_begins_from_a_model_of_course(world, sign_in):
    client = sign_in(world.partner_coordinator)
    form = client.get(reverse("partnerships:programme_new"), {"modele": "m2e-1"}).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    assert typed["weeks"] == 12
    assert client.post(reverse("partnerships:programme_create"), typed).status_code == 302
    made = Programme.objects.get()
    assert (made.name, made.institution) == ("M2E, 1re année", world.here.institution)
    assert "Commencez par une formation et un statut" in client.get(HOME).content.decode()
    client.post(reverse("partnerships:status_create"), {"name": "Élève fonctionnaire"})
    answer = client.post(
        reverse("partnerships:cohort_create"), {"name": "Groupe A", "programme": made.pk, "school_year": world.year.pk}
    )
    assert answer.url == reverse("partnerships:cohort_page", args=[Cohort.objects.get().pk])
    assert "Groupe A" in client.get(HOME).content.decode()


@pytest.mark.parametrize(
    ("name", "typed", "reason"),
    [
        ("programme_create", {"name": "M2E 1", "weeks": "12", "kinds": ["OBSERVATION"]}, "porte déjà ce nom"),
        ("programme_create", {"name": "B", "weeks": "0", "kinds": ["OBSERVATION"]}, "au moins une semaine"),
        ("programme_create", {"name": "B", "weeks": "41", "kinds": ["OBSERVATION"]}, "au plus 40"),
        ("programme_create", {"name": "B", "weeks": "2", "kinds": ["RESPONSIBILITY"]}, "il manque"),
        ("programme_create", {"name": "B", "weeks": "2", "kinds": []}, "au moins une sorte"),
        ("programme_create", {"name": "", "weeks": "x", "kinds": ["NOTHING"]}, "Choisissez dans la liste"),
        ("status_create", {"name": "Contractuel", "may_be_alone": "on", "legal_text": ""}, "Écrivez le texte"),
        ("status_create", {"name": "Alternant", "legal_text": ""}, "porte déjà ce nom"),
        ("cohort_create", {"name": "Groupe A", "programme": "999999", "school_year": ""}, "Choisissez"),
    ],
)
def test_bad_input_is_said_in_words_and_nothing_typed_is_lost(world, sign_in, name, typed, reason):
    programme_of(world.here)
    status_of(world.here)
    typed = {"before_accompanied": "4", "before_responsibility": "4"} | typed
    answer = sign_in(world.partner_coordinator).post(reverse(f"partnerships:{name}"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert reason in page.replace("\u00a0", " ")
    if typed["name"]:
        assert f'value="{typed["name"]}"' in page
    assert (Programme.objects.count(), StudentStatus.objects.count(), Cohort.objects.count()) == (1, 1, 0)


def test_the_database_refuses_a_status_alone_without_its_text(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        status_of(world.here, legal_text="")


def test_another_institution_names_a_course_alike(world, sign_in):
    programme_of(world.there, name="M2E 1")
    typed = SHORT | {"name": "M2E 1"}
    assert sign_in(world.partner_coordinator).post(reverse("partnerships:programme_create"), typed).status_code == 302


def test_a_cohort_takes_no_course_of_another_institution(world, sign_in):
    foreign = programme_of(world.there)
    programme_of(world.here)
    typed = {"name": "Groupe A", "programme": foreign.pk, "school_year": world.year.pk}
    answer = sign_in(world.partner_coordinator).post(reverse("partnerships:cohort_create"), typed)
    assert answer.status_code == 422
    assert not Cohort.objects.exists()


def test_a_course_shows_its_changes_to_its_own_institution_alone(world, sign_in):
    mine = programme_of(world.here)
    typed = SHORT | {"name": "Autre"}
    url = reverse("partnerships:programme_update", args=[mine.pk])
    assert sign_in(world.partner_coordinator_there).post(url, typed).status_code == 404
    assert sign_in(world.partner_coordinator).post(url, typed).status_code == 302
    assert Programme.objects.get().name == "Autre"


def test_a_change_that_is_refused_stays_under_the_name_that_stands(world, sign_in):
    client = sign_in(world.partner_coordinator)
    for row, typed in (
        (programme_of(world.here), SHORT),
        (status_of(world.here), {}),
        (cohort_of(world.here, " B"), {"school_year": world.year.pk}),
    ):
        name = {"studentstatus": "status"}.get(row._meta.model_name, row._meta.model_name)
        url = reverse(f"partnerships:{name}_update", args=[row.pk])
        answer = client.post(url, typed | {"name": ""})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert f"<h1>{row.name}</h1>" in page
        assert f'action="{url}"' in page


# --- University -------------------------------------------------------------------------------------------------------
def test_a_period_is_taken_away_and_put_back(world, sign_in):
    client, cohort = sign_in(world.partner_coordinator), cohort_of(world.here)
    day = world.year.first_day + timedelta(days=40)
    typed = {"label": "Examens", "starts_on": f"{day}", "ends_on": f"{day + timedelta(days=4)}"}
    client.post(reverse("partnerships:period_add", args=[cohort.pk]), typed)
    period = UniversityPeriod.objects.get()
    answer = client.post(reverse("partnerships:period_remove", args=[period.pk]), follow=True)
    assert not UniversityPeriod.objects.standing().exists()
    undo = reverse("partnerships:period_restore", args=[period.pk])
    assert undo in answer.content.decode()
    client.post(undo)
    assert UniversityPeriod.objects.standing().get() == period


@pytest.mark.parametrize(
    ("label", "first", "last", "reason"),
    [
        ("", 1, 2, "Dites ce qu’il y a"),
        ("Cours", 5, 4, "vient après le premier"),
        ("Cours", -1, 4, "n’est pas de l’année"),
        ("Cours", 1, 300, "au plus 200 jours"),
        ("Cours", None, 4, "Choisissez un jour"),
    ],
)
def test_a_wrong_period_is_refused_in_words(world, sign_in, label, first, last, reason):
    cohort, year = cohort_of(world.here), world.year
    days = ["" if n is None else f"{year.first_day + timedelta(days=n)}" for n in (first, last)]
    url = reverse("partnerships:period_add", args=[cohort.pk])
    answer = sign_in(world.partner_coordinator).post(url, {"label": label, "starts_on": days[0], "ends_on": days[1]})
    assert answer.status_code == 422
    assert reason in answer.content.decode().replace("\u00a0", " ")
    assert not UniversityPeriod.objects.exists()


# --- What is missing --------------------------------------------------------------------------------------------------
def test_a_page_says_what_is_missing_and_costs_the_same_for_one_and_for_twelve(
    world, sign_in, django_assert_max_num_queries, django_assert_num_queries
):
    cohort, status = cohort_of(world.here), status_of(world.here)
    client, url = sign_in(world.partner_coordinator), reverse("partnerships:cohort_page", args=[cohort.pk])
    student_in(cohort, status)
    client.get(url)
    with django_assert_max_num_queries(18) as seen:
        page = client.get(url).content.decode()
    assert "Commune non renseignée\u00a0: 1" in page
    assert "Sans binôme\u00a0: 1" in page
    for number in range(11):
        student_in(cohort, status, name=f"Zoé{number}")
    with django_assert_num_queries(len(seen)):
        page = client.get(url).content.decode()
    assert "Sans binôme\u00a0: 12" in page
