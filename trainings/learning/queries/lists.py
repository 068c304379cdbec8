"""The paths that one follows, the newest touched first; the catalogue's page of one path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse

from circo.models import HourEntry, IssuedDocument, Person
from circo.registries import Found, Todo
from circo.search import matching
from trainings.learning.queries.showing import StepShown
from trainings.learning.queries.way import way
from trainings.models import (
    Enrolment,
    LearningPath,
    Module,
    PathSession,
    PathVersion,
    Statement,
    StatementAnswer,
)
from trainings.paths.rules import VersionState

ROWS_PER_PAGE = 20
TODO_MOST, GOING_ON_MOST = 3, 100


@dataclass(frozen=True)
class MinePage:
    going_on: list[Enrolment]
    over: Page[Any]
    leads: bool  # accompanies some session


def mine_page(person: Person, number: str) -> MinePage:
    """What one follows, then what is finished or left."""
    rows = Enrolment.objects.visible_to(person).select_related("version", "session").order_by("-seen_at", "-pk")
    over = rows.filter(Q(completed_at__isnull=False) | Q(left_at__isnull=False))
    return MinePage(
        going_on=list(rows.going_on()[:GOING_ON_MOST]),
        over=Paginator(over, ROWS_PER_PAGE).get_page(number),
        leads=PathSession.objects.led_by(person).exists(),
    )


def current_version(path: LearningPath) -> PathVersion | None:
    """The version that whoever enrols now takes."""
    return path.versions.filter(state=VersionState.PUBLISHED).first()


def enrolment_of(person: Person, path: LearningPath) -> Enrolment | None:
    rows = Enrolment.objects.visible_to(person).filter(path=path)
    return rows.select_related("version", "session", "last_step").first()


def todos(person: Person) -> list[Todo]:
    """The paths begun and not finished, with the day on which their session ends."""
    rows = Enrolment.objects.visible_to(person).going_on().select_related("version", "session")
    return [
        Todo(
            title=f"Continuer le parcours «\u00a0{row.version}\u00a0»",
            detail=row.session.title if row.session else "À votre rythme",
            icon="sprout",
            url=reverse("trainings:path_show", args=[row.path_id]),
            due_on=row.session.last_day if row.session else None,
        )
        for row in rows.order_by("-seen_at", "-pk")[:TODO_MOST]
    ]


def search(person: Person, words: str, most: int) -> list[Found]:
    """The paths of the catalogue of this person."""
    paths = LearningPath.objects.open_to(person).order_by().values("pk")
    rows = PathVersion.objects.filter(state=VersionState.PUBLISHED, path__in=paths)
    found = matching(rows, ("folded",), words, most)
    return [Found(row.title, row.duration, reverse("trainings:path_show", args=[row.path_id])) for row in found]


# --- One path ---------------------------------------------------------------------------------------------------------
def has_statements(version: PathVersion) -> bool:
    """Tell whether a version asks what one knows already."""
    return Statement.objects.filter(module__version=version).exists()


def statements(enrolment: Enrolment) -> tuple[list[Module], dict[int, int]]:
    """The modules of a version that ask what one knows, and what was said, by statement."""
    modules = enrolment.version.modules.prefetch_related("statements")
    said = StatementAnswer.objects.filter(enrolment=enrolment).order_by().values_list("statement_id", "level")
    return [module for module in modules if module.statements.all()], dict(said)


def path_context(path: LearningPath, person: Person) -> dict[str, object]:
    """What the page of a path shows: one's own way through it, else what waits for whoever begins."""
    enrolment = enrolment_of(person, path)
    current = current_version(path)
    version = enrolment.version if enrolment else current or path.versions.first()
    if version is None:
        raise Http404
    return {
        "path": path,
        "version": version,
        "enrolment": enrolment,
        "way": way(version, person, enrolment),
        "is_open": current is not None,
        "has_newer": bool(enrolment and not enrolment.completed_at and current and current.pk != version.pk),
        "has_statements": has_statements(version),
        "sessions": open_sessions(path, person) if not (enrolment and enrolment.completed_at) else [],
    }


def open_sessions(path: LearningPath, person: Person) -> list[PathSession]:
    """The sessions of a path that this person may join, the soonest first."""
    rows = PathSession.objects.visible_to(person).running().filter(version__path=path)
    return list(rows.select_related("tutor", "group").order_by("first_day", "pk"))


def certificates_of(enrolment: Enrolment) -> QuerySet[IssuedDocument]:
    """The certificate of a finished path, if it still holds."""
    rows = IssuedDocument.objects.filter(pk=enrolment.certificate_id or 0, withdrawn_at=None)
    return rows.select_related("district")


def entry_of(enrolment: Enrolment) -> HourEntry | None:
    """The hours that a finished path gave, as they stand now."""
    return HourEntry.objects.counted().filter(person=enrolment.person_id, source=enrolment.hours_source).first()


def step_context(enrolment: Enrolment, person: Person, one: StepShown) -> dict[str, object]:
    """What stands around a step: its module, where one is, what follows.

    Raises: Http404 for a step that is not of the version.
    """
    found = way(enrolment.version, person, enrolment)
    place = found.find(one.step.pk)
    if place is None:
        raise Http404
    module, here = place
    return {
        "enrolment": enrolment,
        "way": found,
        "module": module,
        "here": here,
        "shown": one,
        "after": found.step_after(one.step),
    }
