"""Two who write one path at once: one publishes, the other is told; what is published meanwhile does not change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from circo.errors import Refusal
from tests.partnerships.test_placements_races import at_once as race
from tests.trainings.written import draft_of, module_of, step_of
from trainings import documents
from trainings.models import Module, PathVersion, StepDocument, StoredDocument
from trainings.paths.actions import modules, publishing
from trainings.paths.actions.modules import ModuleText
from trainings.paths.rules import VersionState

pytestmark = pytest.mark.django_db(transaction=True)
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def draft(world):
    version = draft_of(world.here, world.trainer)
    step_of(module_of(version))
    return version


def refused(answers) -> list[str]:
    assert not [one for one in answers if isinstance(one, Exception) and not isinstance(one, Refusal)], answers
    return [str(one) for one in answers if isinstance(one, Refusal)]


def both_publish(world, draft):
    people = (world.trainer, world.adviser)
    return [lambda by=by: publishing.publish(version=draft, by=by) for by in people]


def test_one_of_two_who_publish_at_once_is_told(world, draft):
    assert refused(race(both_publish(world, draft))) == ["Cette version est déjà publiée."]
    assert PathVersion.objects.get().state == VersionState.PUBLISHED


def test_without_its_hold_both_would_have_published(world, draft, monkeypatch):
    """The canary: the race above would see it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a time")
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows)
    found = False
    for _ in range(20):
        PathVersion.objects.update(state=VersionState.DRAFT, published_at=None)
        found = found or not refused(race(both_publish(world, draft)))
        if found:
            break
    assert found


def test_one_newer_version_is_prepared(world, draft):
    publishing.publish(version=draft, by=world.trainer)
    acts = [lambda by=by: publishing.prepare(path=draft.path, by=by) for by in (world.trainer, world.adviser)]
    assert len(refused(race(acts))) == 1
    assert draft.path.versions.filter(state=VersionState.DRAFT).count() == 1


def test_a_version_that_is_published_meanwhile_does_not_change(world, draft):
    module = draft.modules.get()

    def rename():
        modules.write(version=draft, module=module, text=ModuleText("Autre", minutes=90), by=world.adviser)

    answers = race([lambda: publishing.publish(version=draft, by=world.trainer), rename])
    told = refused(answers)
    found, version = Module.objects.get(), PathVersion.objects.get()
    assert version.state == VersionState.PUBLISHED
    assert (version.minutes, found.title) == ((30, "Observer") if told else (90, "Autre"))


def test_a_document_sent_while_the_sweep_runs_has_its_file(world, draft):
    step = draft.modules.get().steps.get()
    for _ in range(5):
        documents.keep(step=step, name="a.pdf", content=PDF)
        StepDocument.objects.all().delete()
        StoredDocument.objects.update(kept_at=timezone.now() - timedelta(days=3))
        refused(race([documents.sweep, lambda: documents.keep(step=step, name="a.pdf", content=PDF)]))
        document = StepDocument.objects.get()
        assert default_storage.exists(documents.key_of(document.sha256, "pdf"))
        assert StoredDocument.objects.filter(pk=document.sha256).exists()
