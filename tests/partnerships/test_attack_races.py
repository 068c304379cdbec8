"""One button pressed twice, or by two hands: one row, the other reads why; nothing breaks. Both databases."""

from __future__ import annotations

import pytest
import time_machine

from circo.errors import Refusal
from circo.models import Person
from partnerships.agreements import actions as agreements
from partnerships.models import PartnerAgreement, PlacementReview, PlacementTerms, Student
from partnerships.papers import actions as papers
from partnerships.placements.actions import notes
from partnerships.students import actions as students
from tests.partnerships.partner import agreement_of, terms_of
from tests.partnerships.placed import DAYS, NOW, Stage
from tests.partnerships.test_placements_races import AT_ONCE, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _in_november():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def stage(world):
    return Stage(world)


def broken(answers) -> list:
    return [one for one in answers if isinstance(one, Exception) and not isinstance(one, Refusal)]


def test_a_newcomer_added_twice_at_once_is_there_once(stage):
    who = {"email": "nouvelle@univ.test", "first_name": "Nina", "last_name": "Neuve"}
    answers = at_once(
        [lambda: students.add(cohort=stage.cohort, status=stage.status, by=stage.by, **who) for _ in range(AT_ONCE)]
    )
    assert not broken(answers)
    assert Person.objects.filter(email=who["email"]).count() == 1
    assert Student.objects.filter(person__email=who["email"]).count() == 1


def test_the_first_words_of_a_review_twice_at_once(stage):
    of = stage.published(DAYS[0]).students.get()
    said = {"of": of, "strengths": "La voix", "next_steps": "", "by": stage.host}
    assert not broken(at_once([lambda: notes.write_review(**said) for _ in range(AT_ONCE)]))
    assert PlacementReview.objects.count() == 1


def test_the_text_of_a_course_twice_at_once(stage):
    row = terms_of(stage.cohort.programme)
    fields = {
        field.name: getattr(row, field.name) for field in PlacementTerms._meta.concrete_fields if field.name != "id"
    }
    row.delete()
    answers = at_once([lambda: papers.write_terms(terms=PlacementTerms(**fields), by=stage.by) for _ in range(AT_ONCE)])
    assert not broken(answers)
    assert PlacementTerms.objects.count() == 1


def test_the_agreement_of_a_year_twice_at_once(stage):
    row = agreement_of(stage.ground)
    fields = {
        field.name: getattr(row, field.name) for field in PartnerAgreement._meta.concrete_fields if field.name != "id"
    }
    row.delete()
    answers = at_once(
        [lambda: agreements.write(agreement=PartnerAgreement(**fields), by=stage.by) for _ in range(AT_ONCE)]
    )
    assert not broken(answers)
    assert PartnerAgreement.objects.count() == 1
