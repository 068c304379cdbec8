"""Reads of the pages of experiments, what a referent has to do, and what the portal's search finds."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Case, Exists, OuterRef, Prefetch, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from circo.models import Derogation, Person, Posting, School
from circo.notices import NoticeKind
from circo.registries import Found, Todo
from circo.search import matching
from networks.experiments import rules
from networks.experiments.rules import Missing, State
from networks.models import (
    DiaryEntry,
    Experiment,
    ExperimentClass,
    ExperimentMove,
    ExperimentStep,
    Indicator,
    IndicatorPoint,
    Membership,
    MutualisationGroup,
)

MOVED = "experiment-move"
NOTICES = (
    NoticeKind(
        MOVED,
        "La vie des expérimentations",
        "Quand une expérimentation de votre groupe est lancée, conclue ou mise de côté.",
    ),
)
OF_GROUP = 6  # experiments shown on the page of their group
ENTRIES = 10  # of the diary, a page
MOVES = 50  # lines of the log that are shown


def experiments(person: Person) -> QuerySet[Experiment]:
    """The experiments that the person reads, with who may do what: `is_mine` (its circle), `is_led`."""
    rows = Experiment.objects.visible_to(person).select_related("group__network__district", "referent", "derogation")
    mine = Experiment.objects.editable_by(person).order_by().filter(pk=OuterRef("pk"))
    led = Experiment.objects.movable_by(person).order_by().filter(pk=OuterRef("pk"))
    return rows.annotate(is_mine=Exists(mine), is_led=Exists(led)).fetch_mode(models.FETCH_RAISE)


def experiment_list(person: Person, state: str = "") -> QuerySet[Experiment]:
    """The experiments that the person reads: those of one's circle first, then the latest."""
    rows = experiments(person)
    if state in State:
        rows = rows.filter(state=state)
    rank = Case(When(is_mine=True, then=Value(0)), default=Value(1))
    return rows.annotate(rank=rank).order_by("rank", "-touched_at", "-pk")


def of_group(person: Person, group: MutualisationGroup) -> list[Experiment]:
    """The latest experiments of a group that the person reads."""
    rows = Experiment.objects.visible_to(person).filter(group=group)
    return list(rows.order_by("-touched_at", "-pk").fetch_mode(models.FETCH_RAISE)[:OF_GROUP])


def groups_to_write_in(person: Person) -> QuerySet[MutualisationGroup]:
    """The groups in whose circle the person may propose an experiment."""
    return MutualisationGroup.objects.in_circle_of(person).select_related("network__district")


def members_of(group_id: int) -> QuerySet[Person]:
    """Who is a member of a group this year, account open."""
    held = Membership.objects.in_force().filter(group_id=group_id).order_by()
    return Person.objects.filter(pk__in=held.values("person_id"), is_active=True)


def schools_of_members(group_id: int) -> QuerySet[School]:
    """The schools in which the members of a group teach today."""
    held = Posting.objects.in_force(timezone.localdate()).filter(
        person__in=members_of(group_id).order_by().values("pk"), school__isnull=False
    )
    return School.objects.filter(pk__in=held.order_by().values("school_id"))


def derogations_of(district_id: int) -> QuerySet[Derogation]:
    return Derogation.objects.filter(district_id=district_id)


@dataclass(frozen=True)
class Page:
    """All that the page of an experiment shows."""

    experiment: Experiment
    classes: list[ExperimentClass]
    steps: list[ExperimentStep]
    indicators: list[Indicator]
    entries: QuerySet[DiaryEntry]
    moves: list[ExperimentMove]

    def lacks(self, target: str) -> list[Missing]:
        """What is missing before the experiment may be in a state."""
        one = self.experiment
        measures = [indicator.measure for indicator in self.indicators]
        return rules.missing_for(
            target, question=one.question, classes=len(self.classes), measures=measures, outcome=one.outcome
        )


def page_of(experiment: Experiment) -> Page:
    """Read what hangs on an experiment that the caller has found in scope."""
    kept = {"removed_at": None}
    points = Prefetch("points", IndicatorPoint.objects.filter(**kept))
    classes = experiment.classes.filter(**kept).select_related("school")
    moves = experiment.moves.select_related("by")
    return Page(
        experiment=experiment,
        classes=list(classes.fetch_mode(models.FETCH_RAISE)),
        steps=list(experiment.steps.filter(**kept)),
        indicators=list(experiment.indicators.filter(**kept).prefetch_related(points).fetch_mode(models.FETCH_RAISE)),
        entries=experiment.entries.filter(**kept).select_related("author").fetch_mode(models.FETCH_RAISE),
        moves=list(moves.fetch_mode(models.FETCH_RAISE)[:MOVES]),
    )


def address(experiment: Experiment, place: str = "") -> str:
    return reverse("networks:experiment_page", args=[experiment.pk]) + (f"#{place}" if place else "")


def todos(person: Person) -> list[Todo]:
    """The steps of experiments of which the person is the referent, whose date has come."""
    steps = ExperimentStep.objects.editable_by(person).filter(
        experiment__referent_id=person.pk,
        experiment__state=State.RUNNING,
        done_on=None,
        due_on__lte=timezone.localdate(),
    )
    return [
        Todo(step.title, step.experiment.title, address(step.experiment, "etapes"), "calendar", due_on=step.due_on)
        for step in steps.select_related("experiment").order_by("due_on", "pk")[:20]
    ]


def search(person: Person, text: str, most: int) -> list[Found]:
    """The experiments that the person reads and whose title or question holds these words."""
    rows = Experiment.objects.visible_to(person).select_related("group")
    found = matching(rows, ("folded",), text, most)
    return [Found(row.title, f"{row.group.name} · {row.get_state_display()}", address(row)) for row in found]


def holder_of(person_id: int | None) -> QuerySet[Person]:
    """The person already chosen, who may have left the group since."""
    return Person.objects.filter(pk__in=[person_id] if person_id else [])


def school_of(school_id: int | None) -> QuerySet[School]:
    return School.objects.filter(pk__in=[school_id] if school_id else [])
