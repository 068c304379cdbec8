"""A file that somebody imports: kept until it is applied, with a report line by line."""

from __future__ import annotations

import uuid
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.models import import_kinds as kinds
from circo.models.people import Person
from circo.models.places import Departement, District, Institution

if TYPE_CHECKING:
    from circo.access import Anyone


class ImportState(models.TextChoices):
    CHECKING = "CHECKING", "à l’essai"
    CHECKED = "CHECKED", "essayé, rien n’est encore écrit"
    APPLYING = "APPLYING", "en cours d’écriture"
    APPLIED = "APPLIED", "importé"
    REFUSED = "REFUSED", "refusé"
    DROPPED = "DROPPED", "abandonné"


class Outcome(models.TextChoices):
    """What becomes of one line."""

    REFUSED = "REFUSED", "refusée"
    CREATED = "CREATED", "créée"
    CHANGED = "CHANGED", "modifiée"
    SAME = "SAME", "inchangée"
    IGNORED = "IGNORED", "laissée de côté"


def _stored_as(_run: ImportRun, file_name: str) -> str:
    """A name that nobody guesses, and that says nothing of the person who brought the file."""
    return f"imports/{uuid.uuid4().hex}{Path(file_name).suffix.lower()[:5]}"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of each kind, in the places where one may bring it."""
        found = Q(pk__in=[])
        for kind in kinds.registered():
            found |= Q(("kind", kind.code), (f"{kind.place}_id__in", kinds.place_ids_of(person, kind)))
        return self.filter(found)

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)


class ImportRun(models.Model):
    class Kind(StrEnum):
        """The ground's own; the apps above register theirs (`circo.models.import_kinds`)."""

        SCHOOLS = "SCHOOLS"
        PEOPLE = "PEOPLE"

    kind = models.CharField("sorte", max_length=10, choices=kinds.choices)
    district = models.ForeignKey(District, models.CASCADE, null=True, blank=True, verbose_name="circonscription")
    departement = models.ForeignKey(Departement, models.CASCADE, null=True, blank=True, verbose_name="département")
    institution = models.ForeignKey(Institution, models.CASCADE, null=True, blank=True, verbose_name="institut")
    file = models.FileField("fichier", upload_to=_stored_as, blank=True)
    file_name = models.CharField("nom du fichier", max_length=255)
    send_invitations = models.BooleanField("envoyer les invitations", default=False)
    state = models.CharField("état", max_length=10, choices=ImportState, default=ImportState.CHECKING)
    reason = models.TextField("raison du refus", blank=True)
    counts = models.JSONField("nombre de lignes par sort", default=dict, blank=True)
    ignored_columns = models.JSONField("colonnes laissées de côté", default=list, blank=True)
    started_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="lancé par")
    started_at = models.DateTimeField("lancé le", default=timezone.now)
    applied_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="écrit par"
    )
    applied_at = models.DateTimeField("écrit le", null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(district__isnull=False, departement=None, institution=None)
                | Q(district=None, departement__isnull=False, institution=None)
                | Q(district=None, departement=None, institution__isnull=False),
                name="import_of_one_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.file_name}"

    @property
    def place(self) -> District | Departement | Institution:
        """The district, the whole département or the institution that it is about."""
        place = self.district or self.departement or self.institution
        if place is None:
            raise ValueError("an import of no place")  # a constraint refuses it
        return place


class ImportLineQuerySet(models.QuerySet["ImportLine"]):
    def visible_to(self, person: Anyone) -> Self:
        """The lines of the imports that one sees."""
        return self.filter(run__in=ImportRun.objects.visible_to(person))


class ImportLine(models.Model):
    """What becomes, or became (`written`), of one line of the file."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines", verbose_name="import")
    number = models.PositiveIntegerField("ligne")  # as a spreadsheet shows it: the titles are line 1
    outcome = models.CharField("sort", max_length=8, choices=Outcome)
    label = models.CharField("de qui ou de quoi", max_length=200, blank=True)
    notes = models.JSONField("détail", default=list, blank=True)  # sentences, in French
    written = models.BooleanField("écrite", default=False)
    person = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="personne à inviter"
    )

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne d’import"
        verbose_name_plural = "lignes d’import"
        ordering = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="import_line_once")]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="import_line_outcome")]

    def __str__(self) -> str:
        return f"Ligne {self.number} : {self.get_outcome_display()}"
