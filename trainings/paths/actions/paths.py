"""Begin a path, and say what it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from circo.errors import Refusal
from circo.models import District, Person
from circo.rules import levels_in_order
from trainings.models import LearningPath, PathVersion
from trainings.paths.actions import drafts
from trainings.paths.queries import paths as queries
from trainings.paths.rules import Opening


@dataclass(frozen=True)
class PathText:
    """All that an author says of a path before its modules."""

    title: str
    summary: str = ""
    levels: Collection[str] = ()
    subject: str = "SEVERAL"


@transaction.atomic
def create(*, district: District | None, opening: str, text: PathText, by: Person) -> PathVersion:
    """Begin a path in one of one's districts, with its first draft.

    Raises: Refusal in a district where one does not write, or without a title.
    """
    if district is None or district not in queries.districts(by):
        raise Refusal("Choisissez l’une de vos circonscriptions.")
    path = LearningPath(district=district, created_by=by, opening=Opening(opening))
    version = PathVersion(path=path)
    _say(version, text)
    path.save()
    version.save()
    return version


@transaction.atomic
def describe(*, version: PathVersion, text: PathText, by: Person) -> PathVersion:
    """Say a draft otherwise.

    Raises: Refusal if it is published, or without a title.
    """
    found = drafts.held(version, by)
    _say(found, text)
    found.save()
    return found


@transaction.atomic
def open_to(*, path: LearningPath, opening: str, by: Person) -> LearningPath:
    """Say who finds a path in the catalogue: those who have begun it go on.

    Raises: Refusal if it is none of those that this person writes.
    """
    found = drafts.held_path(path, by)
    found.opening = Opening(opening)
    found.save(update_fields=["opening"])
    return found


def _say(version: PathVersion, text: PathText) -> None:
    if not text.title.strip():
        raise Refusal("Donnez un titre à ce parcours.")
    version.title, version.summary = text.title.strip(), text.summary.strip()
    version.levels, version.subject = levels_in_order(text.levels), text.subject
