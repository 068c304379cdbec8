"""The roads between the schools of a département, from a table that somebody brought.

Source: docs/decisions/0030-brigade.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from circo.access import Permission
from circo.models import School

if TYPE_CHECKING:
    from circo.access import Anyone


class SchoolDistanceQuerySet(models.QuerySet["SchoolDistance"]):
    def visible_to(self, person: Anyone) -> Self:
        read = person.reach().departement_ids_around(Permission.VIEW_BRIGADE)
        return self.filter(home__district__departement_id__in=read)

    def editable_by(self, person: Anyone) -> Self:
        managed = person.reach().departement_ids_for(Permission.MANAGE_BRIGADE)
        return self.filter(home__district__departement_id__in=managed)


class SchoolDistance(models.Model):
    """How far it is by road from one school to another: the way back is as long, unless it has a row of its own."""

    home = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name="de")
    school = models.ForeignKey(School, models.CASCADE, related_name="+", verbose_name="à")
    metres = models.PositiveIntegerField("distance, en mètres")
    minutes = models.PositiveSmallIntegerField("trajet, en minutes", null=True, blank=True)

    objects = SchoolDistanceQuerySet.as_manager()

    class Meta:
        verbose_name = "distance entre deux écoles"
        verbose_name_plural = "distances entre écoles"
        ordering = ["home__uai", "school__uai"]
        constraints = [
            models.UniqueConstraint(fields=["home", "school"], name="school_distance_once"),
            models.CheckConstraint(condition=~Q(home=F("school")), name="school_distance_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.metres / 1000:.1f} km"
