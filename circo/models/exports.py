"""What a person asked to be given back of their own data."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.models.own import OwnQuerySet
from circo.models.people import Person


class ExportState(models.TextChoices):
    MAKING = "MAKING", "en préparation"
    READY = "READY", "prêt"
    FAILED = "FAILED", "échoué"


class DataExport(models.Model):
    """The archive of all that is kept of one person, made by a worker, kept some days; one at a time for each."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField(Person, models.CASCADE, related_name="+", verbose_name="personne")
    state = models.CharField("état", max_length=8, choices=ExportState, default=ExportState.MAKING)
    reason = models.TextField("raison de l’échec", blank=True)
    archive = models.CharField("archive", max_length=120, blank=True)  # key of the storage
    size_bytes = models.PositiveBigIntegerField("taille en octets", default=0)
    asked_at = models.DateTimeField("demandé le", default=timezone.now)

    objects = OwnQuerySet["DataExport"].as_manager()

    class Meta:
        verbose_name = "export de données personnelles"
        verbose_name_plural = "exports de données personnelles"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ExportState.READY) | ~Q(archive=""), name="export_ready_has_an_archive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.asked_at:%d/%m/%Y}"

    @property
    def folder(self) -> str:
        """Where its file stands in the storage."""
        return f"exports/{self.pk}"

    @property
    def size(self) -> str:
        return f"{max(1, round(self.size_bytes / 1000))}\u00a0ko"
