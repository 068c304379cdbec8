"""The schools that an inspector lets more teachers leave at once than the district sets.

Source: docs/decisions/0028-sharing-days.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from circo.access import Permission
from circo.models import Person, School
from events.models.days import SharingDay
from events.needs import rules

if TYPE_CHECKING:
    from circo.access import Anyone


class LeavingExceptionQuerySet(models.QuerySet["LeavingException"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(day__district_id__in=person.reach().district_ids_for(Permission.VIEW_BRIGADE))

    def editable_by(self, person: Anyone) -> Self:
        """Those of the districts that one inspects."""
        return self.filter(day__district_id__in=person.reach().district_ids_for(Permission.EXCEED_LEAVING))

    def standing(self) -> Self:
        return self.filter(removed_at=None)


class LeavingException(models.Model):
    """One school, on one day: more may leave, with why. One stands at a time; what was taken back stays written."""

    day = models.ForeignKey(SharingDay, models.CASCADE, related_name="leaving_exceptions", verbose_name="journée")
    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name="école")
    reason = models.CharField("pourquoi", max_length=rules.NOTE_MAX)
    granted_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="accordée par"
    )
    granted_at = models.DateTimeField("accordée le", default=timezone.now)
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = LeavingExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = "exception au nombre de départs"
        verbose_name_plural = "exceptions au nombre de départs"
        ordering = ["-granted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "school"], condition=Q(removed_at=None), name="leaving_exception_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.school}, {self.day}"
