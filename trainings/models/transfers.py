"""What is being taken to another platform or brought from one, with what was left out. Kept some days."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.models import District, Person
from circo.models.own import OwnQuerySet
from circo.rules import worded
from trainings.models.paths import PathVersion
from trainings.transfers import rules
from trainings.transfers.rules import TransferForm, TransferState
from videos import rules as film_rules


class PathTransferQuerySet(OwnQuerySet["PathTransfer"]):
    """For whoever asked for it alone: the team asks for its own."""

    whose = "asked_by"


class PathTransfer(models.Model):
    """A package made of a version, or a draft made of a course.

    `version`: of which the package is, or the draft that was made. `file`: of the storage; of a course, until it is
    read. `left_out`: pairs of where and why, in French.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    form = models.CharField("forme", max_length=9, choices=worded(rules.FORM_LABELS))
    asked_by = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="demandé par")
    asked_at = models.DateTimeField("demandé le", default=timezone.now)
    version = models.ForeignKey(
        PathVersion, models.CASCADE, null=True, blank=True, related_name="transfers", verbose_name="version"
    )
    district = models.ForeignKey(
        District, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="circonscription"
    )  # where a course is brought
    file = models.CharField("fichier", max_length=120, blank=True)
    file_name = models.CharField("nom du fichier", max_length=rules.FILE_NAME_MAX, blank=True)
    size_bytes = models.PositiveBigIntegerField("poids", default=0)
    state = models.CharField(
        "état", max_length=6, choices=worded(rules.STATE_LABELS), default=TransferState.MAKING.value
    )
    reason = models.TextField("raison de l’échec", blank=True)
    left_out = models.JSONField("ce qui est resté", default=list, blank=True)

    objects = PathTransferQuerySet.as_manager()

    class Meta:
        verbose_name = "transfert d’un parcours"
        verbose_name_plural = "transferts de parcours"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(form=TransferForm.COURSE, district__isnull=False)
                | (~Q(form=TransferForm.COURSE) & Q(version__isnull=False)),
                name="transfer_has_its_place",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def folder(self) -> str:
        """Where its file stands in the storage."""
        return f"transfers/{self.pk}"

    @property
    def size(self) -> str:
        return film_rules.file_size(self.size_bytes)

    @property
    def is_course(self) -> bool:
        return self.form == TransferForm.COURSE

    @property
    def title(self) -> str:
        """What it is of, as people name it."""
        return self.file_name if self.is_course or self.version is None else self.version.title
