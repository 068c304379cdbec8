"""The pages of a brigade have something to show in the demonstration: roads, an exception, trials, a repair."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from django.utils import timezone

from circo.models import ImportRun, ImportState, Job, JobState, Outcome
from circo.portal.demo import brigade, days
from circo.portal.demo.plan import plan
from circo.portal.demo.writing import write
from events.models import CoverPlan, CoverRepair, CoverTrial, LeavingException, SchoolDistance
from events.trials import queries as trials


@pytest.mark.django_db
def test_what_a_cell_and_an_inspector_do_is_there():
    with time_machine.travel(datetime.fromisoformat("2026-11-26T10:00+02:00"), tick=True):
        write(plan(size="tiny", today=timezone.localdate()))
        days.write()
        brigade.write()
    published = CoverPlan.objects.get(state="PUBLISHED")
    run = ImportRun.objects.get()
    assert (run.state, run.reason) == (ImportState.APPLIED, "")
    assert not run.lines.filter(outcome=Outcome.REFUSED).exists()
    assert SchoolDistance.objects.exists()
    assert LeavingException.objects.standing().exists()
    assert [one.failure for one in CoverTrial.objects.all() if not one.result] == []
    assert {one.kind for one in CoverTrial.objects.all()} == {"LESS", "RESERVE", "LOCK"}
    assert trials.table(published).trials
    repair = CoverRepair.objects.get(state="OPEN")
    assert repair.plan == published
    assert repair.made.proof
    assert not Job.objects.filter(kind__startswith="cover", state=JobState.QUEUED).exists()
