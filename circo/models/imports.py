"""A file that somebody imports: kept until it is applied, with a report line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from circo.access import Permission
from circo.models.people import Person
from circo.models.places import District

if TYPE_CHECKING:
    from circo.access import Anyone


class ImportState(models.TextChoices):
    CHECKING = "CHECKING", "à l’essai"
    CHECKED = "CHECKED", "essayé, rien n’est encore écrit"
    APPLYING = "APPLYING", "en cours d’écriture"
    APPLIED = "APPLIED", "importé"
    REFUSED = "REFUSED", "refusé"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts in which one may import."""
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.IMPORT))

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)


class ImportRun(models.Model):
    class Kind(models.TextChoices):
        SCHOOLS = "SCHOOLS", "écoles"
        PEOPLE = "PEOPLE", "personnes et affectations"

    kind = models.CharField("sorte", max_length=10, choices=Kind)
    district = models.ForeignKey(District, models.CASCADE, verbose_name="circonscription")
    file = models.FileField("fichier", upload_to="imports/")
    file_name = models.CharField("nom du fichier", max_length=255)
    state = models.CharField("état", max_length=10, choices=ImportState, default=ImportState.CHECKING)
    report = models.JSONField("compte rendu", default=dict, blank=True)
    started_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="lancé par")
    started_at = models.DateTimeField("lancé le", auto_now_add=True)
    applied_at = models.DateTimeField("écrit le", null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.file_name}"
