"""Experiments of a group: what it asks, and the log of its life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import ROLE_PERMISSIONS, Permission
from circo.models import Derogation, Person
from circo.models.folding import folded_column
from circo.rules import Role, worded
from networks.experiments import rules
from networks.experiments.rules import State
from networks.models.groups import MutualisationGroup

if TYPE_CHECKING:
    from circo.access import Anyone


# The département, and its innovation unit, read later.
OWN_TEAM = tuple(
    role for role in Role if role is not Role.DEPARTEMENT and Permission.VIEW_TEAM in ROLE_PERMISSIONS[role]
)
STATES = worded(rules.STATE_LABELS)


def _team_districts(person: Anyone) -> frozenset[int]:
    """The districts whose own team one belongs to."""
    reach = person.reach()
    return reach.all_district_ids | reach.district_ids_as(*OWN_TEAM)


class ExperimentQuerySet(models.QuerySet["Experiment"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of one's circle; for the district's team once they run; for the département once they are reviewed."""
        district = "group__network__district_id__in"
        team = Q(state__in=rules.SHARED) & Q(**{district: _team_districts(person)})
        overseen = person.reach().district_ids_for(Permission.OVERSEE_DEPARTEMENT)
        reviewed = Q(state=State.REVIEWED) & Q(**{district: overseen})
        return self.filter(_circle(person) | team | reviewed)

    def editable_by(self, person: Anyone) -> Self:
        """Those of the groups in whose circle one is, in whatever state."""
        return self.filter(_circle(person))

    def movable_by(self, person: Anyone) -> Self:
        """Those whose life one leads: as the group's adviser, or as the referent."""
        led = Q(group__adviser_id=person.pk) | Q(referent_id=person.pk)
        return self.editable_by(person).filter(led) if person.pk else self.none()


def _circle(person: Anyone) -> Q:
    return Q(group__in=MutualisationGroup.objects.in_circle_of(person).order_by().values("pk"))


class Experiment(models.Model):
    group = models.ForeignKey(
        MutualisationGroup, models.PROTECT, related_name="experiments", verbose_name="groupe de mutualisation"
    )
    title = models.CharField("titre", max_length=rules.TITLE_MAX)
    state = models.CharField("état", max_length=10, choices=STATES, default=State.IDEA)
    finding = models.TextField("constat", max_length=rules.TEXT_MAX, blank=True)
    question = models.TextField("question", max_length=rules.TEXT_MAX, blank=True)
    hypothesis = models.TextField("hypothèse", max_length=rules.TEXT_MAX, blank=True)
    objectives = models.TextField("objectifs", max_length=rules.TEXT_MAX, blank=True)
    referent = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="experiments", verbose_name="référent ou référente"
    )
    asks_derogation = models.BooleanField("demande une dérogation", default=False)
    derogation = models.ForeignKey(
        Derogation, models.PROTECT, null=True, blank=True, related_name="experiments", verbose_name="dérogation obtenue"
    )
    council_on = models.DateField("conseil d’école consulté le", null=True, blank=True)
    outcome = models.TextField("ce que l’expérimentation a donné", max_length=rules.TEXT_MAX, blank=True)
    keeps = models.TextField("ce que nous gardons", max_length=rules.TEXT_MAX, blank=True)
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    updated_at = models.DateTimeField("texte modifié le", default=timezone.now)
    touched_at = models.DateTimeField("modifiée le", default=timezone.now)  # its parts and its state as well
    folded = folded_column("title", "question")

    objects = ExperimentQuerySet.as_manager()

    class Meta:
        verbose_name = "expérimentation"
        ordering = ["-touched_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(State)), name="experiment_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=rules.SHARED) | ~Q(question=""), name="experiment_running_asks_a_question"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REVIEWED) | ~Q(outcome=""), name="experiment_reviewed_has_an_outcome"
            ),
            models.CheckConstraint(
                condition=Q(derogation=None) | Q(asks_derogation=True), name="experiment_derogation_was_asked"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in rules.OPEN


def _allowed_moves() -> Q:
    """The database's own form of `rules.MOVES`."""
    allowed = Q()
    for source, target in sorted(rules.ALLOWED):
        allowed |= Q(source=source, target=target)
    return allowed


class ExperimentMove(models.Model):
    """One line of the log of an experiment's life."""

    experiment = models.ForeignKey(Experiment, models.CASCADE, related_name="moves")
    source = models.CharField("de", max_length=10, choices=STATES)
    target = models.CharField("à", max_length=10, choices=STATES)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)
    why = models.CharField("pourquoi", max_length=rules.WHY_MAX, blank=True)

    class Meta:
        verbose_name = "changement d’état d’une expérimentation"
        verbose_name_plural = "changements d’état des expérimentations"
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=_allowed_moves(), name="experiment_move_allowed")]

    def __str__(self) -> str:
        return f"{self.get_source_display()} → {self.get_target_display()}"

    @property
    def done(self) -> str:
        return next((move.done for move in rules.MOVES if (move.source, move.target) == (self.source, self.target)), "")
