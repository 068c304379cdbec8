"""Certificates of presence, each under a code that anybody may check, and the table of presences."""

from __future__ import annotations

from datetime import time

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo import jobs
from circo.errors import Refusal
from circo.models import IssuedDocument, Job, LetterBatch, Notice
from events.signing import actions, certificates, queries
from events.signing.rules import Stay, Way
from tests.events.days import called, today_of
from tests.events.test_signing import DAY, MORNING, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(DAY.replace(hour=16, tzinfo=timezone.get_default_timezone()), tick=True):
        yield


@pytest.fixture
def day(world):
    """Amina was there all day, Bruno late in the morning and not after; Chloé did not come."""
    made = today_of(world.here, world.inspector, **MORNING, afternoon_ends=time(16, 30), counting="COUNTS")
    amina, bruno, _ = called(made, world.amina, world.bruno, world.chloe)
    for half in ("AM", "PM"):
        actions.record(day=made, half=half, shown=[amina.pk], present=[amina.pk], way=Way.LIST, by=world.adviser)
    actions.note_stay(convocation=bruno, half="AM", stay=Stay(arrived_at=time(10)), by=world.adviser)
    return actions.hold(day=made, by=world.adviser)


def letters(day):
    lines = queries.lines_of(day, queries.called(day))
    return {one.name: one for one in certificates.certificates(day, lines, queries.presences_of(day))}


def certificate_of(day, person):
    return day.convocations.get(person=person).certificate


def test_who_came_is_certified_for_how_long_they_were_there(world, day):
    assert actions.certify(day=day, by=world.secretary) == 2
    found = letters(day)
    assert set(found) == {str(world.amina), str(world.bruno)}
    amina, bruno = found[str(world.amina)], found[str(world.bruno)]
    assert (amina.hours, amina.result) == ("6\u00a0h", "suivie en entier")
    assert (bruno.hours, bruno.result) == ("2\u00a0h", "suivie en partie")
    assert amina.hours_of_18 == "6\u00a0h"
    assert world.here.schools[0].name in amina.quality


def test_the_batch_and_one_s_own_and_the_public_check(world, day, sign_in, client):
    page = sign_in(world.secretary).post(url("certificate_letters", day), follow=True)
    batch = LetterBatch.objects.get()
    assert page.redirect_chain[-1][0] == reverse("documents:batch_page", args=[batch.pk])
    assert batch.letter_count == 2
    jobs.run(Job.objects.get(subject_id=str(batch.pk)).pk)
    batch.refresh_from_db()
    assert batch.state == "READY"
    amina = sign_in(world.amina)
    assert "Mon attestation de présence" in amina.get(url("day_page", day)).text
    assert amina.get(url("certificate_pdf", day)).content.startswith(b"%PDF")
    assert Notice.objects.filter(kind="day-certified").count() == 2
    code = certificate_of(day, world.amina).code
    assert str(world.amina) in client.get(reverse("documents:verify_document", args=[code])).text
    chloe = sign_in(world.chloe)
    assert "Mon attestation" not in chloe.get(url("day_page", day)).text
    assert chloe.get(url("certificate_pdf", day)).status_code == 404


def test_twice_issues_nothing_more(world, day):
    actions.certify(day=day, by=world.secretary)
    codes = {one.code for one in letters(day).values()}
    assert actions.certify(day=day, by=world.inspector) == 0
    assert {one.code for one in letters(day).values()} == codes
    assert IssuedDocument.objects.filter(kind="Attestation de présence").count() == 2


def test_a_presence_that_changes_voids_its_certificate(world, day):
    actions.certify(day=day, by=world.secretary)
    amina, bruno = certificate_of(day, world.amina), certificate_of(day, world.bruno)
    held = day.convocations.get(person=world.amina)
    actions.note_stay(convocation=held, half="PM", stay=Stay(left_at=time(15)), by=world.adviser)
    amina.refresh_from_db()
    bruno.refresh_from_db()
    assert (bool(amina.withdrawn_at), bruno.withdrawn_at) == (True, None)
    assert str(world.amina) not in letters(day)
    actions.certify(day=day, by=world.secretary)
    assert letters(day)[str(world.amina)].hours == "4\u00a0h\u00a030"
    actions.record(day=day, half="AM", shown=[held.pk], present=[], way=Way.LIST, by=world.adviser)
    assert certificate_of(day, world.amina) is None


def test_a_day_that_was_not_held_certifies_nothing(world, day):
    actions.certify(day=day, by=world.secretary)
    actions.unhold(day=day, by=world.adviser)
    assert not IssuedDocument.objects.filter(kind="Attestation de présence", withdrawn_at=None).exists()
    with pytest.raises(Refusal, match="a eu lieu"):
        actions.certify(day=day, by=world.secretary)


def test_who_convenes_certifies(world, day, sign_in):
    for who in (world.adviser, world.amina, world.inspector_there):
        with pytest.raises(Refusal, match="délivrent"):
            actions.certify(day=day, by=who)
    assert sign_in(world.adviser).post(url("certificate_letters", day)).status_code == 404
    assert "Délivrer les attestations" not in sign_in(world.adviser).get(url("day_page", day)).text
    assert "Délivrer les attestations" in sign_in(world.secretary).get(url("day_page", day)).text


# --- The table --------------------------------------------------------------------------------------------------------
def test_the_table_says_who_was_there_and_runs_no_formula(world, day, sign_in):
    world.amina.last_name = "=SUM(A1)"
    world.amina.save()
    answer = sign_in(world.adviser).get(url("presence_export", day))
    table = answer.content.decode("utf-8-sig").splitlines()
    assert table[0].startswith('"nom";"prénom";"école"')
    assert any(line.startswith('"\'=SUM(A1)"') and line.endswith('"360"') for line in table)
    (late,) = [line for line in table if f'"{world.bruno.first_name}"' in line]
    assert '"présent·e";"10:00"' in late
    assert '"absent·e"' in late
    assert len(table) == 4
    assert answer["Content-Disposition"].endswith('presences-2027-03-18.csv"')


@pytest.mark.parametrize("count", [1, 4])
def test_the_table_costs_the_same_queries(world, day, count, django_assert_num_queries):
    called(day, *[world.trainer, world.head_teacher, world.adviser, world.secretary][:count])
    with django_assert_num_queries(3):
        assert len(queries.exported(day)) == 4 + count
