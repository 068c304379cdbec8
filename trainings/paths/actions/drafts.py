"""What every change of a draft goes through: hold it, put its parts in order, take one out and bring it back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core import serializers
from django.db import models, transaction
from django.db.models import Max

from circo.errors import Refusal
from circo.models import Person
from trainings import documents
from trainings.models import (
    LearningPath,
    Module,
    PathVersion,
    Question,
    RemovedPart,
    Statement,
    Step,
    StepDocument,
    StepExcerpt,
)
from trainings.paths import rules
from trainings.paths.rules import VersionState

PUBLISHED = "Cette version ne change plus\u00a0: préparez-en une nouvelle pour la corriger."
NOT_YOURS = "Ce parcours n’est pas, ou plus, de ceux de votre équipe."
GONE = "Ce morceau ne peut plus être remis."


def held(version: PathVersion, by: Person) -> PathVersion:
    """Hold a draft and read it again: two who write it together pass one by one.

    Raises: Refusal if it was published, or is none of those that this person writes.
    """
    rows = PathVersion.objects.editable_by(by).select_for_update(of=("self",)).select_related("path")
    found = rows.filter(pk=version.pk).first()
    if found is None:
        raise Refusal(PUBLISHED)
    return found


def held_path(path: LearningPath, by: Person) -> LearningPath:
    """Hold a path and read it again: its versions then change one by one.

    Raises: Refusal if it is none of those that this person writes.
    """
    found = LearningPath.objects.editable_by(by).select_for_update(of=("self",)).filter(pk=path.pk).first()
    if found is None:
        raise Refusal(NOT_YOURS)
    return found


def last_rank(rows: models.QuerySet[Any]) -> int:
    return rows.aggregate(last=Max("rank"))["last"] or 0


def put_in_order(rows: Sequence[Any]) -> None:
    """Write the ranks of rows of one model as they stand here."""
    for rank, row in enumerate(rows, 1):
        row.rank = rank
    if rows:
        type(rows[0]).objects.bulk_update(rows, ["rank"])


# --- Take out, and bring back -----------------------------------------------------------------------------------------
def take_out_module(module: Module) -> RemovedPart:
    """Take a module out of a draft that the caller holds, with all that it holds."""
    return _take_out(module.version, module, module.steps.all(), [str(one.key) for one in module.opens.all()])


def take_out_step(step: Step) -> RemovedPart:
    return _take_out(step.module.version, step, [step])


def take_out(part: StepExcerpt | Question | StepDocument) -> RemovedPart:
    """Take a part out of a step of a draft that the caller holds; an excerpt goes with the questions asked in it."""
    return _take_out(part.step.module.version, part, [])


def _take_out(version: PathVersion, row: models.Model, steps: Iterable[Step], opens: Sequence[str] = ()) -> RemovedPart:
    rows: list[models.Model] = [row]
    if isinstance(row, Module):
        rows += Statement.objects.filter(module=row)
    within = [one.pk for one in steps]
    rows += [one for one in Step.objects.filter(pk__in=within) if one != row]
    for model in (StepExcerpt, Question, StepDocument):
        rows += model.objects.filter(step__in=within).order_by("pk")
    if isinstance(row, StepExcerpt):
        rows += Question.objects.filter(excerpt=row).order_by("pk")
    made = RemovedPart.objects.create(
        version=version,
        step_id=getattr(row, "step_id", None),
        title=str(row)[: rules.TITLE_MAX],
        rows=serializers.serialize("json", rows),
        opens=list(opens),
        sha256s=[one.sha256 for one in rows if isinstance(one, StepDocument)],
    )
    row.delete()
    return made


@transaction.atomic
def bring_back(*, part: RemovedPart, by: Person) -> PathVersion:
    """Bring back what one has just taken out of a draft, where it was.

    Raises: Refusal if it was too long ago, if what held it is gone too, or if the draft is full or published.
    """
    held_path(part.version.path, by)
    part = RemovedPart.objects.restorable_by(by).select_for_update(of=("self",)).filter(pk=part.pk).first() or _gone()
    documents.hold(part.sha256s)
    found = list(serializers.deserialize("json", part.rows))
    first = found[0].object
    version = _version_of(first, part, by)
    for one in found:
        one.object.save(force_insert=True)
    for one in found:
        if isinstance(one.object, Module):
            _tie(one.object, (one.m2m_data or {}).get("needs", ()), part.opens)
    _settle(first)
    part.delete()
    return version


def _version_of(first: Any, part: RemovedPart, by: Person) -> PathVersion:
    """The draft in which a part comes back: itself, for a whole draft."""
    if isinstance(first, PathVersion):
        if part.version.path.versions.filter(state=VersionState.DRAFT).exists():
            raise Refusal("Une autre version est déjà en préparation.")
        return first
    version = held(part.version, by)
    _check_place(first, version)
    return version


def _gone() -> RemovedPart:
    raise Refusal(GONE)


def _check_place(row: Any, version: PathVersion) -> None:
    """Raises: Refusal if what held this row is no longer there, or has no room."""
    if isinstance(row, Module):
        there, room = row.version_id == version.pk, version.modules.count() < rules.MODULES_MAX
    elif isinstance(row, Step):
        module = Module.objects.filter(pk=row.module_id, version=version).first()
        there, room = module is not None, Step.objects.filter(module=row.module_id).count() < rules.STEPS_MAX
    else:
        there, room = Step.objects.filter(pk=row.step_id, module__version=version).exists(), True
        excerpt = getattr(row, "excerpt_id", None)
        there = there and (excerpt is None or StepExcerpt.objects.filter(pk=excerpt).exists())
        if isinstance(row, StepDocument) and row.is_package:  # another one has come since
            room = not StepDocument.objects.filter(step=row.step_id, kind=rules.H5P).exists()
    if not there or not room:
        _gone()


def _tie(module: Module, needs: Iterable[Any], opens: Sequence[str]) -> None:
    """Have a module need again what it did, and be needed, among what is still there and makes no circle."""
    others = module.version.modules.exclude(pk=module.pk)
    module.needs.set(others.filter(pk__in=[getattr(one, "pk", one) for one in needs]))
    for other in others.filter(key__in=opens):
        other.needs.add(module)
        if rules.circle_in(needs_of(module.version)):
            other.needs.remove(module)


def needs_of(version: PathVersion) -> dict[int, list[int]]:
    """What each module of a version asks to be done before it."""
    found: dict[int, list[int]] = {pk: [] for pk in version.modules.order_by().values_list("pk", flat=True)}
    through = Module.needs.through.objects.filter(from_module__version=version).order_by("pk")
    for waiting, before in through.values_list("from_module_id", "to_module_id"):
        found[waiting].append(before)
    return found


def _settle(row: Any) -> None:
    """Put what came back at its place among its neighbours."""
    if isinstance(row, StepDocument | PathVersion):
        return
    rows = {
        Module: lambda: row.version.modules,
        Step: lambda: row.module.steps,
        Question: lambda: row.step.questions,
        StepExcerpt: lambda: row.step.excerpts,
    }[type(row)]()
    put_in_order(list(rows.all()))
