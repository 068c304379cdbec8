"""What a district decides of hours done at a distance, at one's own pace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.hours import rules
from circo.models.hours import check_quarters, quarters
from circo.models.places import Derogation, District
from circo.rules import worded

if TYPE_CHECKING:
    from circo.access import Anyone


class SelfPacedRulesQuerySet(models.QuerySet["SelfPacedRules"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_HOURS))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VALIDATE_HOURS))


class SelfPacedRules(models.Model):
    """Under which derogation, how far and as what such hours count; no row: all of them, as their source says."""

    district = models.OneToOneField(
        District,
        models.CASCADE,
        related_name="self_paced_rules",
        verbose_name="circonscription",
        error_messages={"unique": "Les réglages de cette circonscription existent déjà\u00a0: modifiez-les."},
    )
    derogation = models.ForeignKey(
        Derogation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="dérogation",
        help_text="Celle sous laquelle ces heures comptent. Les relevés la nomment.",
    )
    cap_minutes = models.PositiveSmallIntegerField(
        "minutes au plus",
        null=True,
        blank=True,
        validators=[MaxValueValidator(rules.FULL_QUOTA_MINUTES), check_quarters],
        help_text="Par personne et par année scolaire\u00a0: 540 pour 9\u00a0h. Vide\u00a0: sans plafond.",
    )
    category = models.CharField(
        "au titre de",
        max_length=20,
        choices=worded(rules.CATEGORY_LABELS),
        blank=True,
        help_text="Vide\u00a0: comme chaque parcours le dit.",
    )

    objects = SelfPacedRulesQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réglages des heures à son rythme"
        verbose_name_plural = "réglages des heures à son rythme"
        ordering = ["district__name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cap_minutes=None) | Q(cap_minutes__lte=rules.FULL_QUOTA_MINUTES) & quarters("cap_minutes"),
                name="self_paced_cap_quarters",
                violation_error_message="De 0 à 18\u00a0h, par quarts d’heure.",
            )
        ]

    def __str__(self) -> str:
        return f"Heures à son rythme, {self.district}"

    def clean(self) -> None:
        if self.derogation is not None and self.derogation.district_id != self.district_id:
            raise ValidationError({"derogation": "Cette dérogation est celle d’une autre circonscription."})
