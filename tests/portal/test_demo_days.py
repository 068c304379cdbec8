"""The sharing day of the demonstration is there, whatever the day on which one starts it."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from circo.portal.demo import days
from circo.portal.demo.plan import plan
from circo.portal.demo.writing import write
from events.days.rules import DayState
from events.evaluation.queries import results
from events.models import Convocation, SharingDay


@pytest.mark.django_db
@pytest.mark.parametrize("on", ["2026-09-01", "2026-11-26", "2027-05-05", "2027-07-10"])
def test_whatever_the_day(on):
    with time_machine.travel(datetime.fromisoformat(f"{on}T10:00+02:00"), tick=True):
        write(plan(size="tiny", today=timezone.localdate()))
        days.write()
    coming = SharingDay.objects.filter(state=DayState.PUBLISHED)
    past = SharingDay.objects.filter(state=DayState.CLOSED)
    assert past.exists() is (on != "2026-09-01")  # the year begins that day
    assert coming.exists() is (on != "2027-07-10")  # it leaves no date
    if past.exists():
        assert results(past.get()).is_shown
    if not coming.exists():
        return
    assert Convocation.objects.called().filter(person__first_name="Amina", answer="").exists()
