"""The paths of the districts where one writes, and one of them with all its versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Subquery

from circo.access import Permission
from circo.hours.rules import in_words
from circo.models import District, Person
from trainings.contents import modules_whole
from trainings.models import Enrolment, LearningPath, Module, PathVersion
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
    return PathListPage(page, rows, len({one.path.district_id for one in page.object_list}) > 1)


@dataclass(frozen=True)
class PathPage:
    """One path: all its versions, the newest first, and what the newest holds."""

    path: LearningPath
    versions: list[PathVersion]
    modules: list[Module]
    learners: int

    @property
    def version(self) -> PathVersion:
        """The one that its authors work on."""
        return self.versions[0]

    @property
    def shown(self) -> PathVersion | None:
        """The one that whoever enrols now takes, or took before it was archived."""
        return next((one for one in self.versions if one.state in CURRENT), None)

    @property
    def duration(self) -> str:
        """What the newest takes, as its modules announce it."""
        minutes = sum(one.minutes for one in self.modules)
        return in_words(minutes) if minutes else ""


def path_page(path: LearningPath) -> PathPage:
    """Read the page of a path."""
    versions = list(path.versions.all())
    return PathPage(path, versions, modules_whole(versions[0]), path.enrolments.count())
