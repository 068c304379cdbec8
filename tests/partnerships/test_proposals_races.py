"""Two coordinators accept at once: of two lines for one seat one is written, the other is told; and without guards."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from circo.errors import Refusal
from partnerships.models import ClassPlace, ClassSeat, PlacementDay, PlacementProposal, ProposalLine, SchoolPlace
from partnerships.placements import holding, seating
from partnerships.proposals.actions import taking
from partnerships.proposals.rules import LineState
from tests.partnerships.placed import DAYS, Stage

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one at a time"),
    pytest.mark.usefixtures("in_november"),
]


@pytest.fixture
def stage(world) -> Stage:
    made = Stage(world)
    made.offer.seats = 1
    made.offer.save()
    return made


def lines(stage) -> list[ProposalLine]:
    """Two proposals, of one coordinator each, that give the same last seat to two students."""
    found = []
    for student in (stage.ines, stage.student("Paul")):
        proposal = PlacementProposal.objects.create(
            institution=stage.cohort.institution, first_on=DAYS[0].day, last_on=DAYS[-1].day, observation=1
        )
        days = {"OBSERVATION": [DAYS[0].code]}
        found.append(proposal.lines.create(student=student, offer=stage.offer, days=days))
    return found


def accept_at_once(chosen, people) -> list[str]:
    """Each accepts a line in a thread of its own, all starting together; return what each was told."""
    told, start = [], threading.Barrier(len(chosen))

    def run(line, by):
        try:
            start.wait(timeout=20)
            taking.accept(line, by)
            told.append("")
        except Refusal as refusal:
            told.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in zip(chosen, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(told)


def test_of_two_lines_for_the_last_seat_one_is_written_and_the_other_is_told(stage):
    told = accept_at_once(lines(stage), [stage.by, stage.by])
    assert told[0] == ""
    assert "plus de place" in told[1]
    assert sorted(ProposalLine.objects.values_list("state", flat=True)) == [LineState.ACCEPTED, LineState.OPEN]
    assert ProposalLine.objects.get(state=LineState.OPEN).said == told[1]
    assert PlacementDay.objects.standing().count() == ClassSeat.objects.count() == 1


def test_one_line_that_two_accept_is_written_once(stage):
    line = lines(stage)[0]
    assert accept_at_once([line, line], [stage.by, stage.by]) == ["", ""]
    assert PlacementDay.objects.standing().count() == ClassSeat.objects.count() == 1


def test_canary_without_any_guard_two_have_the_last_seat(stage, monkeypatch):
    """Rows are not held, and the database lets anything be taken twice: both believe the seat theirs."""
    both = threading.Barrier(2)
    real = seating.openings.taken_seats

    def seen_together(*asked):
        found = real(*asked)
        both.wait(timeout=20)
        return found

    chosen = lines(stage)
    monkeypatch.setattr(holding, "_in_order", lambda *_: None)
    monkeypatch.setattr(seating.openings, "taken_seats", seen_together)
    models = (ClassSeat, ClassPlace, SchoolPlace)
    unique = [(model, one) for model in models for one in model._meta.constraints if hasattr(one, "deferrable")]
    with connection.schema_editor() as editor:
        for model, one in unique:
            editor.remove_constraint(model, one)
    try:
        assert accept_at_once(chosen, [stage.by, stage.by]) == ["", ""]
        assert ClassSeat.objects.filter(number=1).count() == 2
    finally:
        for model in models:
            model.objects.all().delete()
        with connection.schema_editor() as editor:
            for model, one in unique:
                editor.add_constraint(model, one)
