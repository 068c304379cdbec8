"""Substitutes, when they are not free, and what a département decides of its brigade.

Source: docs/decisions/0030-brigade.md
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self, cast

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.calendar.rules import Half, HalfDay
from circo.dates import planned_in_words
from circo.models import Departement, Person, Posting
from circo.models.people import check_levels
from circo.rules import HALF_WORDS, Role, levels_in_order, worded
from events.brigade import rules
from events.brigade.rules import Cause, Kind

if TYPE_CHECKING:
    from circo.access import Anyone

HALVES = list(HALF_WORDS.items())


def substitutes_of(departement_ids: frozenset[int], on: date) -> models.QuerySet[Posting]:
    """The posts of substitutes of these départements, on a day."""
    held = Posting.objects.in_force(on).filter(role=Role.SUBSTITUTE, person__is_active=True)
    return held.filter(school__district__departement_id__in=departement_ids)


class SubstituteQuerySet(models.QuerySet["Substitute"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the brigades that one reads."""
        read = substitutes_of(person.reach().departement_ids_around(Permission.VIEW_BRIGADE), timezone.localdate())
        return self.filter(person_id__in=read.order_by().values("person_id"))

    def editable_by(self, person: Anyone) -> Self:
        managed = substitutes_of(person.reach().departement_ids_for(Permission.MANAGE_BRIGADE), timezone.localdate())
        return self.filter(person_id__in=managed.order_by().values("person_id"))


class Substitute(models.Model):
    """What is known of somebody who holds the role of a substitute; no row means that nobody wrote anything yet."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="substitute", verbose_name="personne")
    kind = models.CharField("sorte", max_length=8, choices=worded(rules.KIND_LABELS), default=Kind.ALL.value)
    preferred = models.JSONField("niveaux préférés", default=list, blank=True, validators=[check_levels])
    refused = models.JSONField("niveaux exclus", default=list, blank=True, validators=[check_levels])
    is_reserve = models.BooleanField(
        "gardé pour les absences imprévues", default=False, help_text="Aucune journée ne le sollicite."
    )
    is_tenured = models.BooleanField(
        "titulaire ou stagiaire", default=True, help_text="Un contractuel n’ouvre pas droit à l’ISSR."
    )
    phone = models.CharField(
        "téléphone professionnel", max_length=rules.PHONE_MAX, blank=True, help_text=rules.PHONE_READ_BY
    )

    objects = SubstituteQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["phone"])  # read by fewer people than the rest, and by nobody later

    class Meta:
        verbose_name = "remplaçant"
        ordering = ["person__last_name", "person__first_name", "pk"]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def preferred_words(self) -> str:
        return ", ".join(levels_in_order(self.preferred))

    @property
    def refused_words(self) -> str:
        return ", ".join(levels_in_order(self.refused))


class UnavailabilityQuerySet(models.QuerySet["Unavailability"]):
    def visible_to(self, person: Anyone) -> Self:
        """Those of the brigade that one manages: why somebody is not free is nobody else's business."""
        managed = substitutes_of(person.reach().departement_ids_for(Permission.MANAGE_BRIGADE), timezone.localdate())
        return self.filter(person_id__in=managed.order_by().values("person_id"))

    def editable_by(self, person: Anyone) -> Self:
        return self.visible_to(person)

    def standing(self) -> Self:
        return self.filter(removed_at=None)


class Unavailability(models.Model):
    """A period in which a substitute can't be asked. Its half-days are what no other one of theirs can hold."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="unavailabilities", verbose_name="remplaçant")
    cause = models.CharField("raison", max_length=9, choices=worded(rules.CAUSE_LABELS), default=Cause.MISSION.value)
    starts_on = models.DateField("du")
    starts_half = models.CharField("à partir du", max_length=2, choices=HALVES, default="AM")
    ends_on = models.DateField("au")
    ends_half = models.CharField("jusqu’au", max_length=2, choices=HALVES, default="PM")
    note = models.CharField("précision", max_length=rules.NOTE_MAX, blank=True)
    written_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="noté par"
    )
    written_at = models.DateTimeField("noté le", default=timezone.now)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = UnavailabilityQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        indexes = [models.Index(fields=["person", "ends_on"], name="unavailability_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on"))
                | Q(ends_on=F("starts_on")) & (Q(starts_half="AM") | Q(ends_half="PM")),
                name="unavailability_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()}, {self.words}"

    @property
    def first(self) -> HalfDay:
        return HalfDay(self.starts_on, cast(Half, self.starts_half))

    @property
    def last(self) -> HalfDay:
        return HalfDay(self.ends_on, cast(Half, self.ends_half))

    @property
    def words(self) -> str:
        """When, as one says it."""
        today = timezone.localdate()
        first, last = (planned_in_words(each, today) for each in (self.first, self.last))
        return first if first == last else f"du {first}, au {last}"


class HeldHalfDay(models.Model):
    """One half-day that an unavailability holds: two of one person's can't be the same, on any database."""

    unavailability = models.ForeignKey(Unavailability, models.CASCADE, related_name="half_days")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    day = models.DateField()
    half = models.CharField(max_length=2, choices=HALVES)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "day", "half"], name="substitute_held_once")]
        indexes = [models.Index(fields=["day", "person"], name="held_of_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day} {self.half}"


class BrigadeRulesQuerySet(models.QuerySet["BrigadeRules"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(departement_id__in=person.reach().departement_ids_around(Permission.VIEW_BRIGADE))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(departement_id__in=person.reach().departement_ids_for(Permission.MANAGE_BRIGADE))


class BrigadeRules(models.Model):
    """What a département decides of its brigade; no row means the defaults of the fields."""

    departement = models.OneToOneField(
        Departement, models.CASCADE, related_name="brigade_rules", verbose_name="département"
    )
    reserve_percent = models.PositiveSmallIntegerField(
        "part gardée pour les absences imprévues, en pour cent",
        default=rules.RESERVE_PERCENT,
        validators=[MaxValueValidator(100, "Au plus 100.")],
        help_text="Des remplaçants libres ce jour-là, arrondie au-dessus.",
    )
    limit_km = models.PositiveSmallIntegerField(
        "distance la plus longue, en kilomètres",
        default=rules.LIMIT_KM,
        validators=[MinValueValidator(1, "Au moins 1."), MaxValueValidator(200, "Au plus 200.")],
        help_text="De l’école de rattachement à l’école du remplacement, par la route.",
    )
    detour_percent = models.PositiveSmallIntegerField(
        "la route, pour 100 km à vol d’oiseau",
        default=rules.DETOUR_PERCENT,
        validators=[MinValueValidator(100, "Au moins 100."), MaxValueValidator(300, "Au plus 300.")],
        help_text="Une estimation, tant que la distance entre deux écoles n’est pas connue.",
    )
    same_face_cents = models.PositiveSmallIntegerField(
        "ce que vaut le même visage deux jours, en centimes",
        default=rules.SAME_FACE_CENTS,
        help_text="Ce que l’on accepte d’ajouter à l’ISSR pour qu’une classe garde le même remplaçant.",
    )

    objects = BrigadeRulesQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réglages de la brigade"
        verbose_name_plural = "réglages de la brigade"
        ordering = ["departement__code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reserve_percent__lte=100)
                & Q(limit_km__range=(1, 200))
                & Q(detour_percent__range=(100, 300)),
                name="brigade_rules_bounds",
            )
        ]

    def __str__(self) -> str:
        return f"Brigade, {self.departement}"
