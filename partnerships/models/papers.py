"""What the papers of placements say, course by course; and who signed for which half-day.

Source: docs/decisions/0039-placement-papers.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from circo.models import Person
from partnerships.models.cohorts import OfInstitutionQuerySet, Programme
from partnerships.models.placements import PlacementDay
from partnerships.papers import rules

if TYPE_CHECKING:
    from circo.access import Anyone


class PlacementTermsQuerySet(OfInstitutionQuerySet["PlacementTerms"]):
    institution_path = "programme__institution_id"


class PlacementTerms(models.Model):
    """What the agreement of each student of a course says, beside names and dates (Code de l’éducation, D. 124-4)."""

    programme = models.OneToOneField(Programme, models.CASCADE, related_name="terms", verbose_name="formation")
    represented_by = models.CharField(
        "qui représente l’institut",
        max_length=rules.NAME_MAX,
        help_text="Par exemple\u00a0: sa directrice, par délégation du président de l’université.",
    )
    yearly_hours = models.PositiveSmallIntegerField(
        "volume horaire annuel de la formation",
        validators=[MaxValueValidator(rules.HOURS_MAX, f"Au plus {rules.HOURS_MAX}\u00a0h.")],
    )
    referent = models.CharField(
        "référent ou référente dans l’institut",
        max_length=rules.NAME_MAX,
        help_text="Celui ou celle du stage, s’il en a un, le remplace.",
    )
    skills = models.TextField("compétences à acquérir", max_length=rules.TEXT_MAX, help_text="Une par ligne.")
    support = models.TextField("accompagnement", max_length=rules.TEXT_MAX, blank=True)
    gratification = models.CharField(
        "gratification", max_length=rules.LINE_MAX, default="Le stage ne donne pas lieu à gratification."
    )
    social_protection = models.TextField("protection sociale", max_length=rules.TEXT_MAX)
    insurance = models.CharField(
        "assurance de responsabilité civile", max_length=rules.LINE_MAX, help_text="L’assureur et le numéro."
    )
    absences = models.TextField("absences autorisées", max_length=rules.TEXT_MAX)
    validation = models.TextField("comment le stage est validé", max_length=rules.TEXT_MAX)

    objects = PlacementTermsQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "texte des conventions de stage"
        verbose_name_plural = "textes des conventions de stage"
        ordering = ["programme__name", "pk"]

    def __str__(self) -> str:
        return f"Conventions de stage, {self.programme}"


class DaySignatureQuerySet(models.QuerySet["DaySignature"]):
    def visible_to(self, person: Anyone) -> Self:
        """As the half-day itself."""
        return self.filter(day__in=PlacementDay.objects.visible_to(person).order_by().values("pk"))


class DaySignature(models.Model):
    """Who said that a student was there, one half-day: the student first, then who received."""

    day = models.OneToOneField(PlacementDay, models.CASCADE, related_name="signature", verbose_name="demi-journée")
    student_at = models.DateTimeField("signée par l’étudiant·e le", null=True, blank=True)
    host_at = models.DateTimeField("signée dans la classe le", null=True, blank=True)
    host_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="dans la classe, par"
    )

    objects = DaySignatureQuerySet.as_manager()

    class Meta:
        verbose_name = "signature d’une demi-journée"
        verbose_name_plural = "signatures de demi-journées"
        ordering = ["day__day", "day__half", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(student_at__isnull=False) | Q(host_at__isnull=False), name="day_signature_of_somebody"
            )
        ]

    def __str__(self) -> str:
        return f"Signature {self.pk}"
