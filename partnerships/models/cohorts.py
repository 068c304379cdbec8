"""What an institution teaches, under which statuses, to which cohorts, and when it keeps them.

Source: docs/decisions/0033-partners.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.errors import Refusal
from circo.models import Institution, SchoolYear
from partnerships.cohorts import rules

if TYPE_CHECKING:
    from circo.access import Anyone


def check_kinds(codes: list[str]) -> None:
    """Raise ValidationError, in French, for kinds of days that no placement has in that order."""
    if unknown := sorted(set(codes) - set(rules.DayKind)):
        raise ValidationError(f"Sorte de journée inconnue\u00a0: {', '.join(unknown)}.", code="kinds")
    try:
        rules.check_kinds(codes)
    except Refusal as refusal:
        raise ValidationError(str(refusal), code="kinds") from refusal


class OfInstitutionQuerySet[Row: models.Model](models.QuerySet[Row]):
    """Rows that one institution keeps: read and written by those who manage its students."""

    institution_path = "institution_id"

    def visible_to(self, person: Anyone) -> Self:
        kept = person.reach().institution_ids_for(Permission.MANAGE_STUDENTS)
        return self.filter(**{f"{self.institution_path}__in": kept})

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)


class Programme(models.Model):
    """A year of a course: how long its students are in schools, and for what."""

    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="institut")
    name = models.CharField("nom", max_length=rules.NAME_MAX)
    weeks = models.PositiveSmallIntegerField(
        "semaines de stage",
        validators=[
            MinValueValidator(1, "Un stage dure au moins une semaine."),
            MaxValueValidator(rules.WEEKS_MAX, f"Un stage dure au plus {rules.WEEKS_MAX}\u00a0semaines."),
        ],
    )
    kinds = models.JSONField("sortes de journées", default=list, validators=[check_kinds])
    before_accompanied = models.PositiveSmallIntegerField(
        "demi-journées d’observation avant la pratique accompagnée",
        default=4,
        validators=[MaxValueValidator(rules.HALF_DAYS_MAX, f"Au plus {rules.HALF_DAYS_MAX}.")],
    )
    before_responsibility = models.PositiveSmallIntegerField(
        "demi-journées de pratique accompagnée avant la responsabilité",
        default=4,
        validators=[MaxValueValidator(rules.HALF_DAYS_MAX, f"Au plus {rules.HALF_DAYS_MAX}.")],
    )

    objects = OfInstitutionQuerySet["Programme"].as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "formation"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "name"],
                name="programme_name_once",
                violation_error_message="Une formation de l’institut porte déjà ce nom.",
            ),
            models.CheckConstraint(condition=Q(weeks__range=(1, rules.WEEKS_MAX)), name="programme_weeks"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kinds_words(self) -> str:
        return rules.kinds_in_words(self.kinds)


class StudentStatus(models.Model):
    """What a student is in law: whether it lets one be alone with a class, and which text says so."""

    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="institut")
    name = models.CharField("nom", max_length=rules.NAME_MAX)
    may_be_alone = models.BooleanField("peut être seul·e avec une classe", default=False)
    legal_text = models.CharField(
        "texte qui le permet",
        max_length=rules.TEXT_MAX,
        blank=True,
        help_text="Par exemple\u00a0: contrat d’alternance, arrêté d’affectation. Demandé si l’on peut être seul·e.",
    )

    objects = OfInstitutionQuerySet["StudentStatus"].as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "statut"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "name"],
                name="student_status_name_once",
                violation_error_message="Un statut de l’institut porte déjà ce nom.",
            ),
            models.CheckConstraint(
                condition=Q(may_be_alone=False) | ~Q(legal_text=""),
                name="student_status_has_text",
                violation_error_message="Écrivez le texte qui permet d’être seul·e avec une classe.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Cohort(models.Model):
    """The students of one programme and year who go to schools together."""

    institution = models.ForeignKey(Institution, models.PROTECT, verbose_name="institut")
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name="formation")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, verbose_name="année scolaire")
    name = models.CharField("nom", max_length=rules.NAME_MAX)

    objects = OfInstitutionQuerySet["Cohort"].as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "promotion"
        ordering = ["-school_year__first_day", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "school_year", "name"],
                name="cohort_name_once",
                violation_error_message="Une promotion de cette année porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UniversityPeriodQuerySet(OfInstitutionQuerySet["UniversityPeriod"]):
    institution_path = "cohort__institution_id"

    def standing(self) -> Self:
        return self.filter(removed_at=None)


class UniversityPeriod(models.Model):
    """Days on which the university keeps a cohort: courses, examinations. No placement takes them."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="periods", verbose_name="promotion")
    label = models.CharField("ce qu’il y a", max_length=rules.NAME_MAX)
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")
    removed_at = models.DateTimeField("retirée le", null=True, blank=True)

    objects = UniversityPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "période à l’université"
        verbose_name_plural = "périodes à l’université"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="university_period_in_order",
                violation_error_message="Le dernier jour vient après le premier.",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_past(self) -> bool:
        return self.ends_on < timezone.localdate()
