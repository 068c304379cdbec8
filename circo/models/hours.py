"""Hours of the 18: what an event counts for, what each did, what each owes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.hours import rules
from circo.hours.rules import Category, Counting, Mode, State
from circo.models.people import Person
from circo.models.places import District, SchoolYear
from circo.rules import worded

if TYPE_CHECKING:
    from circo.access import Anyone

_CATEGORIES = worded(rules.CATEGORY_LABELS)


def check_quarters(minutes: int) -> None:
    """Raise ValidationError for a duration that is not made of whole quarters of an hour."""
    if not rules.is_quarter(minutes):
        raise ValidationError("Les heures se comptent par quarts d’heure.", code="quarters")


def quarters(name: str) -> Q:
    """The database's own form of `rules.is_quarter`."""
    return Q(**{name: F(name) - F(name) % rules.QUARTER_MINUTES})


class CountingMixin(models.Model):
    """What an event counts for in the 18 hours: `class Meta(CountingMixin.Meta)` takes the constraints as well."""

    counting = models.CharField(
        "dans les 18 heures",
        max_length=8,
        choices=worded(rules.COUNTING_LABELS),
        default=Counting.COUNTS.value,
    )
    counted_minutes = models.PositiveSmallIntegerField(
        "minutes comptées",
        null=True,
        blank=True,
        validators=[MaxValueValidator(rules.ENTRY_MINUTES_MAX), check_quarters],
        help_text="Si l’événement compte en partie.",
    )
    category = models.CharField(
        "au titre de", max_length=20, choices=_CATEGORIES, default=Category.TRAINING_ANIMATION.value
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(counting=Counting.PARTLY.value, counted_minutes__isnull=False)
                | (~Q(counting=Counting.PARTLY.value) & Q(counted_minutes__isnull=True)),
                name="%(class)s_counted_minutes",
                violation_error_message="Dites combien de minutes comptent, si l’événement compte en partie\u00a0; "
                "sinon, laissez vide.",
            ),
            models.CheckConstraint(
                condition=Q(counted_minutes__isnull=True) | quarters("counted_minutes"),
                name="%(class)s_counted_quarters",
                violation_error_message="Les heures se comptent par quarts d’heure.",
            ),
        ]

    def credited_minutes(self, duration_minutes: int, attended_share: float | Fraction = 1) -> int:
        """The minutes that it gives to somebody who was there for that share of it."""
        return rules.credited_minutes(Counting(self.counting), duration_minutes, self.counted_minutes, attended_share)


