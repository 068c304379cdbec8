"""The papers of placements of the demonstration: what is written and signed, and what is missing."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from circo.models import Person
from circo.portal.demo import hosting, observing, papers, partner, placements
from circo.portal.demo.accounts import DOMAIN
from circo.portal.demo.plan import plan
from circo.portal.demo.writing import write
from partnerships.models import DaySignature, LogEntry, Placement, PlacementReview, PlacementTerms


def _written() -> None:
    write(plan(size="tiny", today=timezone.localdate()))
    for room in (partner, hosting, placements, observing, papers):
        room.write()


@pytest.mark.django_db
def test_a_placement_is_over_signed_but_for_its_last_half_day(client):
    with time_machine.travel(datetime.fromisoformat("2026-11-26T10:00+01:00"), tick=True):
        _written()
        placement = Placement.objects.get(state="ENDED")
        signed = DaySignature.objects.filter(day__placement=placement)
        assert signed.filter(host_at=None).exists()
        assert signed.exclude(host_at=None).exists()
        assert not signed.filter(student_at=None).exists()
        assert PlacementReview.objects.filter(given_at__isnull=False).count() == 1
        assert LogEntry.objects.exists()
        assert PlacementTerms.objects.count() == 1, "the other course waits for its text"
        client.force_login(placement.offer.person)
        assert "À signer" in client.get(reverse("partnerships:hosting")).content.decode()
        client.force_login(Person.objects.get(email=f"institut@{DOMAIN}"))
        lacking = client.get(reverse("partnerships:placement_list"), {"manque": "adulte"})
        assert len(lacking.context["page"].object_list) == 1


@pytest.mark.django_db
def test_who_enters_as_a_head_teacher_has_a_class_to_agree_to_and_somebody_coming(client):
    with time_machine.travel(datetime.fromisoformat("2026-11-26T10:00+01:00"), tick=True):
        write(plan(size="district", today=timezone.localdate()))
        for room in (partner, hosting, placements):
            room.write()
        client.force_login(Person.objects.get(email=f"directrice@{DOMAIN}"))
        assert "Donner mon accord" in client.get(reverse("partnerships:offer_mine")).content.decode()
        assert client.get(reverse("partnerships:hosting")).context["school"]


@pytest.mark.django_db
def test_in_the_first_days_of_a_year_nothing_is_over():
    with time_machine.travel(datetime.fromisoformat("2026-09-01T10:00+02:00"), tick=True):
        _written()
        assert not Placement.objects.filter(state="ENDED").exists()
        assert PlacementTerms.objects.exists()
