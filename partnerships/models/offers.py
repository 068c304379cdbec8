"""The vivier: classes offered to students for a school year, what became of each offer, and the limits of a district.

Source: docs/decisions/0035-offers.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from circo.access import Permission
from circo.calendar.rules import HalfDay
from circo.dates import planned_in_words
from circo.models import District, Institution, Person, School, SchoolYear
from circo.rules import half_day_in_words, levels_in_order, worded
from networks.models.sites import schools_headed_by
from networks.visits.rules import PRACTICES
from partnerships.offers import rules
from partnerships.offers.rules import OfferState, Pattern, Verb

if TYPE_CHECKING:
    from circo.access import Anyone

STATES = worded(rules.STATE_LABELS)


class HostOfferQuerySet(models.QuerySet["HostOffer"]):
    def visible_to(self, person: Anyone) -> Self:
        """One's own; those of the school that one heads, of one's team's district; those open to one's students."""
        if not person.is_authenticated or not person.is_active:
            return self.none()
        overseen = person.reach().district_ids_for(Permission.VIEW_TEAM)
        opened = self.model.objects.opened_to(person).order_by().values("pk")
        mine = Q(person_id=person.pk) | Q(school_id__in=schools_headed_by(person))
        return self.filter(mine | Q(school__district_id__in=overseen) | Q(pk__in=opened))

    def editable_by(self, person: Anyone) -> Self:
        """One's own."""
        return self.filter(person_id=person.pk) if person.is_authenticated and person.is_active else self.none()

    def headed_by(self, person: Anyone) -> Self:
        """Those of the schools of which one is the head teacher."""
        return self.filter(school_id__in=schools_headed_by(person))

    def overseen_by(self, person: Anyone) -> Self:
        """Those that one opens to the institutions, or not."""
        return self.filter(school__district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))

    def opened_to(self, person: Anyone) -> Self:
        """Those that are open to the institutions whose students one manages."""
        kept = person.reach().institution_ids_for(Permission.MANAGE_STUDENTS)
        return self.filter(
            state=OfferState.OPEN,
            pk__in=HostOffer.institutions.through.objects.filter(institution_id__in=kept).values("hostoffer_id"),
        )


