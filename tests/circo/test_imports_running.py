"""The work behind an import: written by whole chunks, once, under the lease; then forgotten in time."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from circo import jobs
from circo.imports import actions, queries, running
from circo.models import (
    ImportLine,
    ImportRun,
    ImportState,
    Invitation,
    Job,
    Outcome,
    OutgoingMail,
    Person,
    School,
)
from circo.models import import_kinds as kinds
from tests import world as world_module
from tests.imports import A, file, tried, work


@pytest.fixture
def run(world) -> ImportRun:
    return tried(world)


def test_writing_checks_again(world, run):
    """Between the dry run and the writing, the school was created elsewhere: the line is refused, not the file."""
    School.objects.create(uai=A, name="Autre", commune="X", district=world.there.district)
    actions.apply(run=run, by=world.inspector)
    work(running.APPLY)
    run.refresh_from_db()
    assert run.counts == {"REFUSED": 2, "CREATED": 0, "CHANGED": 0, "SAME": 0, "IGNORED": 0}
    assert School.objects.get(uai=A).district == world.there.district


def test_who_has_lost_the_right_meanwhile_writes_nothing(world, run):
    actions.apply(run=run, by=world.inspector)
    world.inspector.postings.update(ends_on=timezone.localdate() - timedelta(days=1))
    work(running.APPLY)
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED
    assert "ne pouvez pas, ou plus" in run.reason
    assert not School.objects.filter(uai=A).exists()


def big(count: int) -> str:
    rows = [f"p{n}@ecole.test;Nom{n};Prénom;professeur;{world_module.uai('27', 1)}" for n in range(count)]
    return "\n".join(["e-mail;nom;prénom;rôle;uai", *rows])


@pytest.fixture
def people_run(world) -> ImportRun:
    started = actions.start(
        kind=ImportRun.Kind.PEOPLE, place=world.here.district, file=file(big(450), "p.csv"), by=world.inspector
    )
    work(running.CHECK)
    actions.apply(run=started, by=world.inspector)
    return started


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_leaves_whole_lines_and_the_next_goes_on(world, people_run, monkeypatch):
    real = kinds.kind_of(ImportRun.Kind.PEOPLE).importer.write
    written = []

    def dies_in_the_second_chunk(lines, authority):
        real(lines, authority)
        written.append(len(lines))
        if len(written) == 2:
            raise RuntimeError("the power is cut")

    monkeypatch.setattr(kinds.kind_of(ImportRun.Kind.PEOPLE).importer, "write", dies_in_the_second_chunk)
    work(running.APPLY)
    assert Person.objects.filter(email__startswith="p", email__endswith="@ecole.test").count() == 200
    monkeypatch.undo()
    Job.objects.filter(kind=running.APPLY).update(not_before=None)
    work(running.APPLY)
    people_run.refresh_from_db()
    assert people_run.state == ImportState.APPLIED
    assert people_run.counts[Outcome.CREATED] == 450
    assert Person.history.filter(email__regex=r"^p\d+@").count() == 450


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_lease_writes_nothing_more(world, people_run, monkeypatch):
    real = jobs.Run.report

    def robbed(self, share):
        if share > running.PLANNING_SHARE:
            Job.objects.filter(pk=self.job_id).update(epoch=self.epoch + 1)
        real(self, share)

    monkeypatch.setattr(jobs.Run, "report", robbed)
    work(running.APPLY)
    assert not Person.objects.filter(email__regex=r"^p\d+@").exists()
    assert not ImportLine.objects.filter(written=True).exists()


def written_with_invitations(world, content) -> ImportRun:
    started = actions.start(
        kind=ImportRun.Kind.PEOPLE,
        place=world.here.district,
        file=file(content, "p.csv"),
        send_invitations=True,
        by=world.inspector,
    )
    work(running.CHECK)
    assert not Invitation.objects.filter(created_at__gte=started.started_at).exists()
    actions.apply(run=started, by=world.inspector)
    work(running.APPLY)
    work(running.INVITE)
    return started


def test_invitations_leave_once_for_those_who_have_no_account_yet(world):
    uai = world_module.uai("27", 1)
    more = f"\namina@ecole.test;Petit;Amina;PE;{uai}\ndenis@ecole.test;P;D;PE;{uai}\nx@ecole;;;;"
    started = written_with_invitations(world, big(2) + more)
    assert list(Invitation.objects.values_list("person__email", flat=True).order_by("pk")) == [
        "p0@ecole.test",
        "p1@ecole.test",
    ]
    notes = {line.number: line.notes for line in started.lines.all()}
    assert notes[2][-1] == notes[3][-1] == "Invitation envoyée"
    assert "Invitation envoyée" not in notes[4] + notes[5]
    again = written_with_invitations(world, big(2) + more)  # nothing to write, and yet one may ask for it
    again.refresh_from_db()
    assert queries.lines_to_write(again) == 4
    assert again.lines.get(number=2).notes == []
    assert Invitation.objects.count() == OutgoingMail.objects.count() == 2


def test_no_invitation_leaves_unasked(world, people_run):
    work(running.APPLY)
    work(running.INVITE)
    assert not Invitation.objects.exists()


def test_files_and_reports_do_not_stay_for_ever(world, run, django_capture_on_commit_callbacks):
    stored = Path(run.file.path)
    running.purge()
    run.refresh_from_db()
    assert run.state == ImportState.CHECKED
    after_a_week = timezone.now() + running.FILE_KEPT + timedelta(hours=1)
    with time_machine.travel(after_a_week), django_capture_on_commit_callbacks(execute=True):
        running.purge()
        running.purge()
    run.refresh_from_db()
    assert (run.state, run.file.name, run.lines.count()) == (ImportState.DROPPED, "", 2)
    assert not stored.exists()
    with time_machine.travel(timezone.now() + running.LINES_KEPT + timedelta(hours=1)):
        running.purge()
    assert not run.lines.exists()


def test_a_stored_file_has_a_name_that_nobody_guesses(world, run):
    name = Path(run.file.name)
    assert name.parent == Path("imports")
    assert uuid.UUID(name.stem)
    odd = ImportRun(kind=ImportRun.Kind.SCHOOLS, district=world.here.district)
    odd.file.save("../../etc/passwd.<b>", ContentFile(b"x"))
    assert Path(odd.file.name).parent == Path("imports")
