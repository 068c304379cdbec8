"""Paths for tests, as their authors would have written them."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from circo.models import Person
from tests.world import Ground
from trainings.models import LearningPath, Module, PathVersion, Step
from trainings.paths.rules import StepKind, VersionState


def draft_of(ground: Ground, author: Person | None = None, mark: str = "", **fields: Any) -> PathVersion:
    """A path of a district with its first draft, and nothing in it yet."""
    path = LearningPath.objects.create(district=ground.district, created_by=author)
    return PathVersion.objects.create(path=path, **{"title": f"Mener une dictée négociée{mark}"} | fields)


def module_of(version: PathVersion, title: str = "Observer", **fields: Any) -> Module:
    """One module after the others of a version."""
    return Module.objects.create(version=version, title=title, rank=version.modules.count() + 1, **fields)


def step_of(module: Module, kind: StepKind = StepKind.READING, title: str = "Lire", **fields: Any) -> Step:
    """One step after the others of a module."""
    rank = module.steps.count() + 1
    return Step.objects.create(module=module, **{"kind": kind, "title": title, "rank": rank, "text": "Lisez."} | fields)


def publish(version: PathVersion) -> PathVersion:
    """Publish a version as it stands, whatever a check would say of it."""
    version.state, version.published_at = VersionState.PUBLISHED, timezone.now()
    version.minutes = sum(version.modules.values_list("minutes", flat=True))
    version.save()
    return version
