"""The private log of the 108 hours: nobody but its owner reads it, the technical administrator included."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from circo.hours import rules
from circo.models.own import OwnQuerySet
from circo.models.people import Person
from circo.rules import worded


class ServiceLogEntryQuerySet(OwnQuerySet["ServiceLogEntry"]):
    """What was just removed is seen too, so that it can be brought back."""

    whose = "owner"

    def kept(self) -> Self:
        return self.filter(removed_at__isnull=True)

    def removed_before(self, at: datetime) -> Self:
        return self.filter(removed_at__lt=at)


class ServiceLogEntry(models.Model):
    """One line of somebody's own log. No history, no admin: it is of use to its owner alone."""

    goes_unnamed = True  # see circo.admin.scoped: that there is one is nobody else's to know

    owner = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="personne")
    on = models.DateField("le")
    minutes = models.PositiveSmallIntegerField("minutes")
    category = models.CharField(
        "au titre de",
        max_length=8,
        choices=worded(rules.LOG_LABELS),
    )
    note = models.CharField("note", max_length=300, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)  # it can be brought back for a day

    objects = ServiceLogEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "ligne du carnet des 108 heures"
        verbose_name_plural = "lignes du carnet des 108 heures"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(1, rules.LOG_MINUTES_MAX)),
                name="service_log_minutes",
                violation_error_message="Une ligne compte de 1\u00a0min à 12\u00a0h.",
            )
        ]
        indexes = [models.Index(fields=["owner", "on"], name="service_log_owner")]

    def __str__(self) -> str:
        return f"{self.get_category_display()}, {rules.in_words(self.minutes)}"
