"""The festival of the demonstration is published, whatever the day on which one starts it."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from circo.portal.demo import festival
from circo.portal.demo.plan import plan
from circo.portal.demo.writing import write
from events.festival.rules import FestivalState
from events.models import Festival, SeatBooking


@pytest.mark.django_db
@pytest.mark.parametrize("on", ["2026-09-01", "2026-11-26", "2027-06-10", "2027-07-02"])
def test_whatever_the_day(on):
    with time_machine.travel(datetime.fromisoformat(f"{on}T10:00+02:00"), tick=True):
        write(plan(size="tiny", today=timezone.localdate()))
        festival.write()
    if on == "2027-07-02":  # June is past
        assert not Festival.objects.exists()
        return
    held = Festival.objects.get()
    assert (held.state, held.first_day.month, held.first_day.weekday()) == (FestivalState.PUBLISHED, 6, 5)
    assert set(SeatBooking.objects.values_list("state", flat=True)) == {"HELD", "CONFIRMED", "WAITING"}
