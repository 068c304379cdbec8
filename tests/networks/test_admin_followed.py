"""Meetings and experiments in the admin: lists that answer the team's questions, and nothing of what is private."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from circo.models import Derogation
from networks.meetings.rules import MeetingState, Presence, Way
from networks.models import Attendance, Experiment, ExperimentMove, Meeting
from tests.circo.admin_world import url
from tests.networks.experiment_things import experiment_of
from tests.networks.meetings import begun

TEAM = ("inspector", "adviser", "secretary", "departement", "superuser")


def titles(client, model: type, **asked) -> set[str]:
    """The rows that a list shows for these filters."""
    answer = client.get(url(model, "changelist"), asked)
    assert answer.status_code == 200
    return {row.title for row in answer.context["cl"].result_list}


def held(world, title: str, **fields) -> Meeting:
    return begun(world.here.group, world.amina, title=title, state=MeetingState.HELD, **fields)


def test_meetings_are_found_by_what_they_lack(world, sign_in):
    whole = held(world, "Complète", minutes="On a lu")
    Attendance.objects.create(meeting=whole, person=world.amina, presence=Presence.PRESENT, way=Way.LIST)
    silent = held(world, "Sans compte rendu")
    Attendance.objects.create(meeting=silent, person=world.amina, presence=Presence.PRESENT, way=Way.LIST)
    held(world, "Sans présence", minutes="On a lu")
    ago = timezone.now() - timedelta(days=3)
    begun(world.here.group, world.amina, title="Oubliée", starts_at=ago, ends_at=ago + timedelta(hours=2))
    begun(world.here.group, world.amina, title="En train")
    begun(world.there.group, world.denis, title="Ailleurs", starts_at=ago, ends_at=ago + timedelta(hours=2))
    client = sign_in(world.inspector)
    assert titles(client, Meeting, lacks="held") == {"Oubliée"}
    assert titles(client, Meeting, lacks="minutes") == {"Sans compte rendu"}
    assert titles(client, Meeting, lacks="presence") == {"Sans présence"}
    assert titles(client, Meeting, lacks="x") == set()
    assert titles(client, Meeting, state__exact="PLANNED") == {"Oubliée", "En train"}


def test_experiments_are_found_by_what_they_wait_for(world, sign_in):
    today = timezone.localdate()
    for title, state, due in (
        ("Terminée", "RUNNING", today - timedelta(days=2)),
        ("Qui dure", "RUNNING", today + timedelta(days=20)),
        ("Relue", "REVIEWED", today - timedelta(days=2)),
    ):
        made = experiment_of(world.here.group, world.amina, title=title, state=state, outcome="On lit mieux")
        made.steps.create(title="Premiers binômes", due_on=due)
        made.steps.create(title="Retirée", due_on=today + timedelta(days=90), removed_at=timezone.now())
        ExperimentMove.objects.create(experiment=made, source="IDEA", target="RUNNING", by=world.amina)
    experiment_of(world.here.group, title="Idée")
    bare = experiment_of(world.here.group, title="Reprise", state="REVIEWED", outcome="On lit mieux")
    ExperimentMove.objects.filter(experiment__title="Qui dure").update(at=timezone.now() - timedelta(days=400))
    allowed = Derogation.objects.create(
        district=world.here.district, reference="D1", allows="Tout", starts_on=today, ends_on=today, authority="Recteur"
    )
    Experiment.objects.filter(title="Terminée").update(asks_derogation=True)
    Experiment.objects.filter(title="Relue").update(asks_derogation=True, derogation=allowed)
    client = sign_in(world.inspector)
    assert titles(client, Experiment) == {"Terminée", "Qui dure", "Relue", "Reprise"}, "an idea is the group's own"
    assert titles(client, Experiment, review="due") == {"Terminée"}
    assert titles(client, Experiment, review="old") == {"Qui dure"}
    assert titles(client, Experiment, derogation="waiting") == {"Terminée"}
    assert titles(client, Experiment, derogation="given") == {"Relue"}
    finished = Experiment.objects.get(title="Terminée")
    page = client.get(url(Experiment, "change", finished.pk)).content.decode()
    assert date_format(today, "DATE_FORMAT") in page
    assert date_format(today - timedelta(days=2), "DATE_FORMAT") in page
    assert "None" not in client.get(url(Experiment, "change", bare.pk)).content.decode()
    assert titles(sign_in(world.departement), Experiment) == {"Relue", "Reprise"}


@pytest.mark.parametrize("who", TEAM)
def test_no_page_says_what_is_private(world, sign_in, who):
    secrets = {"agenda": "Odj secret", "minutes": "Cr secret", "link": "https://visio.test/secret"}
    meeting = held(world, "Lire ensemble", **secrets)
    made = experiment_of(
        world.here.group, world.amina, state="REVIEWED", outcome="Bilan secret", objectives="But secret"
    )
    made.entries.create(author=world.amina, on=timezone.localdate(), text="Journal secret")
    client = sign_in(getattr(world, who))
    for row in (meeting, made):
        for address in (url(type(row), "changelist"), url(type(row), "change", row.pk)):
            body = client.get(address).content.decode()
            assert row.title in body
            assert "secret" not in body.replace("secretary", "")
        assert titles(client, type(row), q="secret") == set()


@pytest.mark.parametrize("model", [Meeting, Experiment])
def test_a_list_costs_the_same_for_one_and_many(world, sign_in, model):
    client = sign_in(world.inspector)

    costs = []
    for count in (1, 5):
        for number in range(count):
            held(world, f"Rencontre {number}")
            experiment_of(world.here.group, world.amina, title=f"Essai {number}", state="RUNNING")
        titles(client, model)
        with CaptureQueriesContext(connection) as queries:
            titles(client, model)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 16
