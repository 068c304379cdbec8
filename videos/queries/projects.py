"""All that the pages of recording projects read, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from django.db import models
from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from circo.access import Permission
from circo.models import Person, Posting
from circo.queries import counted
from videos.consents import rules
from videos.consents.rules import Answer, Basis, Lack
from videos.models import Agreement, DpoDecision, Film, Recorded, RecordingProject, Scan

LACK_TEXTS = {
    Lack.PROJECT: "Ce film n’est sous aucun projet de captation.",
    Lack.DECLARED: "Vous n’avez pas encore déclaré complète la liste des personnes filmées.",
    Lack.INFORMED: "Vous n’avez pas noté quel jour les familles ont été informées.",
    Lack.ENDED: "La durée acceptée par les familles est passée.",
    Lack.PRIVATE: "Vous avez choisi de le garder pour vous.",
    Lack.TOO_WIDE: "Le cercle choisi est plus large que celui que les familles ont accepté.",
    Lack.OTHER_GROUP: "Les familles ont été informées pour un autre groupe.",
    Lack.PEOPLE: "Des personnes filmées n’ont pas donné leur accord.",
}


def projects(person: Person) -> QuerySet[RecordingProject]:
    """One's own recording projects, with all that their pages read."""
    related = ("group__network__district", "decision", "author")
    return RecordingProject.objects.visible_to(person).select_related(*related).fetch_mode(models.FETCH_RAISE)


def films_of_project(project: RecordingProject) -> QuerySet[Film]:
    """The films under a project, with what telling of them reads."""
    related = ("author", "group__network__district")
    return Film.objects.kept().filter(project=project).select_related(*related).order_by("-created_at", "pk")


def people_of(project_ids: Any, today: date) -> QuerySet[Any]:
    """The people of projects, pupils last, with their answers, and whether they may be shown today."""
    refused = Recorded.objects.not_agreeing(today).filter(pk=models.OuterRef("pk")).order_by()
    answers = Prefetch("agreements", Agreement.objects.order_by("number"))
    rows = Recorded.objects.filter(project_id__in=project_ids).annotate(is_agreeing=~models.Exists(refused))
    return rows.prefetch_related(answers)


def recorded_of_key(key: str) -> Recorded | None:
    """Whom the secret link of a form speaks of; None for a link of nobody."""
    rows = Recorded.objects.filter(agreements__key=key.lower()).select_related(
        "project__author", "project__group__network__district", "project__decision"
    )
    return rows.first() if len(key) == rules.KEY_LENGTH else None


def recorded_page(person: Person) -> QuerySet[Recorded]:
    """The people of one's own projects, as `people_of` gives them, with their project and their papers."""
    mine = people_of(RecordingProject.objects.visible_to(person).order_by().values("pk"), timezone.localdate())
    papers = Prefetch("scans", Scan.objects.order_by("-created_at", "-pk"))
    return mine.prefetch_related(papers).select_related(
        "project__group__network__district", "project__decision", "project__author"
    )


def scans(person: Person) -> QuerySet[Scan]:
    """The signed papers of one's own projects."""
    return Scan.objects.filter(recorded__in=Recorded.objects.visible_to(person).order_by().values("pk")).select_related(
        "recorded"
    )


def class_of(person: Person) -> tuple[str, str]:
    """The school where a person works today, and the levels of the class; nothing for whoever works in none."""
    held = Posting.objects.in_force(timezone.localdate()).filter(person=person, school__isnull=False)
    school, levels = held.order_by("pk").values_list("school__name", "levels").first() or ("", [])
    return school, "-".join(levels)


def is_answered(project: RecordingProject) -> bool:
    """Tell whether somebody has read the words of this project and answered, or was informed of them."""
    answers = Agreement.objects.filter(recorded__project=project).exclude(answer=Answer.PENDING)
    return project.informed_on is not None or answers.exists()


def decisions_for(person: Person) -> QuerySet[DpoDecision]:
    """What the data-protection officer allows today where a person works."""
    return DpoDecision.objects.visible_to(person).in_force(timezone.localdate())


