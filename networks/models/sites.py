"""Observation sites: a class that colleagues may come and see, and what a district decides of visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.models import District, Person, Posting, School
from circo.models.folding import folded_column
from circo.rules import Role, half_day_in_words, levels_in_order
from networks.models.groups import Network
from networks.visits import rules

if TYPE_CHECKING:
    from circo.access import Anyone


def schools_headed_by(person: Anyone) -> models.QuerySet[Any, int]:
    """The ids of the schools of which a person is the head teacher today."""
    held = Posting.objects.in_force(timezone.localdate()).filter(role=Role.HEAD_TEACHER)
    held = held.none() if person.pk is None else held.filter(person_id=person.pk)
    return held.order_by().values_list("school_id", flat=True)


class ObservationSiteQuerySet(models.QuerySet["ObservationSite"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own; those of one's district, and those opened to one's département."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        reach = person.reach()
        seen = (Permission.VISIT_CLASSES, Permission.VIEW_TEAM)
        districts = frozenset().union(*map(reach.district_ids_for, seen))
        departements = frozenset().union(*map(reach.departement_ids_around, seen))
        wide = Q(circle=ObservationSite.Circle.DEPARTEMENT, school__district__departement_id__in=departements)
        return self.filter(Q(host_id=person.pk) | Q(school__district_id__in=districts) | wide)

    def editable_by(self, person: Anyone) -> Self:
        """One's own."""
        return self.visible_to(person).filter(host_id=person.pk)

    def overseen_by(self, person: Anyone) -> Self:
        """Those that one's team may suspend, or open to the whole département."""
        return self.filter(school__district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))

    def headed_by(self, person: Anyone) -> Self:
        """Those of the schools of which one is the head teacher."""
        return self.filter(school_id__in=schools_headed_by(person))

    def open(self) -> Self:
        """Those where one may go today: neither paused nor refused by the head, and the host still teaches there."""
        still = Posting.objects.in_force(timezone.localdate()).filter(
            person_id=models.OuterRef("host_id"), school_id=models.OuterRef("school_id")
        )
        return self.filter(models.Exists(still), state=rules.SiteState.OPEN, host__is_active=True).exclude(
            head_answer=rules.HeadAnswer.OBJECTED
        )


