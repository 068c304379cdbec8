"""The cross-observations of the demonstration stand in several states."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from circo.portal.demo import hosting, observing, partner, visiting
from circo.portal.demo.plan import plan
from circo.portal.demo.writing import write
from networks.models import Visit
from partnerships.models import CrossingPlan, PeerObservation


@pytest.mark.django_db
def test_observations_stand_in_several_states():
    with time_machine.travel(datetime.fromisoformat("2026-11-26T10:00+02:00"), tick=True):
        write(plan(size="tiny", today=timezone.localdate()))
        visiting.fill()
        partner.write()
        hosting.write()
        observing.write()
        assert CrossingPlan.objects.get(kind="SITES").lines.exists()
        assert PeerObservation.objects.between_sites().exists()
        states = set(PeerObservation.objects.values_list("state", flat=True))
        assert {"PROPOSED", "ACCEPTED"} <= states
        assert Visit.objects.filter(state="CONFIRMED").exists()


@pytest.mark.django_db
def test_in_the_holidays_nothing_is_written():
    with time_machine.travel(datetime.fromisoformat("2027-07-03T10:00+02:00"), tick=True):
        write(plan(size="tiny", today=timezone.localdate()))
        partner.write()
        hosting.write()
        observing.write()
        assert not PeerObservation.objects.exists()