@dataclass(frozen=True)
class WithdrawalPage:
    """What whoever holds the link of a form reads: the project, whom it is about, and whether the answer is no."""

    recorded: Recorded
    project: RecordingProject
    said_no: bool
    had_agreed: bool


def withdrawal_page(key: str) -> WithdrawalPage | None:
    """Read what a form's link is about; None for a link of nobody."""
    recorded = recorded_of_key(key)
    if recorded is None:
        return None
    answers = {given.answer for given in recorded.agreements.all()}
    return WithdrawalPage(
        recorded=recorded,
        project=recorded.project,
        said_no=not answers.isdisjoint(rules.NO),
        had_agreed=Answer.AGREED in answers,
    )


# --- The list of one's projects -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ProjectListPage:
    """One's projects, each with `people_count`, `missing_count`, `film_count` and `is_over`."""

    projects: list[RecordingProject]
    may_create: bool


def project_list_page(person: Person) -> ProjectListPage:
    """Rows of the list of one's recording projects, the latest first."""
    today = timezone.localdate()
    rows = projects(person).annotate(
        people_count=counted(Recorded.objects.all(), "project"),
        missing_count=counted(Recorded.objects.not_agreeing(today), "project"),
        film_count=counted(Film.objects.kept(), "project"),
        is_over=models.ExpressionWrapper(models.Q(ends_on__lt=today), output_field=models.BooleanField()),
    )
    return ProjectListPage(projects=list(rows), may_create=person.reach().can(Permission.DEPOSIT_FILM))


# --- One project ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ProjectPage:
    """What the page of one project shows. Each of `people` has `is_agreeing`."""

    project: RecordingProject
    people: Sequence[Any]
    films: Sequence[Film]
    basis: Basis
    today: date

    @property
    def by_public_task(self) -> bool:
        return self.basis == Basis.PUBLIC_TASK

    @property
    def missing(self) -> list[Any]:
        return [one for one in self.people if not one.is_agreeing]

    @property
    def is_over(self) -> bool:
        return self.today > rules.expires_on(self.project.recorded_from, [self.project.ends_on])

    @property
    def steps(self) -> list[tuple[str, str, str]]:
        """What is left to do, in order, for the component `steps`."""
        count, agreeing = len(self.people), len(self.people) - len(self.missing)
        if self.by_public_task:
            answers = ("Informer les familles", "", self.project.informed_on is not None)
        else:
            told = f"{agreeing} sur {count}" if count else ""
            listed = self.project.declared_at is not None
            answers = ("Recueillir les accords", told, listed and not self.missing)
        rows = [
            ("Décrire le projet", "", True),
            ("Lister les personnes reconnaissables", _listed(count), self.project.declared_at is not None),
            answers,
            ("Déposer le film", "", bool(self.films)),
        ]
        first = next((title for title, _, done in rows if not done), "")
        return [(title, text, "done" if done else "current" if title == first else "") for title, text, done in rows]

    @property
    def is_complete(self) -> bool:
        informed = not self.by_public_task or self.project.informed_on is not None
        return self.project.declared_at is not None and informed and not self.missing and not self.is_over


def _listed(count: int) -> str:
    if not count:
        return ""
    return f"{count} personne{'s' if count > 1 else ''} dans la liste"


def project_page(project: RecordingProject) -> ProjectPage:
    """Read what is around `project`, a row of `projects(person)`."""
    today = timezone.localdate()
    return ProjectPage(
        project=project,
        people=list(people_of([project.pk], today)),
        films=list(films_of_project(project)),
        basis=project.basis(today),
        today=today,
    )


def expires_on(project: RecordingProject, people: Iterable[Recorded], hidden: Iterable[int] = ()) -> date:
    """Return the last day on which a film of this project is shown, but for those `hidden` in it."""
    seen = [one for one in people if one.pk not in set(hidden)]
    own = [
        given.ends_on
        for given in chain.from_iterable(one.agreements.all() for one in seen)
        if given.ends_on and given.answer == Answer.AGREED
    ]
    return rules.expires_on(project.recorded_from, [project.ends_on, *own])
