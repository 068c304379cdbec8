"""What may be joined to a practice, and whose it then is."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from circo.access import Permission
from circo.models import District, Person
from networks.experiments import rules as experiments
from networks.models import Experiment
from trainings.models import LearningPath, PathVersion, Showcase
from trainings.paths.rules import VersionState
from videos.models import Film, PracticeSheet


def districts(person: Person) -> list[District]:
    """The districts in whose name one proposes a practice."""
    ids = person.reach().district_ids_for(Permission.WATCH_FILMS)
    return list(District.objects.filter(pk__in=ids).order_by("name", "pk"))


def sheets(person: Person, joined: Showcase | None = None) -> QuerySet[PracticeSheet]:
    """The sheets that one may propose: those that one reads, one's own first; and the one that is joined already."""
    read = PracticeSheet.objects.visible_to(person).order_by().values("pk")
    rows = PracticeSheet.objects.filter(Q(pk__in=read) | Q(pk=joined.sheet_id if joined else None))
    others = Case(When(owner=person, then=0), default=1)
    return rows.select_related("owner").order_by(others, "title", "pk")


def paths(person: Person) -> QuerySet[PathVersion]:
    """The published paths that one may join to a practice."""
    known = LearningPath.objects.visible_to(person).order_by().values("pk")
    return PathVersion.objects.filter(state=VersionState.PUBLISHED, path__in=known).order_by("title", "pk")


def learning_paths(person: Person) -> QuerySet[LearningPath]:
    """The same, as paths."""
    return LearningPath.objects.filter(pk__in=paths(person).order_by().values("path"))


def experiments_of(person: Person, joined: Showcase | None = None) -> QuerySet[Experiment]:
    """The experiments under way, or reviewed, that one may join to a practice; and the one that is joined already."""
    read = Experiment.objects.visible_to(person).filter(state__in=experiments.SHARED).order_by().values("pk")
    rows = Experiment.objects.filter(Q(pk__in=read) | Q(pk=joined.experiment_id if joined else None))
    return rows.order_by("title", "pk")


def films_of(sheet: PracticeSheet) -> set[UUID]:
    """The films that a sheet shows, whole or in part."""
    whole = sheet.films.order_by().values_list("pk", flat=True)
    return {*whole, *sheet.excerpts.order_by().values_list("film_id", flat=True)}


def authors_of(showcase: Showcase) -> set[int]:
    """Those whose practice it is: who wrote the sheet, who filmed, who answers for the experiment."""
    filmed = Film.objects.filter(pk__in=films_of(showcase.sheet)).order_by().values_list("author_id", flat=True)
    referent = showcase.experiment.referent_id if showcase.experiment else None
    return {showcase.sheet.owner_id, *filmed, *([referent] if referent else [])}