class HostOffer(models.Model):
    """One class that a teacher offers to students, for one school year, and where the offer stands."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="host_offers", verbose_name="chez")
    school = models.ForeignKey(School, models.PROTECT, related_name="host_offers", verbose_name="école")
    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+", verbose_name="année scolaire")
    levels = models.JSONField("niveaux", default=list)
    practices = models.JSONField("pratiques", default=list, blank=True)
    seats = models.PositiveSmallIntegerField("étudiants à la fois", default=1)
    week = models.JSONField("demi-journées de la semaine", default=list, blank=True)
    periods = models.JSONField("périodes de l’année", default=list, blank=True)  # empty: all
    dates = models.JSONField("dates en plus", default=list, blank=True)
    but = models.JSONField("dates en moins", default=list, blank=True)
    conditions = models.TextField("conditions", max_length=rules.TEXT_MAX, blank=True)
    state = models.CharField("état", max_length=9, choices=STATES, default=OfferState.PROPOSED.value)
    institutions = models.ManyToManyField(Institution, blank=True, related_name="host_offers", verbose_name="ouverte à")
    created_at = models.DateTimeField("proposée le", auto_now_add=True)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = HostOfferQuerySet.as_manager()

    class Meta:
        verbose_name = "classe proposée aux étudiants"
        verbose_name_plural = "classes proposées aux étudiants"
        ordering = ["school__commune", "school__name", "person__last_name", "person__first_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "school", "school_year"],
                name="host_offer_once_a_year",
                violation_error_message="Cette classe est déjà proposée pour cette année.",
            ),
            models.CheckConstraint(
                condition=Q(seats__range=(1, rules.SEATS_MAX)),
                name="host_offer_seats",
                violation_error_message=f"De 1 à {rules.SEATS_MAX}\u00a0étudiants à la fois.",
            ),
            models.CheckConstraint(condition=Q(state__in=sorted(OfferState)), name="host_offer_state"),
        ]
        indexes = [models.Index(fields=["school_year", "state"], name="host_offer_by_year")]

    def __str__(self) -> str:
        return f"{self.person}, {self.school}"

    @property
    def pattern(self) -> Pattern:
        return Pattern(self.week, self.dates, self.but, self.periods)

    @property
    def levels_words(self) -> str:
        return ", ".join(levels_in_order(self.levels))

    @property
    def practices_words(self) -> str:
        return ", ".join(words for practice, words in PRACTICES.items() if practice.value in self.practices)

    @property
    def periods_words(self) -> str:
        return ", ".join(map(str, self.periods))

    @property
    def dates_words(self) -> list[str]:
        return [planned_in_words(HalfDay.from_code(code), self.school_year.last_day) for code in self.dates]

    @property
    def but_words(self) -> list[str]:
        return [planned_in_words(HalfDay.from_code(code), self.school_year.last_day) for code in self.but]

    @property
    def week_words(self) -> str:
        return ", ".join(map(half_day_in_words, self.week))


class OfferMove(models.Model):
    """One line of the log of an offer: what was done, by whom, why. `verb` is empty for a move taken back."""

    offer = models.ForeignKey(HostOffer, models.CASCADE, related_name="moves", verbose_name="offre")
    verb = models.CharField("geste", max_length=8, choices=[(verb.value, verb.value) for verb in Verb], blank=True)
    source = models.CharField("de", max_length=9, choices=STATES, blank=True)  # empty: the first proposal
    target = models.CharField("à", max_length=9, choices=STATES)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)
    reason = models.CharField("raison", max_length=rules.REASON_MAX, blank=True)

    class Meta:
        verbose_name = "geste sur une classe proposée"
        verbose_name_plural = "gestes sur les classes proposées"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.done

    @property
    def done(self) -> str:
        if not self.source:
            return "Proposée"
        return rules.MOVES[Verb(self.verb)].done if self.verb else rules.UNDONE


class HostingRulesQuerySet(models.QuerySet["HostingRules"]):
    def visible_to(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.VIEW_TEAM))

    def editable_by(self, person: Anyone) -> Self:
        return self.filter(district_id__in=person.reach().district_ids_for(Permission.MANAGE_GROUPS))


def _limit(label: str, default: int, most: int, help_text: str) -> models.PositiveSmallIntegerField:
    bounds = [MinValueValidator(1, "Au moins un."), MaxValueValidator(most, f"Au plus {most}.")]
    return models.PositiveSmallIntegerField(label, default=default, validators=bounds, help_text=help_text)


class HostingRules(models.Model):
    """How many students a district lets into its classes and schools; no row means the defaults of the fields."""

    district = models.OneToOneField(
        District,
        models.CASCADE,
        related_name="hosting_rules",
        verbose_name="circonscription",
        error_messages={"unique": "Les réglages de cette circonscription existent déjà : modifiez-les."},
    )
    seats_most = _limit(
        "étudiants par classe à la fois", rules.SEATS_MOST, rules.SEATS_MAX, "Une classe peut en accueillir moins."
    )
    class_year_most = _limit(
        "étudiants par classe et par an", rules.CLASS_YEAR_MOST, rules.LIMIT_MAX, "Les uns après les autres."
    )
    school_period_most = _limit(
        "étudiants par école et par période",
        rules.SCHOOL_PERIOD_MOST,
        rules.LIMIT_MAX,
        "Une période va de vacances à vacances.",
    )

    visitors_most = _limit(
        "collègues par classe à la fois",
        rules.VISITORS_MOST,
        rules.SEATS_MAX,
        "Pour les observations croisées, quand des étudiants tiennent leur classe.",
    )

    objects = HostingRulesQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = "réglages de l’accueil d’étudiants"
        verbose_name_plural = "réglages de l’accueil d’étudiants"
        ordering = ["district__name"]
        constraints = [
            models.CheckConstraint(condition=Q(seats_most__range=(1, rules.SEATS_MAX)), name="hosting_rules_seats"),
            models.CheckConstraint(
                condition=Q(visitors_most__range=(1, rules.SEATS_MAX)), name="hosting_rules_visitors"
            ),
        ]

    def __str__(self) -> str:
        return f"Étudiants en stage, {self.district}"
