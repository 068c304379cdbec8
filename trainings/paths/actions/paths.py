"""Begin a path, and say what it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from circo.errors import Refusal
from circo.models import District, Person
from circo.rules import levels_in_order
from trainings.models import LearningPath, PathVersion
from trainings.paths.queries import paths as queries
from trainings.paths.rules import Opening


@dataclass(frozen=True)
class PathText:
    """All that an author says of a path before its modules."""

    title: str
    summary: str = ""
    levels: Collection[str] = ()
    subject: str = "SEVERAL"
    opening: str = Opening.DISTRICT.value


@transaction.atomic
def create(*, district: District | None, text: PathText, by: Person) -> PathVersion:
    """Begin a path in one of one's districts, with its first draft.

    Raises: Refusal in a district where one does not write, or without a title.
    """
    if district is None or district not in queries.districts(by):
        raise Refusal("Choisissez l’une de vos circonscriptions.")
    path = LearningPath(district=district, created_by=by)
    version = PathVersion(path=path)
    _say(version, text)
    path.save()
    version.save()
    return version


def _say(version: PathVersion, text: PathText) -> None:
    if not text.title.strip():
        raise Refusal("Donnez un titre à ce parcours.")
    version.title, version.summary = text.title.strip(), text.summary.strip()
    version.levels, version.subject = levels_in_order(text.levels), text.subject
    version.path.opening = Opening(text.opening)
