"""The life of a path: publish a draft, prepare a newer version, archive, take up again, remove, adapt."""

from __future__ import annotations

from django.core import serializers
from django.db import models, transaction
from django.utils import timezone

from circo.errors import Refusal
from circo.models import District, Person
from networks.models import Salon
from trainings import contents
from trainings.contents import VERSION_FIELDS
from trainings.models import LearningPath, PathVersion, RemovedPart, Statement, Step, StepExcerpt
from trainings.paths import checks
from trainings.paths.actions import drafts
from trainings.paths.queries.paths import CURRENT, districts
from trainings.paths.rules import MOVES, Opening, Verb, VersionState
from trainings.queries import steps_whole
from videos.models import Film, Grid


def _current(path: LearningPath) -> PathVersion | None:
    """The version that is published, or archived."""
    return path.versions.select_for_update(of=("self",)).filter(state__in=CURRENT).first()


@transaction.atomic
def publish(*, version: PathVersion, by: Person) -> PathVersion:
    """Publish a draft: whoever enrols from now on takes it, and those who are in the former one finish it.

    Raises: Refusal if it is published already, or if the check finds what keeps it from being.
    """
    path = drafts.held_path(version.path, by)
    draft = path.versions.select_for_update(of=("self",)).get(pk=version.pk)
    target = MOVES[Verb.PUBLISH].check(draft.state)
    if blocking := checks.check(draft).blocking:
        count = f"{len(blocking)}\u00a0points sont" if blocking[1:] else "Un point est"
        raise Refusal(f"{count} à corriger avant de publier.")
    if former := _current(path):
        former.state = MOVES[Verb.REPLACE].check(former.state)
        former.save(update_fields=["state"])
    draft.state, draft.published_at, draft.published_by = target, timezone.now(), by
    draft.minutes = sum(draft.modules.values_list("minutes", flat=True))
    draft.save()
    RemovedPart.objects.filter(version=draft).delete()
    return draft


@transaction.atomic
def prepare(*, path: LearningPath, by: Person) -> PathVersion:
    """Begin a newer version of a path, as a copy of the one that is published.

    Raises: Refusal if one is being prepared already, or none was published yet.
    """
    path = drafts.held_path(path, by)
    former = _current(path)
    if former is None or path.versions.filter(state=VersionState.DRAFT).exists():
        raise Refusal("Une version de ce parcours est déjà en préparation.")
    draft = _copied(former, path, number=former.number + 1)
    contents.copy(former, draft)
    return draft


def _copied(source: PathVersion, path: LearningPath, *, number: int) -> PathVersion:
    words = {name: getattr(source, name) for name in VERSION_FIELDS}
    return PathVersion.objects.create(path=path, number=number, **words)


@transaction.atomic
def move(*, path: LearningPath, verb: Verb, by: Person) -> PathVersion:
    """Archive a path, that takes nobody more then, or take it up again.

    Raises: Refusal if the path does not have that verb today.
    """
    version = _current(drafts.held_path(path, by))
    rule = MOVES[verb]
    if version is None:
        raise Refusal(rule.refusal)
    version.state = rule.check(version.state)
    version.save(update_fields=["state"])
    return version


# --- Remove a draft, and bring it back --------------------------------------------------------------------------------
@transaction.atomic
def remove_draft(*, version: PathVersion, by: Person) -> RemovedPart | None:
    """Remove a draft: the path itself if nothing of it was ever published; it comes back for some minutes.

    Returns: what brings a newer version back; None for a path, that `restore` brings back.
    Raises: Refusal if it was published.
    """
    path = drafts.held_path(version.path, by)
    draft = path.versions.select_for_update(of=("self",)).filter(pk=version.pk, state=VersionState.DRAFT).first()
    if draft is None:
        raise Refusal("Une version publiée ne se supprime pas\u00a0: archivez le parcours.")
    kept = _current(path)
    if kept is None:
        path.removed_at = timezone.now()
        path.save(update_fields=["removed_at"])
        return None
    RemovedPart.objects.filter(version=draft).delete()
    rows: list[models.Model] = [draft, *draft.modules.all()]
    rows += Statement.objects.filter(module__version=draft).order_by("pk")
    steps = list(steps_whole().filter(module__version=draft))
    rows += steps
    for name in ("excerpts", "questions", "documents"):
        rows += [one for step in steps for one in getattr(step, name).all()]
    shas = sorted({one.sha256 for step in steps for one in step.documents.all()})
    part = RemovedPart.objects.create(
        version=kept, title=draft.title, rows=serializers.serialize("json", rows), sha256s=shas
    )
    draft.delete()
    return part


@transaction.atomic
def restore(*, path: LearningPath, by: Person) -> LearningPath:
    """Bring back a path that was just removed.

    Raises: Refusal if it was too long ago, or if this person does not write it.
    """
    found = LearningPath.objects.restorable_by(by).select_for_update(of=("self",)).filter(pk=path.pk).first()
    if found is None:
        raise Refusal("Ce parcours ne peut plus être remis.")
    found.removed_at = None
    found.save(update_fields=["removed_at"])
    return found


# --- The library ------------------------------------------------------------------------------------------------------
@transaction.atomic
def adapt(*, version: PathVersion, district: District | None, by: Person) -> PathVersion:
    """Copy a published path of another district in one's own, as a draft that remembers its source.

    What this person does not see is copied as empty: films, grids, salons, looks.

    Raises: Refusal for what this person may not read, or in a district where one does not write.
    """
    if district is None or district not in districts(by):
        raise Refusal("Choisissez l’une de vos circonscriptions.")
    source = PathVersion.objects.visible_to(by).filter(pk=version.pk, state=VersionState.PUBLISHED).first()
    if source is None:
        raise Refusal("Ce parcours n’est pas, ou plus, ouvert à votre circonscription.")
    path = LearningPath.objects.create(
        district=district, created_by=by, adapted_from=source, opening=Opening.DISTRICT.value
    )
    draft = _copied(source, path, number=1)
    contents.copy(source, draft)
    _empty_what_is_not_seen(draft, by)
    return draft


def _empty_what_is_not_seen(draft: PathVersion, by: Person) -> None:
    steps = Step.objects.filter(module__version=draft)
    films = Film.objects.visible_to(by).order_by().values("pk")
    StepExcerpt.objects.filter(step__in=steps.order_by().values("pk")).exclude(film__in=films).update(film=None)
    steps.exclude(grid__in=Grid.objects.visible_to(by).order_by().values("pk")).update(grid=None)
    steps.exclude(salon__in=Salon.objects.visible_to(by).order_by().values("pk")).update(salon=None)
    steps.exclude(expert__observer=by).update(expert=None)
