"""What somebody thought of a day. The row names nobody and bears no date: it cannot be brought back to anybody."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from events.evaluation import rules
from events.models.days import SharingDay

_SCALE = [(value, words) for value, words in rules.SCALE.items()]


def _on_the_scale(name: str) -> Q:
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": (min(rules.SCALE), max(rules.SCALE))})


class Evaluation(models.Model):
    """One person's answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)  # says nothing of the order
    day = models.ForeignKey(SharingDay, models.CASCADE, related_name="evaluations", verbose_name="journée")
    useful = models.PositiveSmallIntegerField(rules.QUESTIONS["useful"], null=True, blank=True, choices=_SCALE)
    workshops = models.PositiveSmallIntegerField(rules.QUESTIONS["workshops"], null=True, blank=True, choices=_SCALE)
    meetings = models.PositiveSmallIntegerField(rules.QUESTIONS["meetings"], null=True, blank=True, choices=_SCALE)
    organised = models.PositiveSmallIntegerField(rules.QUESTIONS["organised"], null=True, blank=True, choices=_SCALE)
    keeps = models.TextField("ce que je retiens", max_length=rules.WORDS_MAX, blank=True)
    next_time = models.TextField("pour la prochaine fois", max_length=rules.WORDS_MAX, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=_on_the_scale(name), name=f"evaluation_{name}") for name in rules.QUESTIONS
        ]

    def __str__(self) -> str:
        return f"Avis sur {self.day_id}"
