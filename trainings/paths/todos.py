"""What waits for the authors of paths: a published one shows a film that is no longer there for anybody."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse

from circo.access import Permission
from circo.models import Person
from circo.registries import Todo
from trainings.models import LearningPath, PathVersion, StepExcerpt
from trainings.paths.rules import VersionState
from videos.models import Film


def todos(person: Person) -> list[Todo]:
    """The paths that this person began or published, or that nobody of the team did, with a film to replace."""
    if not person.reach().can(Permission.WRITE_PATHS):
        return []
    return [
        Todo(
            f"Remplacer un film dans «\u00a0{title}\u00a0»",
            "Il n’est plus visible, et l’étape est fermée à celles et ceux qui suivent ce parcours",
            reverse("trainings:version_check", args=[pk]),
            "film",
            None,
            10,
        )
        for pk, title in _lacking(person)
    ]


def _lacking(person: Person) -> list[tuple[int, str]]:
    """The published versions, with their titles, that show a film which is erased, or shown to nobody today."""
    written = LearningPath.objects.editable_by(person).order_by().values("pk")
    own = Q(path__created_by=person) | Q(published_by=person) | Q(path__created_by=None, published_by=None)
    shared = Film.objects.shared().order_by().values("pk")
    gone = StepExcerpt.objects.filter(Q(film=None) | ~Q(film__in=shared)).order_by()
    rows = PathVersion.objects.filter(own, path__in=written, state=VersionState.PUBLISHED)
    lacking = rows.filter(pk__in=gone.values("step__module__version_id"))
    return list(lacking.order_by("title", "pk").values_list("pk", "title"))