class HourEntryQuerySet(models.QuerySet["HourEntry"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, and those of the districts whose hours one follows."""
        if not person.is_authenticated:
            return self.none()
        followed = person.reach().district_ids_for(Permission.VIEW_HOURS)
        return self.filter(Q(person_id=person.pk) | Q(district_id__in=followed))

    def editable_by(self, person: Anyone) -> Self:
        """Those that one may confirm or refuse: of one's district, never one's own."""
        return self.with_right(person, Permission.CONFIRM_HOURS)

    def with_right(self, person: Anyone, permission: Permission) -> Self:
        """Those of the districts where a role gives that permission; never one's own."""
        if not person.is_authenticated:
            return self.none()
        rows = self.filter(district_id__in=person.reach().district_ids_for(permission), person__isnull=False)
        return rows.exclude(person_id=person.pk)

    def counted(self) -> Self:
        """All but what was refused."""
        return self.filter(state__in=rules.COUNTED_STATES)


def _signatures() -> Q:
    """The database's own form of `rules.SIGNED`: in each state its signatures, and no other."""
    condition = Q()
    for state, signed in rules.SIGNED.items():
        dates = {f"{name}_at__isnull": name not in signed for name in rules.SIGNATURES}
        condition |= Q(state=state.value, **dates)
    return condition


class HourEntry(models.Model):
    """Hours that one person did, from one source, once."""

    if TYPE_CHECKING:  # read by the history
        _history_user: Person

    # Without a person: validated hours of somebody whose account was erased since.
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="hour_entries", verbose_name="personne")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="année scolaire")
    district = models.ForeignKey(District, models.PROTECT, related_name="+", verbose_name="circonscription")
    on = models.DateField("le")
    minutes = models.PositiveSmallIntegerField("minutes")
    # What the source gave, where the district's cap on hours at one's own pace took a part of it away.
    announced_minutes = models.PositiveSmallIntegerField("minutes annoncées", null=True, blank=True)
    category = models.CharField("au titre de", max_length=20, choices=_CATEGORIES)
    mode = models.CharField("forme", max_length=12, choices=worded(rules.MODE_LABELS))
    source = models.CharField("source", max_length=120)  # « networks.meeting:12 »
    label = models.CharField("intitulé", max_length=200)
    path = models.CharField("adresse de la source", max_length=300, blank=True)
    state = models.CharField(
        "état",
        max_length=10,
        choices=worded(rules.STATE_LABELS),
        default=State.PROPOSED.value,
    )
    reason = models.TextField("raison du refus", max_length=500, blank=True)
    proposed_by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="proposées par")
    proposed_at = models.DateTimeField("proposées le", default=timezone.now)
    confirmed_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="confirmées par"
    )
    confirmed_at = models.DateTimeField("confirmées le", null=True, blank=True)
    validated_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="validées par"
    )
    validated_at = models.DateTimeField("validées le", null=True, blank=True)
    refused_by = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="refusées par"
    )
    refused_at = models.DateTimeField("refusées le", null=True, blank=True)

    objects = HourEntryQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ligne d’heures"
        verbose_name_plural = "lignes d’heures"
        ordering = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "source"], name="hours_once_a_source"),
            models.CheckConstraint(
                condition=Q(minutes__range=(rules.QUARTER_MINUTES, rules.ENTRY_MINUTES_MAX)) & quarters("minutes"),
                name="hours_quarters",
                violation_error_message="Les heures se comptent par quarts d’heure.",
            ),
            models.CheckConstraint(
                condition=Q(announced_minutes=None) | Q(announced_minutes__gt=F("minutes"), mode=Mode.SELF_PACED.value),
                name="hours_announced",
            ),
            models.CheckConstraint(condition=_signatures(), name="hours_signed"),
            models.CheckConstraint(
                condition=(Q(state=State.REFUSED.value) & ~Q(reason=""))
                | (~Q(state=State.REFUSED.value) & Q(reason="")),
                name="hours_refused_with_a_reason",
                violation_error_message="Un refus dit pourquoi.",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(state=State.VALIDATED.value), name="hours_of_a_person"
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("person")) & ~Q(validated_by=F("person")) & ~Q(refused_by=F("person")),
                name="hours_not_signed_by_oneself",
                violation_error_message="Personne ne confirme ses propres heures.",
            ),
        ]
        indexes = [
            models.Index(fields=["district", "school_year", "state"], name="hours_queue"),
            models.Index(fields=["person", "school_year"], name="hours_account"),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {rules.in_words(self.minutes)}"


class HoursQuotaQuerySet(models.QuerySet["HoursQuota"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own, and those of the people whose hours one follows."""
        if not person.is_authenticated:
            return self.none()
        followed = person.reach().district_ids_for(Permission.VIEW_HOURS)
        return self.filter(Q(person_id=person.pk) | Q(person__in=Person.objects.posted_in(followed)))

    def editable_by(self, person: Anyone) -> Self:
        """Those of the people whom one manages, as the part-time of their postings; never one's own."""
        if not person.is_authenticated:
            return self.none()
        mine = person.reach().district_ids_for(Permission.MANAGE_PEOPLE)
        return self.filter(person__in=Person.objects.posted_in(mine)).exclude(person_id=person.pk)


class HoursQuota(models.Model):
    """What one person owes of the 18 hours in one school year, where the part-time alone does not say it."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="hours_quotas", verbose_name="personne")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="année scolaire")
    minutes = models.PositiveSmallIntegerField(
        "minutes à faire",
        validators=[MinValueValidator(0), MaxValueValidator(rules.FULL_QUOTA_MINUTES), check_quarters],
        help_text="En minutes, par quarts d’heure\u00a0: 540 pour 9\u00a0h, 1080 pour 18\u00a0h.",
    )

    objects = HoursQuotaQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "heures dues"
        verbose_name_plural = "heures dues"
        ordering = ["-school_year__first_day", "person__last_name", "person__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "school_year"],
                name="hours_quota_once",
                violation_error_message="Les heures de cette personne sont déjà fixées pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(minutes__lte=rules.FULL_QUOTA_MINUTES) & quarters("minutes"),
                name="hours_quota_quarters",
                violation_error_message="De 0 à 18\u00a0h, par quarts d’heure.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.school_year}\u00a0: {rules.in_words(self.minutes)}"
