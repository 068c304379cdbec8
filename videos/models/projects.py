"""What is recorded, why, for whom and until when; and what the data-protection officer decided."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.models import Departement, Person
from circo.models.own import OwnQuerySet
from networks.models import MutualisationGroup
from videos.consents import rules
from videos.consents.rules import AUDIENCE_LABELS, Audience, Basis

if TYPE_CHECKING:
    from circo.access import Anyone

SHARED_AUDIENCES = [(one.value, AUDIENCE_LABELS[one]) for one in Audience if one > Audience.PRIVATE]


class DpoDecisionQuerySet(models.QuerySet["DpoDecision"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the départements that one works in: they say how families are asked there."""
        return self.filter(departement_id__in=person.reach().departement_ids)

    def editable_by(self, person: Anyone) -> Self:
        """Those of the départements that one oversees."""
        return self.filter(departement_id__in=person.reach().departement_ids_for(Permission.OVERSEE_DEPARTEMENT))

    def in_force(self, today: date) -> Self:
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)


class DpoDecision(models.Model):
    """A written decision of the data-protection officer, that lets a département do otherwise than ask all holders."""

    class Kind(models.TextChoices):
        ONE_HOLDER = Basis.ONE_HOLDER, "l’accord d’un seul titulaire de l’autorité parentale suffit"
        PUBLIC_TASK = Basis.PUBLIC_TASK, "mission d’intérêt public : les familles sont informées et peuvent s’opposer"

    departement = models.ForeignKey(Departement, models.PROTECT, verbose_name="département")
    kind = models.CharField("ce qu’elle permet", max_length=12, choices=Kind)
    reference = models.CharField("référence", max_length=120, help_text="Ce qui permet de retrouver l’écrit.")
    officer = models.CharField("décidée par", max_length=120, help_text="Nom et fonction.")
    starts_on = models.DateField("en vigueur du")
    ends_on = models.DateField("jusqu’au", null=True, blank=True)

    objects = DpoDecisionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "décision du délégué à la protection des données"
        verbose_name_plural = "décisions du délégué à la protection des données"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="dpo_decision_ends_after_it_starts",
                violation_error_message="La fin d’une décision vient après son début.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.reference})"


class RecordingProjectQuerySet(OwnQuerySet["RecordingProject"]):
    """Who agreed and who refused is known to the teacher alone."""

    whose = "author"

    def running(self, today: date) -> Self:
        """Those whose end has not come."""
        return self.filter(ends_on__gte=today)


class RecordingProject(models.Model):
    """One recording, as it is put to the families: its words are those of the form that they sign."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    author = models.ForeignKey(Person, models.CASCADE, related_name="recording_projects", verbose_name="enseignant")
    group = models.ForeignKey(MutualisationGroup, models.PROTECT, related_name="+", verbose_name="groupe")
    title = models.CharField("nom du projet", max_length=120)
    purpose = models.TextField("but", max_length=1000)
    image = models.BooleanField("l’image", default=True)
    voice = models.BooleanField("la voix", default=True)
    productions = models.BooleanField("des productions", default=False)
    place = models.CharField("lieu", max_length=160)
    recorded_from = models.DateField("premier jour de captation")
    recorded_until = models.DateField("dernier jour de captation")
    audience = models.PositiveSmallIntegerField("qui verra", choices=SHARED_AUDIENCES, default=Audience.GROUP)
    ends_on = models.DateField("jusqu’au")
    decision = models.ForeignKey(
        DpoDecision, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="décision du délégué"
    )
    informed_on = models.DateField("familles informées le", null=True, blank=True)
    declared_at = models.DateTimeField("liste déclarée complète le", null=True, blank=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)

    objects = RecordingProjectQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "projet de captation"
        verbose_name_plural = "projets de captation"
        ordering = ["-recorded_from", "-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_until__gte=F("recorded_from")) & Q(ends_on__gte=F("recorded_until")),
                name="project_days_in_order",
                violation_error_message="Les dates ne se suivent pas.",
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[value for value, _ in SHARED_AUDIENCES]),
                name="project_audience_known",
                violation_error_message="Dites qui verra le film.",
            ),
            models.CheckConstraint(
                condition=Q(image=True) | Q(voice=True) | Q(productions=True),
                name="project_records_something",
                violation_error_message="Dites ce qui est enregistré.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audience_in_words(self) -> str:
        """Who will see the film at the most, as families read it. Reads the group's network and district."""
        network = self.group.network
        return {
            Audience.GROUP: f"les membres du groupe «\u00a0{self.group}\u00a0» et la personne qui l’anime",
            Audience.NETWORK: f"les membres du réseau «\u00a0{network}\u00a0» et les personnes qui animent ses groupes",
            Audience.DISTRICT: "les enseignantes, les enseignants et l’équipe de "
            + rules.the_district(network.district.name),
        }[Audience(self.audience)]

    def basis(self, today: date) -> Basis:
        """What makes the recording lawful on that day. Reads `decision`, which may be fetched beforehand."""
        decision = self.decision
        if decision is None:
            return Basis.ALL_HOLDERS
        return rules.basis(Basis(decision.kind), decision.starts_on, decision.ends_on, today)