class ObservationSite(models.Model):
    """One class, what one can see there, and when its doors are open."""

    class State(models.TextChoices):
        OPEN = rules.SiteState.OPEN, "ouvert"
        PAUSED = rules.SiteState.PAUSED, "en pause"
        SUSPENDED = rules.SiteState.SUSPENDED, "suspendu par la circonscription"

    class Head(models.TextChoices):
        TOLD = rules.HeadAnswer.TOLD, "direction informée"
        AGREED = rules.HeadAnswer.AGREED, "accord de la direction"
        OBJECTED = rules.HeadAnswer.OBJECTED, "la direction s’y oppose"

    class Circle(models.TextChoices):
        DISTRICT = "DISTRICT", "la circonscription"
        DEPARTEMENT = "DEPARTEMENT", "le département"

    host = models.ForeignKey(Person, models.CASCADE, related_name="observation_sites", verbose_name="chez")
    school = models.ForeignKey(School, models.PROTECT, related_name="observation_sites", verbose_name="école")
    title = models.CharField("ce que l’on peut voir", max_length=rules.TITLE_MAX)
    network = models.ForeignKey(Network, models.SET_NULL, null=True, blank=True, verbose_name="réseau")
    practices = models.JSONField("pratiques", default=list, blank=True)
    levels = models.JSONField("niveaux", default=list)
    seats = models.PositiveSmallIntegerField("places par visite", default=1)
    week = models.JSONField("demi-journées de la semaine", default=list, blank=True)
    dates = models.JSONField("dates", default=list, blank=True)
    conditions = models.TextField("conditions", max_length=rules.TEXT_MAX, blank=True)
    to_prepare = models.TextField("à préparer", max_length=rules.TEXT_MAX, blank=True)
    circle = models.CharField("ouvert à", max_length=11, choices=Circle, default=Circle.DISTRICT)
    state = models.CharField("état", max_length=9, choices=State, default=State.OPEN)
    reason = models.CharField("raison de la suspension", max_length=rules.WORD_MAX, blank=True)
    head_answer = models.CharField("direction", max_length=8, choices=Head, default=Head.TOLD)
    head_word = models.CharField("mot de la direction", max_length=rules.WORD_MAX, blank=True)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    folded = folded_column("title")

    objects = ObservationSiteQuerySet.as_manager()

    class Meta:
        verbose_name = "lieu d’observation"
        verbose_name_plural = "lieux d’observation"
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seats__range=(1, rules.SEATS_MAX)),
                name="site_seats",
                violation_error_message=f"Une visite compte de 1 à {rules.SEATS_MAX}\u00a0places.",
            ),
            models.CheckConstraint(
                condition=Q(state=rules.SiteState.SUSPENDED) | Q(reason=""), name="site_reason_of_suspension"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def levels_in_order(self) -> list[str]:
        return levels_in_order(self.levels)

    @property
    def practices_in_words(self) -> list[str]:
        return [words for practice, words in rules.PRACTICES.items() if practice.value in self.practices]

    @property
    def week_in_words(self) -> list[str]:
        return [half_day_in_words(code) for code in self.week]

    @property
    def is_open(self) -> bool:
        return self.state == rules.SiteState.OPEN and self.head_answer != rules.HeadAnswer.OBJECTED


def check_quarters(minutes: int) -> None:
    """Raise ValidationError for what is not made of whole quarters of an hour."""
    if minutes % 15:
        raise ValidationError("Les heures se comptent par quarts d’heure.", code="quarters")


class VisitSettingsQuerySet(models.QuerySet["VisitSettings"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))


class VisitSettings(models.Model):
    """What a district decides of visits; no row means the defaults of the fields."""

    district = models.OneToOneField(
        District,
        models.CASCADE,
        related_name="visit_settings",
        verbose_name="circonscription",
        error_messages={"unique": "Les réglages de cette circonscription existent déjà : modifiez-les."},
    )
    hours_count = models.BooleanField("les visites comptent dans les 18 heures", default=False)
    minutes = models.PositiveSmallIntegerField(
        "minutes comptées par visite",
        default=rules.DEFAULT_MINUTES,
        validators=[
            MinValueValidator(15, "Au moins un quart d’heure."),
            MaxValueValidator(360, "Au plus six heures."),
            check_quarters,
        ],
    )
    notice_hours = models.PositiveSmallIntegerField(
        "heures de délai avant une visite",
        default=rules.DEFAULT_NOTICE_HOURS,
        validators=[MaxValueValidator(720, "Au plus trente jours.")],
    )
    offer_hours = models.PositiveSmallIntegerField(
        "heures pour accepter une place libérée",
        default=rules.DEFAULT_OFFER_HOURS,
        validators=[MinValueValidator(1, "Au moins une heure."), MaxValueValidator(168, "Au plus une semaine.")],
    )
    visits_a_year = models.PositiveSmallIntegerField(
        "visites par personne et par an",
        default=rules.DEFAULT_VISITS_A_YEAR,
        validators=[MinValueValidator(1, "Au moins une."), MaxValueValidator(40, "Au plus quarante.")],
    )
    second_years_host = models.BooleanField("les deuxièmes années peuvent ouvrir leur classe", default=False)

    objects = VisitSettingsQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réglages des visites"
        verbose_name_plural = "réglages des visites"
        ordering = ["district__name"]
        constraints = [
            models.CheckConstraint(condition=Q(minutes__range=(15, 360)), name="visit_minutes"),
            models.CheckConstraint(condition=Q(offer_hours__range=(1, 168)), name="visit_offer_hours"),
        ]

    def __str__(self) -> str:
        return f"Visites, {self.district}"
