"""Who was there, half-day by half-day."""

from __future__ import annotations

from typing import cast

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from circo.calendar.rules import Half
from circo.models import Person
from circo.rules import HALF_WORDS, worded
from events.models.convocations import Convocation
from events.signing import rules
from events.signing.rules import Stay


class Presence(models.Model):
    """That somebody was there, one half-day of a day."""

    convocation = models.ForeignKey(Convocation, models.CASCADE, related_name="presences", verbose_name="convocation")
    half = models.CharField("demi-journée", max_length=2, choices=list(HALF_WORDS.items()))
    way = models.CharField("su par", max_length=5, choices=worded(rules.WAY_LABELS))
    arrived_at = models.TimeField("arrivée à", null=True, blank=True)
    left_at = models.TimeField("partie à", null=True, blank=True)
    recorded_at = models.DateTimeField("noté le", default=timezone.now)
    recorded_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="noté par"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["convocation", "half"], name="presence_once_a_half_day"),
            models.CheckConstraint(condition=Q(half__in=tuple(HALF_WORDS)), name="presence_half"),
            models.CheckConstraint(
                condition=Q(arrived_at=None) | Q(left_at=None) | Q(arrived_at__lt=F("left_at")),
                name="presence_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.convocation}, {self.get_half_display()}"

    @property
    def stay(self) -> Stay:
        return Stay(self.arrived_at, self.left_at)

    @property
    def half_day(self) -> Half:
        return cast(Half, self.half)
