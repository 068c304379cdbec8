"""The bytes on their way to becoming a film."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.models import Person
from circo.models.own import OwnQuerySet
from videos import rules
from videos.models.films import Film


def kept_until() -> datetime:
    """The instant up to which an upload is kept without a new byte."""
    return timezone.now() + rules.UPLOAD_KEPT_FOR


class UploadQuerySet(OwnQuerySet["Upload"]):
    whose = "owner"

    def open_at(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)

    def complete(self) -> Self:
        return self.filter(offset_bytes=F("size_bytes"))

    def unfinished(self) -> Self:
        return self.filter(offset_bytes__lt=F("size_bytes"))


class Upload(models.Model):
    """The bytes of a film on their way. They lie where `videos.paths` says, never under a name given by a client.

    `index_…`: a range that was sent ahead because it holds the index of the film, without which nothing can be read.
    `index_changed`: it was sent anew, or its bytes were others in the end; what was made of it is worth nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(Person, models.CASCADE, related_name="uploads", verbose_name="envoyé par")
    film = models.OneToOneField(Film, models.CASCADE, null=True, blank=True, related_name="upload", verbose_name="film")
    file_name = models.CharField("nom du fichier", max_length=rules.FILE_NAME_MAX)
    size_bytes = models.PositiveBigIntegerField("taille en octets")
    offset_bytes = models.PositiveBigIntegerField("octets reçus", default=0)
    multipart = models.CharField("envoi en morceaux dans le dépôt S3", max_length=1024, blank=True, editable=False)
    parts = models.JSONField("morceaux dans le dépôt S3", default=list, blank=True, editable=False)
    fingerprint = models.CharField("empreinte donnée par le navigateur", max_length=64, blank=True, editable=False)
    index_offset = models.PositiveBigIntegerField("début de l’index", null=True, blank=True, editable=False)
    index_bytes = models.PositiveIntegerField("taille de l’index", null=True, blank=True, editable=False)
    index_sha256 = models.CharField("empreinte de l’index", max_length=64, blank=True, editable=False)
    index_changed = models.BooleanField("l’index a changé depuis", default=False, editable=False)
    created_at = models.DateTimeField("commencé le", auto_now_add=True)
    expires_at = models.DateTimeField("gardé jusqu’au", default=kept_until)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = "envoi"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(offset_bytes__lte=F("size_bytes")), name="upload_within_its_size"),
            models.CheckConstraint(
                condition=Q(index_offset=None, index_bytes=None, index_sha256="")
                | Q(index_offset__isnull=False, index_bytes__gt=0) & ~Q(index_sha256=""),
                name="upload_index_whole_or_absent",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def size(self) -> str:
        return rules.file_size(self.size_bytes)

    @property
    def contiguous(self) -> int:
        """How many bytes are there, from the first one on, without a hole."""
        return self.offset_bytes

    @property
    def has_index(self) -> bool:
        """Tell whether the range that holds the film's index has been sent ahead."""
        return self.index_offset is not None

    @property
    def is_complete(self) -> bool:
        return self.offset_bytes == self.size_bytes

    @property
    def percent(self) -> int:
        return 100 * self.offset_bytes // self.size_bytes if self.size_bytes else 0
