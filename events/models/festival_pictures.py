"""Pictures of a festival: its site plan, and photos whose people agreed."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.models import Person
from circo.rules import worded
from events.festival import rules
from events.festival.rules import PictureKind
from events.models.festival import Festival


class FestivalPicture(models.Model):
    """One picture, made again when it came: no camera, no place is in it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    festival = models.ForeignKey(Festival, models.CASCADE, related_name="pictures", verbose_name="fête")
    kind = models.CharField("ce que c’est", max_length=5, choices=worded(rules.PICTURE_LABELS))
    words = models.CharField("ce que l’on voit", max_length=rules.SHORT_MAX)
    added_at = models.DateTimeField("ajoutée le", default=timezone.now)
    added_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="ajoutée par")
    # Every person that one recognises, or whoever is responsible for them, said yes: who says so, and when.
    agreed_at = models.DateTimeField("accords confirmés le", null=True, blank=True)
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["festival"], condition=Q(kind=PictureKind.PLAN, removed_at=None), name="festival_one_plan"
            ),
            models.CheckConstraint(
                condition=Q(kind=PictureKind.PLAN) | Q(agreed_at__isnull=False), name="festival_photo_agreed"
            ),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def key(self) -> str:
        """Its name in the storage."""
        return f"festivals/{self.festival_id}/{self.pk}.jpg"
