"""Accounts counted again after a rule has changed: what would change, as it was shown, and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from circo.access import Permission
from circo.hours import rules
from circo.models.hours import HourEntry
from circo.models.people import Person
from circo.models.places import District, SchoolYear
from circo.rules import worded

if TYPE_CHECKING:
    from circo.access import Anyone


class ReplayState(models.TextChoices):
    COUNTING = "COUNTING", "calcul en cours"
    READY = "READY", "à relire"
    APPLYING = "APPLYING", "application en cours"
    DONE = "DONE", "appliqué"
    FAILED = "FAILED", "échoué"


class HoursReplayQuerySet(models.QuerySet["HoursReplay"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts where one validates hours."""
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VALIDATE_HOURS))

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)


class HoursReplay(models.Model):
    """The last time that a district's accounts of a school year were counted again."""

    district = models.ForeignKey(District, models.CASCADE, related_name="+", verbose_name="circonscription")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="année scolaire")
    state = models.CharField("état", max_length=8, choices=ReplayState, default=ReplayState.COUNTING)
    reason = models.TextField("raison de l’échec", blank=True)
    asked_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="demandé par")
    asked_at = models.DateTimeField("demandé le", default=timezone.now)

    objects = HoursReplayQuerySet.as_manager()

    class Meta:
        verbose_name = "comptes rejoués"
        verbose_name_plural = "comptes rejoués"
        ordering = ["-asked_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["district", "school_year"], name="replay_once_a_year")]

    def __str__(self) -> str:
        return f"{self.district}, {self.school_year}"


class ReplayLine(models.Model):
    """What one source would give to one person from now on."""

    replay = models.ForeignKey(HoursReplay, models.CASCADE, related_name="lines")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    entry = models.ForeignKey(HourEntry, models.SET_NULL, null=True, related_name="+")  # none: there is none yet
    source = models.CharField(max_length=120)
    label = models.CharField(max_length=200)
    on = models.DateField()
    fate = models.CharField(max_length=6, choices=worded(rules.FATE_LABELS))
    was_minutes = models.PositiveSmallIntegerField()
    becomes_minutes = models.PositiveSmallIntegerField()
    detail = models.CharField(max_length=200, blank=True)  # what else would change, in words
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["person__last_name", "person__first_name", "person_id", "on", "pk"]
        constraints = [models.UniqueConstraint(fields=["replay", "person", "source"], name="replay_line_once")]
        indexes = [models.Index(fields=["replay", "fate"], name="replay_fates")]

    def __str__(self) -> str:
        return f"{self.label}\u00a0: {self.was_words} → {self.becomes_words}"

    @property
    def was_words(self) -> str:
        return rules.hours_words(self.was_minutes)

    @property
    def becomes_words(self) -> str:
        return rules.hours_words(self.becomes_minutes)
