"""The paths of the districts where one writes, and one of them with all its versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Subquery

from circo.access import Permission
from circo.models import District, Person
from circo.rules import number_in
from trainings.models import Enrolment, LearningPath, PathVersion
from trainings.paths import rules
from trainings.paths.rules import VersionState

PER_PAGE = 20
CURRENT = (VersionState.PUBLISHED, VersionState.ARCHIVED)


def districts(person: Person) -> list[District]:
    """The districts where one writes paths."""
    ids = person.reach().district_ids_for(Permission.WRITE_PATHS)
    return list(District.objects.filter(pk__in=ids).order_by("name", "pk"))


@dataclass(frozen=True)
class PathRow:
    """One path as its authors find it: its newest version, and the one that learners take, if another."""

    path: LearningPath
    version: PathVersion
    shown: PathVersion | None
    learners: int

    @property
    def state(self) -> str:
        """What the list says of it: a draft beside a published version is told apart."""
        if self.version.is_draft and self.shown:
            return f"{rules.STATE_LABELS[VersionState(self.shown.state)]}, une version en préparation"
        return rules.STATE_LABELS[VersionState(self.version.state)]


@dataclass(frozen=True)
class PathListPage:
    page: Page
    rows: list[PathRow]
    removed: LearningPath | None  # just removed, can be brought back
    more_than_one: bool  # district: it is told


def path_list_page(person: Person, given: Mapping[str, str]) -> PathListPage:
    """Read the paths of one's team, the newest version first. Five queries, whatever their number."""
    written = LearningPath.objects.editable_by(person).order_by().values("pk")
    newest = PathVersion.objects.filter(path=OuterRef("path")).order_by("-number").values("pk")[:1]
    versions = PathVersion.objects.filter(path__in=written, pk=Subquery(newest)).select_related("path__district")
    page = Paginator(versions.order_by("-pk"), PER_PAGE).get_page(given.get("page"))
    paths = [one.path_id for one in page.object_list]
    current = PathVersion.objects.filter(path__in=paths, state__in=CURRENT)
    shown = {one.path_id: one for one in current}
    taken = Enrolment.objects.filter(path__in=paths).order_by().values_list("path").annotate(count=Count("pk"))
    learners = dict(taken)
    rows = [PathRow(one.path, one, shown.get(one.path_id), learners.get(one.path_id, 0)) for one in page.object_list]
    number = number_in(given.get("retire"))
    back = LearningPath.objects.restorable_by(person).filter(pk=number).first() if number else None
    return PathListPage(page, rows, back, len({one.path.district_id for one in page.object_list}) > 1)


def adapted(path: LearningPath) -> list[str]:
    """The districts where a path was adapted, in their order, each once."""
    rows = LearningPath.objects.kept().filter(adapted_from__path=path).order_by("district__name")
    return list(dict.fromkeys(rows.values_list("district__name", flat=True)))
