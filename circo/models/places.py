"""Where people work, and when: départements, districts, schools, institutions, school years, derogations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from circo import rules
from circo.access import Permission
from circo.calendar.rules import Zone
from circo.models.folding import folded_column

if TYPE_CHECKING:
    from circo.access import Anyone


def check_uai(code: str) -> None:
    """Raise ValidationError, in French, for a UAI that no school can have."""
    if not rules.UAI_SHAPE.match(code):
        raise ValidationError("Un UAI compte sept chiffres et une lettre, par exemple 0271300S.", code="uai")
    if not rules.is_uai(code):
        raise ValidationError(
            f"L’UAI {code} n’existe pas : sa lettre devrait être {rules.uai_key(code[:7])}. Vérifiez les chiffres.",
            code="uai",
        )


class DepartementQuerySet(models.QuerySet["Departement"]):
    def visible_to(self, person: Anyone) -> Self:
        """The départements in which the person holds a role, at any level."""
        return self.filter(pk__in=person.reach().departement_ids)

    def editable_by(self, person: Anyone) -> Self:
        return self if person.reach().everything else self.none()


class Departement(models.Model):
    code = models.CharField(
        "code",
        max_length=3,
        unique=True,
        validators=[RegexValidator(r"^(\d{2,3}|2[AB])$", "Par exemple 27, 2A ou 974.")],
    )
    name = models.CharField("nom", max_length=80)
    holiday_zone = models.CharField(
        "zone de vacances",
        max_length=1,
        blank=True,
        choices=[(zone.value, f"Zone {zone}") for zone in Zone],
        help_text="Vide\u00a0: celle de l’académie, d’après le code. La Corse et l’outre-mer ne sont dans aucune zone.",
    )

    objects = DepartementQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class DistrictQuerySet(models.QuerySet["District"]):
    def visible_to(self, person: Anyone) -> Self:
        """The districts in which the person works, or that the person oversees."""
        return self.filter(pk__in=person.reach().district_ids)

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(pk__in=person.reach().district_ids_for(Permission.MANAGE_PLACES))


class District(models.Model):
    """A circonscription: the territory of one inspector, about 300 teachers."""

    departement = models.ForeignKey(Departement, models.PROTECT, verbose_name="département")
    name = models.CharField("nom", max_length=120)
    uai = models.CharField("UAI", max_length=8, unique=True, null=True, blank=True, validators=[check_uai])

    objects = DistrictQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "circonscription"
        ordering = ["departement__code", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["departement", "name"],
                name="district_name_once",
                violation_error_message="Une circonscription de ce département porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class SchoolQuerySet(models.QuerySet["School"]):
    def visible_to(self, person: Anyone) -> Self:
        """The schools of the districts that the person works in or oversees."""
        return self.filter(district_id__in=person.reach().district_ids)

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.MANAGE_PLACES))


class School(models.Model):
    district = models.ForeignKey(District, models.PROTECT, verbose_name="circonscription")
    uai = models.CharField("UAI", max_length=8, unique=True, validators=[check_uai])
    name = models.CharField("nom", max_length=160)
    commune = models.CharField("commune", max_length=120)
    insee_code = models.CharField(
        "code INSEE",
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^(\d{2}|2[AB])\d{3}$", "Cinq caractères, par exemple 27701.")],
    )
    is_public = models.BooleanField("école publique", default=True)
    week_pattern = models.CharField(
        "semaine",
        max_length=3,
        choices=[(rules.WeekPattern.FOUR_DAYS, "4 jours"), (rules.WeekPattern.FOUR_DAYS_AND_A_HALF, "4 jours et demi")],
        default=rules.WeekPattern.FOUR_DAYS,
    )
    priority_status = models.CharField(
        "éducation prioritaire",
        max_length=4,
        blank=True,
        choices=[(rules.PriorityStatus.REP, "REP"), (rules.PriorityStatus.REP_PLUS, "REP+")],
    )
    pupil_count = models.PositiveIntegerField(
        "nombre d’élèves", null=True, blank=True, validators=[MaxValueValidator(2000)]
    )
    latitude = models.FloatField(
        "latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    closed_on = models.DateField("fermée le", null=True, blank=True)
    folded = folded_column("name", "commune", "uai")

    objects = SchoolQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["folded"])

    class Meta:
        verbose_name = "école"
        ordering = ["commune", "name", "uai"]

    def __str__(self) -> str:
        return f"{self.name} ({self.commune})"


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own institution, and those that work with a département that the person oversees."""
        reach = person.reach()
        overseen = reach.departement_ids_for(Permission.OVERSEE_DEPARTEMENT)
        return self.filter(Q(pk__in=reach.institution_ids) | Q(departement_id__in=overseen))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(departement_id__in=person.reach().departement_ids_for(Permission.OVERSEE_DEPARTEMENT))


class Institution(models.Model):
    """An ESPE/INSPÉ, or another partner that trains teachers."""

    departement = models.ForeignKey(Departement, models.PROTECT, verbose_name="département")
    name = models.CharField("nom", max_length=160, unique=True)

    objects = InstitutionQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "institut de formation"
        verbose_name_plural = "instituts de formation"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SchoolYearQuerySet(models.QuerySet["SchoolYear"]):
    def holding(self, on: date) -> Self:
        return self.filter(first_day__lte=on, last_day__gte=on)

    def visible_to(self, person: Anyone) -> Self:
        """School years are the same for everybody who is signed in."""
        return self if person.is_authenticated else self.none()

    def editable_by(self, person: Anyone) -> Self:
        return self if person.reach().everything else self.none()


class SchoolYear(models.Model):
    first_day = models.DateField("premier jour", unique=True)
    last_day = models.DateField("dernier jour", unique=True)

    objects = SchoolYearQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "année scolaire"
        verbose_name_plural = "années scolaires"
        ordering = ["-first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gt=F("first_day")),
                name="school_year_in_order",
                violation_error_message="Le dernier jour vient après le premier.",
            )
        ]

    def __str__(self) -> str:
        return rules.school_year_label(self.first_day)


class DerogationQuerySet(models.QuerySet["Derogation"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the districts that the person's team runs."""
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.MANAGE_PLACES))


class Derogation(models.Model):
    """A written permission to depart from a rule: what it allows, who signed it, and until when."""

    district = models.ForeignKey(District, models.PROTECT, verbose_name="circonscription")
    reference = models.CharField("référence", max_length=120)
    authority = models.CharField(
        "autorité signataire", max_length=160, help_text="Par exemple : Recteur de l’académie de Normandie."
    )
    allows = models.TextField("ce qu’elle permet")
    allows_students_alone = models.BooleanField(
        "permet à des étudiants de tenir une classe",
        default=False,
        help_text="Elle fonde alors les demi-journées de stage en responsabilité, dans ses dates.",
    )
    starts_on = models.DateField("du")
    ends_on = models.DateField("au")

    objects = DerogationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "dérogation"
        ordering = ["-starts_on", "reference"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="derogation_in_order",
                violation_error_message="La date de fin vient après la date de début.",
            ),
            models.UniqueConstraint(
                fields=["district", "reference"],
                name="derogation_reference_once",
                violation_error_message="Cette référence existe déjà dans la circonscription.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference
