"""What pages say of other platforms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet

from circo.models import Person
from trainings.models import LearningPath, LtiCourse, LtiLink, LtiPlatform, PathVersion
from trainings.paths.rules import VersionState

PATHS_PER_PAGE = 20
COURSES_MOST = 50  # shown of one path


@dataclass(frozen=True)
class OfPath:
    """One platform beside a path: whether it may launch it, and from where it did."""

    platform: LtiPlatform
    is_open: bool
    courses: Sequence[LtiCourse]  # with `came`: how many came from there


def of_path(path: LearningPath, person: Person) -> list[OfPath]:
    """The platforms of a path's département: two queries, whatever their number."""
    opened = Exists(LtiPlatform.paths.through.objects.filter(ltiplatform=OuterRef("pk"), learningpath=path.pk))
    rows = LtiPlatform.objects.visible_to(person).active().filter(departement=path.district.departement_id)
    platforms = list(rows.annotate(is_open=opened).order_by("name", "pk"))
    courses = LtiCourse.objects.filter(path=path, platform__in=platforms).annotate(came=Count("results"))
    found = list(courses.order_by("-came", "title", "pk")[:COURSES_MOST])
    return [OfPath(one, one.is_open, [row for row in found if row.platform_id == one.pk]) for one in platforms]


def newest(path: LearningPath) -> PathVersion | None:
    """Whose title the team knows the path by."""
    return path.versions.order_by("-number").first()


def offered(platform: LtiPlatform) -> QuerySet[PathVersion]:
    """The published versions of the paths that are opened to a platform."""
    paths = platform.paths.filter(removed_at=None).order_by().values("pk")
    return PathVersion.objects.filter(path__in=paths, state=VersionState.PUBLISHED).select_related("path__district")


def offered_page(platform: LtiPlatform, number: str) -> Page:
    return Paginator(offered(platform).order_by("title", "pk"), PATHS_PER_PAGE).get_page(number)


def link_of(platform_id: int, subject: str) -> LtiLink | None:
    return LtiLink.objects.filter(platform=platform_id, subject=subject).first()


def platform(pk: int) -> LtiPlatform | None:
    return LtiPlatform.objects.active().filter(pk=pk).first()
